# Soaks of machines that are frozen, moved and protected, for .ci/soak, which sources this.

# ---- two sides ------------------------------------------------------------------------------------------------------

# What a command begins with, that side 0 or 1 runs in its network namespace, and where machines come to that side.
enter=('' '')
address=()

# at SIDE COMMAND...: lodge with the machines of side 0 or 1.
at() { XDG_DATA_HOME="$scratch/side$1" ${enter[$1]} "$lodge" "${@:2}"; }

# serve SIDE: machines can come there.
serve() {
  XDG_DATA_HOME="$scratch/side$1" ${enter[$1]} "$lodge" serve-migration --listen "${address[$1]}" 2>>"$scratch/served" &
  echo $! >"$scratch/server$1"
  disown # nobody is told when it is killed
}

# link COMMAND...: disturbs the link between the sides as link.py tells, if there is one.
link() { [ -z "${enter[0]}" ] || echo "$*" >&8; }

# two_sides: machines can go from one to the other, each in a network namespace where this process may make some. The guest reaches this host, by a switch that
# both sides are plugged into, at port $stream, which sends and wants everything back.
two_sides() {
  local left=100 first second port=$((20000 + RANDOM % 10000))
  lodge=$(realpath "${LODGE:-./lodge}")
  mkdir -p "$scratch"/side{0,1}/lodge/migrations
  mkfifo "$scratch/link"
  python3 .ci/link.py <"$scratch/link" >"$scratch/namespaces" 2>"$scratch/link.log" &
  linked=$!
  exec 8>"$scratch/link"
  python3 .ci/stream.py >"$scratch/stream" &
  streamed=$!
  "$lodge" switch "$scratch/net" --user 2>"$scratch/switch" &
  switched=$!
  trap ends_two_sides EXIT
  until { [ -s "$scratch/namespaces" ] || ! kill -0 "$linked" 2>/dev/null; } && [ -s "$scratch/stream" ] && grep -q 'a switch is at' "$scratch/switch"; do
    sleep 0.1
    [ $((left--)) -gt 0 ] || { echo "no switch, or no link: $(cat "$scratch/switch" "$scratch/link.log")"; return 1; }
  done
  read -r stream <"$scratch/stream"
  if read -r first second <"$scratch/namespaces"; then
    enter=("nsenter --net=/proc/$first/ns/net" "nsenter --net=/proc/$second/ns/net")
    address=(tcp://10.77.0.1:7777 tcp://10.77.0.2:7777)
  else
    echo "no network namespaces, so nothing disturbs the link: $(tail -n 1 "$scratch/link.log")"
    address=("tcp://localhost:$port" "tcp://localhost:$((port + 1))")
  fi
  serve 0
  serve 1
}

ends_two_sides() {
  { at 0 stop --force soak; at 1 stop --force soak; } 2>/dev/null
  kill "$(cat "$scratch/server0")" "$(cat "$scratch/server1")" "$streamed" "$switched" "$linked" 2>/dev/null
  wait "$linked" 2>/dev/null
  tail -n 1 "$scratch/link.log"
  rm -rf "$scratch"
}

# running SIDE: whether the guest runs there.
running() { at "$1" ls 2>/dev/null | grep -q '^soak .* running '; }

# process SIDE: the number of the process that has the machine there, or nothing.
process() { sed -n 's/.*"pid" : \([0-9]*\).*/\1/p' "$scratch/side$1/lodge/machines/soak/running.json" 2>/dev/null; }

log_of() { echo "$scratch/side$1/lodge/machines/soak/console.log"; }

# choose NAME WORD...: one of the words becomes that variable's value. (In a command's substitution, random numbers would begin anew.)
choose() {
  local -n chosen=$1
  shift $((RANDOM % ($# - 1) + 1))
  chosen=$1
}

# some SECONDS: waits for less than that.
some() { sleep "$((RANDOM % $1)).$((RANDOM % 10))$((RANDOM % 10))"; }

# ---- what guests do -------------------------------------------------------------------------------------------------

# Says the time ten times a second; some times a second, copies memory and a disk and compares; what differs is lost.
# shellcheck disable=SC2016 # the guest's shell expands it
load='
  exec >/dev/ttyS0 2>&1
  echo 4 >/proc/sys/vm/drop_caches # the kernel tells no more of it
  n=0; while :; do n=$((n + 1)); read -r up idle </proc/uptime; echo "tick $n $up $(date +%s)"; usleep 100000; done &
  while :; do
    head -c 2000000 /dev/urandom >/tmp/a; cp /tmp/a /tmp/b; cmp /tmp/a /tmp/b || echo LOST memory
    dd if=/tmp/a of=/dev/vda bs=65536 conv=fsync 2>/dev/null; echo 3 >/proc/sys/vm/drop_caches
    head -c 2000000 /dev/vda | cmp - /tmp/a || echo LOST disk
    usleep 100000
  done &'

# A connection to this host, and one inside of the guest, for those that go back in time.
outward='{ until ping -c 1 -W 1 10.0.2.2; do sleep 0.2; done; } >/dev/null 2>&1; { nc 10.0.2.2 PORT -e cat; echo LOST stream; } &'
# shellcheck disable=SC2016 # the guest's shell expands it
inward='
  nc -l -p 7 -e cat & sleep 1
  { n=0; while :; do n=$((n + 1)); echo $n; usleep 5000; done | nc 127.0.0.1 7 |
      { last=0; while read -r n; do [ $n = $((last + 1)) ] || echo "LOST stream: $n after $last"; last=$n; done; }
    echo LOST stream; } &'

# whole: what the guest wrote to $scratch/console counts on without a gap, in times that do not go back, and tells of nothing lost. Its last line may be cut short.
whole() {
  local wrong=0
  grep -E -A 3 "LOST|$trouble" "$scratch/console" && wrong=1 # with what the kernel says of it
  sed -e '$d' "$scratch/console" | sed -n 's/^tick //p' | awk '
    NR > 1 && ($1 != last + 1 || $2 + 0 < up || $3 + 0 < date) { print "after tick", last, up, date, "came", $0; wrong = 1 }
    { last = $1; up = $2 + 0; date = $3 + 0 } # the kernel may write into a line
    END { print "  " NR, "ticks"; exit wrong }' || wrong=1
  return "$wrong"
}

# flows: bytes come back by the connection to this host.
flows() {
  local left=600 before
  before=$(grep -c bytes "$scratch/stream")
  until [ "$(grep -c bytes "$scratch/stream")" -gt "$before" ]; do
    sleep 0.1
    [ $((left--)) -gt 0 ] || { echo "nothing comes back from the guest: $(tail -n 1 "$scratch/stream")"; return 1; }
  done
  ! grep LOST "$scratch/stream"
}

# ---- snapshots ------------------------------------------------------------------------------------------------------

# said SIZE: the ticks in what the guest wrote after the first SIZE bytes, as far as lines are whole.
said() { tail -c "+$(($1 + 1))" "$(log_of 0)" | tr -d '\r' | sed -e 1d -e '$d'; }

ticks() { sed -n 's/^tick \([0-9]*\).*/\1/p'; }

# Each snapshot is of the guest that went on from the one before.
snapshots() {
  local count=${1:-200} i=0 seen=0 before after first begun pauses=$scratch/pauses
  shift
  lodge=$(realpath "${LODGE:-./lodge}")
  trap 'at 0 stop --force soak; rm -rf "$scratch"' EXIT
  ./lodge image create -q -f qcow2 "$scratch/disk.qcow2" 8M &&
    at 0 create soak -m 256M --disk "$scratch/disk.qcow2,format=qcow2" "$@" && at 0 start soak && at 0 exec soak -- sh -c "$load$inward" || return 1
  sleep 3
  while [ $((i++)) -lt "$count" ]; do
    some 2
    before=$(said "$seen" | ticks | tail -n 1)
    at 0 snapshot create soak "s$i" >"$scratch/log" 2>&1 || { cat "$scratch/log"; return 1; }
    sleep 0.2 # what was said before is in the log then
    after=$(said "$seen" | ticks | tail -n 1)
    some 2
    at 0 pause soak || return 1
    said "$seen" >"$scratch/console"
    whole >"$scratch/log" || { cat "$scratch/log"; echo "snapshot $i: wrong before it was restored"; return 1; }
    seen=$(stat -c %s "$(log_of 0)")
    begun=${EPOCHREALTIME/[.,]/}
    at 0 snapshot restore soak "s$i" >"$scratch/log" 2>&1 || { cat "$scratch/log"; return 1; }
    first=
    until [ -n "$first" ] || [ $((${EPOCHREALTIME/[.,]/} - begun)) -gt 60000000 ]; do
      sleep 0.1
      first=$(said "$seen" | ticks | head -n 1)
    done
    echo "$(((${EPOCHREALTIME/[.,]/} - begun) / 1000))" >>"$pauses"
    [ "${first:-0}" -ge "$before" ] && [ "$first" -le $((after + 3)) ] ||
      { echo "snapshot $i: made between ticks $before and $after, went on with '$first'"; return 1; }
    [ "$i" -eq 1 ] || at 0 snapshot delete soak "s$((i - 1))" || return 1
    echo "snapshot $i of $count: made between ticks $before and $after, went on with $first"
  done
  sleep 3
  said "$seen" >"$scratch/console"
  whole || return 1
  echo "$count snapshots made and restored; ms until the guest spoke: $(sort -n "$pauses" | awk '{ d[NR] = $1 } END { print "median", d[int((NR + 1) / 2)], "most", d[NR] }')"
}

# ---- moves ----------------------------------------------------------------------------------------------------------

# Further options of "lodge migrate".
how=()

migrate() { moves 0 '' "${1:-200}" "${@:2}"; }

faults() { moves 3 'kill_soon cut_soon' "${1:-200}" "${@:2}"; }

storage() {
  how=(--copy-storage)
  moves 1 'kill_soon cut_soon' "${1:-100}" "${@:2}"
}

# Slow enough for the guest to write faster than that.
postcopy() {
  how=(--postcopy --rate 10 --downtime 1)
  moves 2 cut_late "${1:-100}" "${@:2}"
}

# arrives SIDE: some moment after a process is there for the machine, within one and a half times what the last whole move took: with just
# that time, moves that happen to be quick would leave ever less of it, and nothing would happen after the handover.
arrives() {
  local left=200
  while { [ -z "$(process "$1")" ] || ! kill -0 "$(process "$1")" 2>/dev/null; } && [ $((left--)) -gt 0 ]; do sleep 0.1; done
  left=$((RANDOM * usual * 3 / 2 / 32768000))
  sleep "$((left / 1000)).$((left % 1000 / 100))"
}

# kill_soon TO VICTIM: kills the process of that side while the machine goes to side TO.
kill_soon() {
  local victim
  arrives "$1"
  victim=$(process "$2")
  [ -z "$victim" ] || kill -9 "$victim" 2>/dev/null
}

# cut_off TO: ends all connections to that side, which then can be reached again.
cut_off() {
  kill -9 "$(cat "$scratch/server$1")"
  serve "$1"
}

# cut_soon TO: while the machine goes there.
cut_soon() {
  arrives "$1"
  cut_off "$1"
}

# cut_late TO: soon after that side has the machine, or some time before.
cut_late() {
  local left=600 decided
  decided=$(ls "$scratch/side$1/lodge/migrations")
  if [ $((RANDOM % 4)) -eq 0 ]; then
    some 12
  else
    while [ "$(ls "$scratch/side$1/lodge/migrations")" = "$decided" ] && [ $((left--)) -gt 0 ]; do sleep 0.1; done
    some 2
  fi
  cut_off "$1"
}

# silent_soon TO: nothing passes the link for some seconds while the machine goes there, and then what was lost is sent again.
silent_soon() {
  arrives "$1"
  link cut "$((RANDOM % 4)).$((RANDOM % 10))"
}

# begin SIDE: a guest's life begins, with its load.
begin() {
  at "$1" start soak && at "$1" exec soak -- sh -c "$load${outward/PORT/$stream}" || return 1
  seen=$(stat -c %s "$(log_of "$1")")
  : >"$scratch/console"
}

# follow SIDE: what the guest, which is there no more, wrote while it was goes to its life's console; seen is where it begins in the log there.
follow() {
  tail -c "+$((seen + 1))" "$(log_of "$1")" | tr -d '\r' >>"$scratch/console"
  seen=$(stat -c %s "$(log_of "$1")")
}

# settled FROM TO TAKEN: whether the machine is where it has to be, and there only.
settled() {
  local left=20
  if [ -n "$3" ]; then
    while running "$1" && [ $((left--)) -gt 0 ]; do sleep 0.5; done
    ! running "$1"
  else
    while [ -n "$(process "$2")" ] && kill -0 "$(process "$2")" 2>/dev/null && [ $((left--)) -gt 0 ]; do sleep 0.5; done
    ! running "$2"
  fi
}

# moves FAULTS KINDS COUNT OPTION...: of three moves, so many meet with a fault of these kinds, but for the first, which shows what time one takes. Of the
# others, every other one meets with silence on the link.
moves() {
  local faults=$1 kinds=$2 count=$3 i side=0 to moved=0 followed=0 stayed=0 died=0 lost=0 before after begun usual=5000000
  local delay losses rate fault killed taken disturber downtime downtimes
  shift 3
  two_sides || return 1
  truncate -s 8M "$scratch/disk.raw"
  : >"$scratch/downtimes"
  at 0 create soak -m 256M --disk "$scratch/disk.raw,format=raw" --net "switch:$scratch/net" "$@" && begin 0 && flows || return 1
  for ((i = 1; i <= count; i++)); do
    to=$((1 - side))
    before=$(ls "$scratch/side$to/lodge/migrations")
    after=$(stat -c %s "$(log_of "$to")" 2>/dev/null || echo 0)
    choose delay 0 1 5
    choose losses 0 0.1 0.2
    choose rate 100 300 1000
    link is "$delay" "$losses" "$rate"
    killed=
    if [ $((i % 3)) -lt "$faults" ] && [ "$moved" -gt 0 ]; then
      # shellcheck disable=SC2086 # a word a kind
      choose fault $kinds
      [ "$fault" != kill_soon ] || killed=$((RANDOM % 2)) # the process of this side
    else
      choose fault silent_soon ''
    fi
    [ -z "$fault" ] || { "$fault" "$to" "$killed" & disturber=$!; }
    begun=${EPOCHREALTIME/[.,]/}
    at "$side" migrate soak "${address[$to]}" --json "${how[@]}" >"$scratch/progress" 2>"$scratch/log" </dev/null
    [ -z "$fault" ] || wait "$disturber"
    taken=$(comm -13 <(echo "$before") <(ls "$scratch/side$to/lodge/migrations") | while read -r id; do cat "$scratch/side$to/lodge/migrations/$id"; done)
    [ "$taken" = taken ] || taken=
    settled "$side" "$to" "$taken" || { echo "move $i: the machine is at both places; $fault $killed"; lost=1; break; }
    downtime=
    if [ -n "$taken" ]; then
      usual=$((${EPOCHREALTIME/[.,]/} - begun))
      follow "$side"
      seen=$after
      moved=$((moved + 1))
      side=$to
      grep '"downtimeMillis":[1-9]' "$scratch/progress" | head -n 1 | grep -q '"remainingPages":0' || followed=$((followed + 1))
      downtime=$(tail -n 1 "$scratch/progress" | sed -n 's/.*"downtimeMillis":\([1-9][0-9]*\).*/\1/p' | tee -a "$scratch/downtimes")
    else
      stayed=$((stayed + 1))
    fi
    echo "move $i of $count: ${taken:-stayed}, link $delay ms $losses % $rate Mbit/s, ${fault:-undisturbed}${killed:+ $killed}${downtime:+, $downtime ms}"
    if ! running "$side"; then
      [ "$killed" = "$side" ] || { echo "move $i: the machine is nowhere: $(cat "$scratch/log")"; lost=1; break; }
      died=$((died + 1)) # its own process was killed, so the guest was, too
      follow "$side"
      whole || { lost=1; break; }
      begin "$side" || return 1
    elif [ -z "$taken" ] && [ "$killed" != "$to" ] && [[ $fault != cut_* ]]; then
      echo "move $i: the machine stayed: $(cat "$scratch/log")"
      lost=1
      break
    fi
    flows || { lost=1; break; }
  done
  sleep 3
  at "$side" stop --force soak 2>/dev/null
  follow "$side"
  whole || lost=1
  downtimes=$(sort -n "$scratch/downtimes" | awk '{ d[NR] = $1 } END { print "median", d[int((NR + 1) / 2)], "most", d[NR] }')
  echo "$moved moves, $followed of them before the memory, $stayed without, $died guests killed with their process; downtime in ms: $downtimes"
  echo "the last guest's connection: $(tail -n 1 "$scratch/stream")"
  return "$lost"
}

# ---- protect --------------------------------------------------------------------------------------------------------

# What the guest does: chooses a number, writes it to its disk, and only then says it; copies memory and compares.
# shellcheck disable=SC2016 # the guest's shell expands it
witness='
  exec >/dev/ttyS0 2>&1
  n=0; while :; do
    n=$((n + 1)); r=$(head -c 4 /dev/urandom | od -An -tx4 | tr -d " ")
    echo "$n $r" | dd of=/dev/vda bs=512 seek=$((n % 8192)) conv=sync 2>/dev/null; echo "tick $n $r"; usleep 20000
  done &
  while :; do head -c 2000000 /dev/urandom >/tmp/a; cp /tmp/a /tmp/b; cmp /tmp/a /tmp/b || echo LOST memory; done &'

# survived: what others saw of the source stands at the standby, too; no number is missing or came twice with another one; the disk has what was said.
survived() {
  local source standby wrong=0
  source=$(log_of 0) standby=$(log_of 1)
  python3 - "$source" "$standby" "$scratch/disk.raw" <<'END' || wrong=1
import re, sys
source, standby, disk = (open(name, 'rb').read() for name in sys.argv[1:])
# The standby has the text since the first checkpoint: it repeats the end of what the source said, and goes on.
both = next(n for n in range(min(len(source), len(standby)), -1, -1) if standby.startswith(source[len(source) - n:]))
ticks = [(int(n), r) for n, r in re.findall(rb'(?m)^tick (\d+) (\w{8})\r?$', source[:len(source) - both] + standby)]
numbers = [n for n, _ in ticks]
assert numbers == list(range(numbers[0], numbers[-1] + 1)), 'a number is missing or came twice'
for n, r in ticks[-4000:]:
    assert disk[n % 8192 * 512:].startswith(b'%d %s\n' % (n, r)), 'the disk lacks %d' % n
assert b'LOST' not in standby
print('  %d numbers, %d of them said by the source' % (len(ticks), len(re.findall(rb'(?m)^tick', source))))
END
  return "$wrong"
}

protect() {
  local count=${1:-20} i begun lost=0 gone
  shift
  two_sides || return 1
  for ((i = 1; i <= count; i++)); do
    truncate -s 0 "$scratch/disk.raw" && truncate -s 8M "$scratch/disk.raw"
    at 0 create soak -m 256M --disk "$scratch/disk.raw,format=raw" --net "switch:$scratch/net" "$@" && at 0 start soak &&
      at 0 exec soak -- sh -c "$witness${outward/PORT/$stream}" || return 1
    at 0 protect soak "${address[1]}" --detach 2>"$scratch/log" || { cat "$scratch/log"; return 1; }
    if [ $((i % 4)) -eq 0 ]; then # it can end, and begin anew
      { at 0 protect soak --stop && running 0 && ! running 1; } || { echo "stop: the machine is not where it was"; lost=1; break; }
      rm -f "$(log_of 1)"
      at 0 protect soak "${address[1]}" --detach 2>"$scratch/log" || { cat "$scratch/log"; return 1; }
    fi
    flows || { lost=1; break; }
    some 4
    choose gone process host
    begun=${EPOCHREALTIME/[.,]/}
    [ "$gone" = process ] || link cut 60
    kill -9 "$(process 0)"
    until grep -q taken "$scratch"/side1/lodge/migrations/* 2>/dev/null || [ $((${EPOCHREALTIME/[.,]/} - begun)) -gt 20000000 ]; do sleep 0.01; done
    echo "kill $i of $count: of the $gone; taken over after $(((${EPOCHREALTIME/[.,]/} - begun) / 1000)) ms"
    sleep 5
    running 1 || { echo "the standby does not go on"; lost=1; break; }
    flows || { lost=1; break; }
    link cut 0
    at 1 stop --force soak
    survived || { lost=1; break; }
    at 0 rm soak; at 1 rm soak
    rm -f "$scratch"/side1/lodge/migrations/*
  done
  echo "the last guest's connection: $(tail -n 1 "$scratch/stream")"
  return "$lost"
}
