./memory walk 64 "$1"
