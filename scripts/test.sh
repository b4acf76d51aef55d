#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Sets up, builds and passes the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

usage() {
    cat <<'TEXT'
usage: scripts/test.sh [--torch=auto|debian|wheel|both|DIR]

Installs what is missing, passes the unit tests under the address and undefined-behaviour sanitizers
(preset asan), then builds the preset `dev` and passes all its tests, the end-to-end ones against each
LibTorch.
TEXT
}

read_torch "$@"
scripts/setup.sh --torch="$torch"
configure asan
build asan
/usr/bin/ctest --preset asan -L unit -j "$(nproc)"
configure dev -DREPROREC_TORCH="$torch"
build dev
say "built in $(took); now the tests"
/usr/bin/ctest --preset dev -j "$(nproc)"
