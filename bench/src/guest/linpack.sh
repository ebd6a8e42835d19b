./linpack "$1"
