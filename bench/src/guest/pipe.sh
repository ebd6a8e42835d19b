./kernel pipe "$1"
