#!/bin/sh
# What a guest does in a benchmark, and the host itself for comparison. The host types what to run next: NAME WORK COPIES, or an
# empty line to end; COPIES of NAME.sh run at once, each told WORK and its number. The lines that start with BENCH are for
# the host, which looks at its own clock when it reads one.
cd "$(dirname "$0")" || exit
output=$(mktemp -d)

echo "BENCH ready"
while read -r name work copies && [ -n "$name" ]; do
  rm -f "$output"/*
  echo "BENCH start $name"
  copy=0
  while [ "$copy" -lt "$copies" ]; do
    {
      sh "./$name.sh" "$work" "$copy" 2>"$output/errors-$copy" || echo "failed: status $?"
      sed 's/^/failed: /' "$output/errors-$copy" # in the middle of a pipe nothing else would show it
      rm "$output/errors-$copy"
    } >"$output/$copy" &
    copy=$((copy + 1))
  done
  wait
  echo "BENCH end $name"
  echo "BENCH result $name $(sort -u "$output"/* | tr '\n' ' ')"
done
rm -rf "$output"
echo "BENCH done"
