#!/bin/sh
# Does on the host itself what a guest does, in a file tree like the guest's: native.sh BUSYBOX CPUS TREE ARCHIVE...
# Mounts are private to this process and its children; only they see them, and they end with it.
set -e
busybox=$1
cpus=$2
tree=$3
shift 3

if [ ! -e "$tree/init" ]; then
  "$busybox" mkdir "$tree"
  for archive; do
    (cd "$tree" && "$busybox" cpio -idu <"$archive" 2>/dev/null) || : # it may not make device nodes, and need not
  done
fi
exec "$busybox" unshare -r -m "$busybox" sh -ec '
  busybox=$1
  cd "$3"
  "$busybox" mount --rbind /dev dev
  "$busybox" mount --rbind /proc proc
  "$busybox" mount -t tmpfs tmp tmp
  exec "$busybox" taskset -c "0-$(($2 - 1))" "$busybox" chroot . /bin/busybox env -i \
    PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root /bin/sh -c "/bin/busybox --install -s; exec sh /bench/main.sh"
' sh "$busybox" "$cpus" "$tree"
