for part in 1 2 3 4; do
  gzip -c <text
done | md5sum
