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
asan), then builds the preset `dev` and passes all its tests, the end-to-end ones against each LibTorch. Says how long
each part took. scripts/lint.sh, scripts/fuzz.sh and the preset `tsan` are run by hand.
TEXT
}

steps=""
last=$SECONDS

step() { # NAME: has ended
    steps+=" $1 $((SECONDS - last)) s,"
    last=$SECONDS
}

read_torch "$@"
scripts/setup.sh --torch="$torch"
step "set-up"
configure asan
build asan
/usr/bin/ctest --preset asan -L unit -j "$(nproc)"
step "unit tests with asan"
configure dev -DREPROREC_TORCH="$torch"
build dev
step "build"
/usr/bin/ctest --preset dev -j $(($(nproc) + 1))
step "all tests"
say "passed in $(took):$steps"
