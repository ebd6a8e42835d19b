lua5.4 crypto.lua rsa2048 "$1"
