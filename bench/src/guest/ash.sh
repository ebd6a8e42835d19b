i=0
sum=0
while [ $i -lt "$1" ]; do
  i=$((i + 1))
  case $i in
    *7) sum=$((sum + i)) ;;
  esac
done
echo $sum
