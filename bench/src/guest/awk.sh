for _ in $(seq "$1"); do
  cat text
done | busybox awk '
  { for (i = 1; i <= NF; i++) count[$i]++ }
  END { for (word in count) sum += count[word] * length(word); print NR, sum }'
