#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Sets up, builds and passes the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

usage() {
    cat <<'TEXT'
usage: scripts/test.sh [--torch=auto|debian|wheel|both|DIR]

Installs what is missing, then:
  - passes the unit tests under the address and undefined-behavior sanitizers (preset `asan`)
  - builds the sources together as scripts/demo.sh does, but not optimized (preset `unity`)
  - fuzzes the readers for 30 seconds (scripts/fuzz.sh 15)
  - builds the preset `dev` and checks the sources (scripts/lint.sh)
  - passes all tests of `dev`, the end-to-end ones against each LibTorch
Says how long each part took. The preset `tsan` (the thread sanitizer) is run by hand; see CONTRIBUTING.md.
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
configure unity
build unity
step "unity build"
scripts/fuzz.sh 15
step "fuzzing"
configure dev -DREPROREC_TORCH="$torch"
build dev
step "build"
scripts/lint.sh
step "lint"
/usr/bin/ctest --preset dev -j "$(nproc)"
step "all tests"
say "passed in $(took):$steps"
