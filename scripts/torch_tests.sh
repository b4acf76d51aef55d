#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# LibTorch's own test programs, alone and recorded.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

usage() {
    cat <<'TEXT'
usage: scripts/torch_tests.sh [PROGRAM...]

Runs the test programs of the wheel in .venv (all of torch/bin/test_* and torch/test/* but benchmarks, or those named,
such as test_api) alone and twice under build/dev/bin/reprorec, and says of each: how many tests passed alone and
recorded, whether what they print is the same but for times, and what `reprorec diff` says of the
two recordings, or that it records nothing because it loads no LibTorch. GTEST_FILTER chooses tests. The traces stay
in out/torch_tests.
TEXT
}

[[ ${1-} == -h || ${1-} == --help ]] && usage && exit 0

programs() {
    local torch program
    torch=$(echo .venv/lib/python3*/site-packages/torch)
    for program in "$torch"/bin/test_* "$torch"/test/*; do
        if [[ -x $program && ! -d $program && $program != *_benchmark ]] && { (($# == 0)) || [[ " $* " == *" $(basename "$program") "* ]]; }; then
            echo "$PWD/$program"
        fi
    done
}

# What a run printed, without what differs from run to run by nature.
plain() {
    sed -E 's/[0-9]+ ms/N ms/g; s/0x[0-9a-f]+/ADDRESS/g; /^\[[WE][0-9]+ /d' "$1"
}

passed() {
    grep -c '^\[       OK \]' "$1" || true
}

verdict() { # STEM of the recordings
    if grep -q 'loaded no LibTorch' "$1-a.err" "$1-b.err"; then
        echo "records nothing"
    else
        build/dev/bin/reprorec diff -q "$1-a.h5" "$1-b.h5" 2>&1 | head -1 || true
    fi
}

out=out/torch_tests
mkdir -p "$out"
differ=0
for program in $(programs "$@"); do
    name=$(basename "$program")
    for run in bare a b; do
        front=()
        [[ $run == bare ]] || front=("$PWD/build/dev/bin/reprorec" -q -f -o "$name-$run.h5" --)
        # In a folder of their own: some write files where they run.
        (cd "$out" && "${front[@]}" "$program" >"$name-$run.txt" 2>"$name-$run.err" </dev/null) || true
    done
    same="prints the same"
    if ! cmp -s <(plain "$out/$name-bare.txt") <(plain "$out/$name-a.txt"); then
        same="prints something else"
        differ=1
    fi
    say "$name: $(passed "$out/$name-bare.txt") passed alone, $(passed "$out/$name-a.txt") recorded, $same;" \
        "$(verdict "$out/$name")"
done
exit $differ
