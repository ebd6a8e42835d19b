for _ in $(seq "$1"); do
  gcc -O2 -c -o "/tmp/$2.o" core.c && md5sum <"/tmp/$2.o"
done | uniq
