#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Sets up, builds and passes the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

usage() {
    cat <<'TEXT'
usage: scripts/test.sh [--torch=auto|debian|wheel|both|DIR]

Installs what is missing, passes the unit tests under the address and undefined-behavior sanitizers (preset
asan) and the thread sanitizer (tsan), then builds the preset `dev` and passes all its tests, the end-to-end ones against each
LibTorch; then checks the sources (scripts/lint.sh) and feeds damaged input to the readers (scripts/fuzz.sh).
TEXT
}

steps=""
last=$SECONDS

step() { # NAME: has ended
    steps+=" $1 $((SECONDS - last)) s,"
    last=$SECONDS
}

read_torch "$@"
scripts/setup.sh --torch="$torch" --developer
step "set-up"
configure asan
build asan
/usr/bin/ctest --preset asan -L unit -j "$(nproc)"
step "unit tests with asan"
configure tsan
build tsan
/usr/bin/ctest --preset tsan -L unit -j "$(nproc)"
step "unit tests with tsan"
configure dev -DREPROREC_TORCH="$torch"
build dev
step "build"
/usr/bin/ctest --preset dev -j "$(nproc)"
step "all tests"
scripts/lint.sh
step "format and clang-tidy"
scripts/fuzz.sh 30
step "fuzzing"
say "passed in $(took):$steps"
