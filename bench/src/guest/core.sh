./core "$1"
