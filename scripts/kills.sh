#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Kills recorders and programs at random moments, and counts what is lost of what was committed: nothing may be.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

usage() {
    cat <<'TEXT'
usage: scripts/kills.sh [KILLS]

Kills the recorder, the program, and both, KILLS times each (default: 200), in the build of the preset `dev`. The tests do
the same with two kills each.
TEXT
}

[[ ${1-} == -h || ${1-} == --help ]] && usage && exit 0
build=$PWD/build/dev
for folder in "$build"/torch-*; do
    version=${folder##*-}
    for which in collector host both; do
        say "LibTorch $version, $which"
        REPROREC_KILLS=${1-200} /usr/bin/python3 tests/end_to_end/run.py --build "$build" --torch "$version" \
            "recovery.${which}_killed"
    done
done
