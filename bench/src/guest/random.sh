./memory random 512 "$1"
