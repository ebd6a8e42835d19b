./dhry "$1"
