#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Feeds damaged traces to the reader and damaged records to the collector.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

usage() {
    cat <<'TEXT'
usage: scripts/fuzz.sh [SECONDS]

Builds the preset `fuzz` with clang 16 (packages clang-16 and libclang-rt-16-dev) and runs each libFuzzer target
SECONDS (600) long from the corpus in tests/fuzz/corpus. What is new and useful is added to out/fuzz; an input that
crashes stays there, too, and ends the script with status 1.
TEXT
}

[[ ${1-} == -h || ${1-} == --help ]] && usage && exit 0
[[ ${1-600} =~ ^[1-9][0-9]*$ ]] || fail "${1-}: not a number of seconds; see $0 --help"
command -v clang++-16 >/dev/null || fail "needs clang 16; run: scripts/setup.sh --developer"
configure fuzz >/dev/null
build fuzz --target reader_fuzz decoder_fuzz
for target in reader decoder; do
    mkdir -p "out/fuzz/$target"
    # Of a file that makes no sense HDF5 itself may ask for much memory, and leaks what it had begun.
    ASAN_OPTIONS=detect_leaks=0 build/fuzz/bin/${target}_fuzz -max_total_time="${1-600}" -max_len=65536 -rss_limit_mb=4096 \
        -artifact_prefix="out/fuzz/$target-" -print_final_stats=1 "out/fuzz/$target" "tests/fuzz/corpus/$target" 2>&1 |
        grep -E '^(#|SUMMARY|stat::|==)' | tail -12
done
