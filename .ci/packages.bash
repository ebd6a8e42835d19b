# Debian packages, for scripts that need a guest's programs or kernel. To be sourced; their place is the cache folder.

# The folder that has those that were unpacked, by their names.
packages=${XDG_CACHE_HOME:-$HOME/.cache}/lodge/nested-kvm

# unpack PACKAGE: downloads it, once, into a folder of its name.
unpack() {
  local package=$1 download
  [ -d "$packages/$package" ] && return
  mkdir -p "$packages"
  download=$(mktemp -d -p "$packages")
  if (cd "$download" && apt-get download -o APT::Sandbox::User=root -qq "$package" && dpkg-deb -x ./*.deb root); then
    mv "$download/root" "$packages/$package"
  fi
  rm -rf "$download"
  [ -d "$packages/$package" ] || { echo "$package cannot be downloaded" >&2; exit 66; }
}

# The package of the generic kernel; nothing if apt knows none.
generic_kernel() {
  apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9].*-amd64\).*/\1/p' | head -n 1
}

# copy_modules KERNEL FOLDER MODULE...: puts modules of a package there, not compressed.
copy_modules() {
  local kernel=$1 folder=$2 module file
  for module in "${@:3}"; do
    file=$(find "$packages/$kernel" -name "$module.ko*" | head -n 1)
    case $file in
      *.xz) xz -dc "$file" >"$folder/$module.ko" ;;
      *) cp "$file" "$folder/$module.ko" ;;
    esac
  done
}
