# What the measurements of devices share: a guest whose script stands in the RAM disk, in Lodge and in QEMU TCG, and the time between the marks that it
# writes ("BENCH start NAME", "BENCH end NAME"), by the host's clock. To be sourced by scripts in this folder.

cd "$(dirname "${BASH_SOURCE[0]}")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# need TOOL...
need() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || { echo "${0##*/} needs $tool" >&2; exit 69; }
  done
}

# image NAME: the folder with what an image consists of.
image() {
  ./lodge images --json | NAME=$1 python3 -c '
import json, os, sys
print(next(i["folder"] for i in json.load(sys.stdin) if i["name"] == os.environ["NAME"]))' 2>/dev/null ||
    { echo "${0##*/} needs an image: ./lodge pull $1" >&2; exit 69; }
}

# program NAME...: puts programs of the host and what they load into the RAM disk.
program() {
  local name library
  mkdir -p "$scratch/tree/usr/bin"
  for name in "$@"; do
    cp -L "$(command -v "$name")" "$scratch/tree/usr/bin/"
    ldd "$(command -v "$name")" | grep -o '/[^ ]*' | while read -r library; do
      mkdir -p "$scratch/tree$(dirname "$library")"
      cp -L "$library" "$scratch/tree$library"
    done
  done
}

# ram_disk FILE SCRIPT: $scratch/initrd is that RAM disk of Lodge's, the tree beside it. The script stands where Lodge's would go on to a root file system.
ram_disk() {
  mkdir -p "$scratch/tree/lodge"
  cp "$2" "$scratch/tree/lodge/switch"
  chmod +x "$scratch/tree/lodge/switch"
  (cat "$1" && cd "$scratch/tree" && find . -mindepth 1 | cpio --quiet -o -H newc) >"$scratch/initrd"
}

append='root=/dev/vda console=ttyS0 quiet mitigations=off'

# lodge KERNEL OPTION... and qemu KERNEL OPTION...: guests with two CPUs, whose console is standard output.
lodge() {
  ./lodge run --kernel "$1" --initrd "$scratch/initrd" --append "$append" --cpus 2 -m 1G "${@:2}" </dev/null
}

qemu() {
  qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -m 1G -nodefaults -nographic -no-reboot -serial stdio \
    -kernel "$1" -initrd "$scratch/initrd" -append "$append" "${@:2}" </dev/null
}

# A row begins; for those that need something done on the host. It must not wait.
begins() { :; }

# rows ENGINE GROUP: a line for each row of a guest's console: engine, group, microseconds, name. What else it says goes to standard error.
rows() {
  local line now begun=0
  while IFS= read -r line; do
    now=${EPOCHREALTIME/[.,]/}
    line=${line%$'\r'}
    case $line in
      *'BENCH start '*)
        begun=$now
        begins "${line#*BENCH start }"
        ;;
      'BENCH end '*) printf '%s\t%s\t%s\t%s\n' "$1" "$2" $((now - begun)) "${line#BENCH end }" ;;
      *SeaBIOS* | *ROM... | *'Power down') ;;
      *) echo "$1: $line" >&2 ;;
    esac
  done
}

# table GROUPS ROWS: medians in seconds of such lines from standard input, under these titles.
table() {
  python3 -c '
import collections, math, statistics, sys
samples = collections.defaultdict(list)
for line in sys.stdin:
    engine, group, micros, name = line.rstrip("\n").split("\t")
    samples[group, name, engine].append(int(micros) / 1e6)
print(f"| {sys.argv[1]} | {sys.argv[2]} | QEMU TCG, s | Lodge, s | Lodge / QEMU |\n|---|---|--:|--:|--:|")
ratios = []
for group, name in dict.fromkeys(key[:2] for key in samples):
    qemu, lodge = (statistics.median(samples[group, name, engine] or [math.nan]) for engine in ("qemu", "lodge"))
    ratios.append(lodge / qemu)
    print(f"| {group} | {name} | {qemu:.2f} | {lodge:.2f} | {lodge / qemu:.2f} |")
print(f"| | geometric mean | | | {math.exp(statistics.fmean(map(math.log, ratios))):.2f} |")' "$1" "$2"
}
