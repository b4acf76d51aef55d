#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Packs what a build installs into a wheel.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

usage() {
    cat <<'TEXT'
usage: scripts/pack_wheel.sh BUILD FOLDER

Packs what the build in the folder BUILD installs into a wheel in FOLDER, for machines like this one. pip puts the programs
themselves into bin/, the recorders and helpers into lib/reprorec/, where the programs look for them, and the package by
which scripts and pytest speak to the recorder beside the others. scripts/build_wheel.sh makes a wheel for other machines.
TEXT
}

[[ ${1-} == -h || ${1-} == --help ]] && usage && exit 0
(($# == 2)) || fail "wants a build and a folder; see $0 --help"
cache=$1/CMakeCache.txt
[[ -f $cache ]] || fail "$1: no build; run: cmake --workflow --preset dev"

cached() { # NAME: of the build
    sed -n "s/^$1:[A-Z]*=//p" "$cache"
}

# Whose code is in the programs: statically linked, or in headers.
linked=(libhdf5-dev libaec-dev libre2-dev libelf-dev libdw-dev liblzma-dev libbz2-dev libfmt-dev libcli11-dev
    nlohmann-json3-dev libxxhash-dev)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
name=reprorec-$(cached CMAKE_PROJECT_VERSION)
data=$work/$name/$name.data
info=$work/$name/$name.dist-info
cmake --install "$1" --prefix "$data/data" >/dev/null
mv "$data/data/bin" "$data/scripts"
strip "$data"/scripts/* "$data"/data/lib/reprorec/*
# A build's programs name its LibTorch as a place to look; elsewhere the recording names it.
for program in "$data"/data/lib/reprorec/repro-exec-*; do
    [[ ! -f $program ]] || echo "file(RPATH_REMOVE FILE \"$program\")"
done >"$work/remove.cmake"
cmake -P "$work/remove.cmake" >/dev/null

mkdir -p "$work/$name/reprorec"
cp include/python/reprorec/*.py "$work/$name/reprorec"

mkdir -p "$info/licenses" "$2"
printf '%s\n' '[pytest11]' 'reprorec = reprorec.pytest_plugin' >"$info/entry_points.txt"
cp LICENSE "$info/licenses"
for package in "${linked[@]}"; do
    [[ ! -f /usr/share/doc/$package/copyright ]] || cp "/usr/share/doc/$package/copyright" "$info/licenses/$package"
done
cat >"$info/METADATA" <<TEXT
Metadata-Version: 2.1
Name: reprorec
Version: $(cached CMAKE_PROJECT_VERSION)
Summary: $(cached CMAKE_PROJECT_DESCRIPTION)
License: BSD-3-Clause
Requires-Python: >=3.9
TEXT
if [[ -f $data/scripts/reproview ]]; then
    printf '%s\n' 'Provides-Extra: viewer' 'Requires-Dist: PyQt6-Qt6 >=6.4.2; extra == "viewer"' >>"$info/METADATA"
fi
cat >"$info/WHEEL" <<'TEXT'
Wheel-Version: 1.0
Generator: pack_wheel.sh
Root-Is-Purelib: false
Tag: py3-none-linux_x86_64
TEXT
/usr/bin/python3 -m wheel pack "$work/$name" -d "$2" >/dev/null
say "$2/$name-py3-none-linux_x86_64.whl"
