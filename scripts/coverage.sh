#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# How much of the sources the unit tests run.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

usage() {
    cat <<'TEXT'
usage: scripts/coverage.sh

Builds the preset `coverage`, passes the unit tests and prints, for each room and in all, the share of lines that they
run (gcovr). The page with every line is out/coverage/index.html.
TEXT
}

[[ ${1-} == -h || ${1-} == --help ]] && usage && exit 0
command -v gcovr >/dev/null || fail "needs gcovr; run: scripts/setup.sh --developer"
configure coverage
build coverage
REPROREC_PROPERTY_COUNT=500 /usr/bin/ctest --preset coverage -L unit -j "$(nproc)"
mkdir -p out/coverage
for room in trace recorder replay symbols cli gui; do
    say "$room: $(gcovr -r . build/coverage --filter "$room/" --print-summary -o /dev/null | grep '^lines')"
done
gcovr -r . build/coverage --filter '(trace|recorder|replay|symbols|cli|gui)/' --html-details out/coverage/index.html --print-summary
