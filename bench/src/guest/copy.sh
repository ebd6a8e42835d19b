./memory copy 64 "$1"
