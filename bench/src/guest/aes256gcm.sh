lua5.4 crypto.lua aes-256-gcm "$1"
