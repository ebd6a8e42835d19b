./kernel file "$1"
