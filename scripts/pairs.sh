#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The end-to-end cases in which chance plays, with more pairs of runs than the gate has time for.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

usage() {
    cat <<'TEXT'
usage: scripts/pairs.sh [PAIRS]

Records PAIRS (10) pairs of runs of every sample, example, seeded program and interrupted program with
build/dev, against each LibTorch that it is built for, and fails where one verdict is wrong.
TEXT
}

[[ ${1-} == -h || ${1-} == --help ]] && usage && exit 0
[[ ${1-10} =~ ^[1-9][0-9]*$ ]] || fail "${1-}: not a number of pairs; see $0 --help"
REPROREC_PAIRS=${1-10} /usr/bin/ctest --test-dir build/dev -j "$(nproc)" --timeout 3600 --output-on-failure \
    -R '^e2e\.[0-9.]+\.(samples|examples|clean|ranks|kinds|cut_off)\.'
