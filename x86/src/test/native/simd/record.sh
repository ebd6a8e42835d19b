#!/bin/sh
# Records simd.vectors on this processor, which must have every instruction: SSE4.2, AES, PCLMULQDQ, SHA, BMI2.
#     record.sh                          the vectors in the repository
#     record.sh 2097152 65536 FILE       a long run: mvn verify -pl x86 -Dtest=SimdVectorsTest -Dlodge.simd.vectors=FILE
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
nasm -f elf64 -o "$build/instructions.o" "$here/instructions.asm"
gcc -O2 -Wall -Wextra -o "$build/record" "$here/record.c" "$build/instructions.o"
file=${3:-$here/../../resources/org/lodgevm/x86/simd/simd.vectors}
"$build/record" "${1:-4096}" "${2:-256}" > "$build/vectors"
mkdir -p "$(dirname "$file")"
mv "$build/vectors" "$file"
