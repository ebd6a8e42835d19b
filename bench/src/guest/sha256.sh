lua5.4 crypto.lua sha256 "$1"
