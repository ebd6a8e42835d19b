./longdouble "$1"
