#!/bin/sh
# Builds Espruino for Linux with Pawpost's native modules; prints the binary's path. None of Espruino's code is kept in this project:
# ESPRUINO_SOURCE names any clone of it (a URL will do).
set -eu

commit=c5ff787b199148c31ef2776fb6f70673cba01a25
here=$(cd "$(dirname "$0")" && pwd)
source=${ESPRUINO_SOURCE:-https://github.com/espruino/Espruino}
build=${ESPRUINO_BUILD:-$here/../../out/espruino}

if [ ! -d "$build/.git" ]; then
  mkdir -p "$build"
  # Only the parts that the Linux target needs: the whole is ten times as large.
  git clone --quiet --no-checkout "$source" "$build"
  git -C "$build" sparse-checkout set --no-cone '/*' '!/targetlibs/' '!/targets/' '/targets/linux/'
  git -C "$build" checkout --quiet "$commit"
fi
rm -rf "$build/libs/pawpost"
mkdir "$build/libs/pawpost"
cp "$here"/*.c "$here"/*.h "$build/libs/pawpost/"
cp "$here/PAWPOST_LINUX.py" "$build/boards/"

# Espruino for Linux copies a program from flash to variables; a chip runs it from mapped flash, and so must what measures for a chip.
sed -i '/^JsVar\* jsvAddressToVar/,/^}/s/#ifdef LINUX$/#ifdef PAWPOST_COPIES_FLASH/' "$build/src/jsflash.c"
grep -q PAWPOST_COPIES_FLASH "$build/src/jsflash.c"

make -C "$build" BOARD=PAWPOST_LINUX RELEASE=1 -j2 >"$build/build.log" 2>&1 || {
  tail -n 30 "$build/build.log" >&2
  exit 1
}
echo "$build/bin/espruino"
