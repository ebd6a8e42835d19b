lua5.4 crypto.lua sha512 "$1"
