lua5.4 lua.lua "$1"
