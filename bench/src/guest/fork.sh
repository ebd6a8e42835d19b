./kernel fork "$1"
