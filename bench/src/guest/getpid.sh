./kernel getpid "$1"
