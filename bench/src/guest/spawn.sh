i=0
while [ $i -lt 500 ]; do
  i=$((i + 1))
  ./core 0 >/dev/null
done
echo $i
