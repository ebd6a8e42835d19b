./nbody "$1"
