./kernel fault "$1"
