for _ in $(seq "$1"); do
  busybox gzip -c <text
done | md5sum
