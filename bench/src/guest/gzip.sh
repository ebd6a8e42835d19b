for part in 1 2 3 4 5 6; do
  gzip -c <text
done | md5sum
