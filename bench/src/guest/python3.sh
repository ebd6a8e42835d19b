python3 python3.py "$1"
