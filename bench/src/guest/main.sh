#!/bin/sh
# What a guest does in a benchmark, and the host itself for comparison: main.sh COPIES NAME...
# Runs COPIES of each NAME.sh at once. The lines that start with BENCH are for the host, which looks at its own clock
# when it reads one; where the guest waits for a line, the host is looking at the guest's memory.
cd "$(dirname "$0")" || exit
copies=$1
shift
output=$(mktemp -d)

echo "BENCH ready"
read -r _
for name; do
  rm -f "$output"/*
  echo "BENCH start $name"
  copy=0
  while [ "$copy" -lt "$copies" ]; do
    copy=$((copy + 1))
    { sh "./$name.sh" || echo "failed: status $?"; } >"$output/$copy" 2>&1 &
  done
  wait
  echo "BENCH end $name"
  echo "BENCH result $name $(sort -u "$output"/* | tr '\n' ' ')"
done
rm -rf "$output"
echo "BENCH done"
read -r _
