./kernel switch "$1" "$2"
