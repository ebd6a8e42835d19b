lua5.4 crypto.lua aes-256-cbc "$1"
