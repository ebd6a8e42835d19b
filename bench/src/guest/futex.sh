./kernel futex "$1"
