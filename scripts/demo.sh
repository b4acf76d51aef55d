#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Sets up, builds, records a racing program twice and asks where the runs part.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

usage() {
    cat <<'TEXT'
usage: scripts/demo.sh [--torch=auto|debian|wheel|both|DIR]

Installs what is missing, builds the preset `install`, records samples/index_put_race until two runs
end with different weights and prints what `reprorec diff` says of them, with a picture of the viewer.
TEXT
}

read_torch "$@"
scripts/setup.sh --torch="$torch"
configure install -DREPROREC_TORCH="$torch"
build install

sample=$(find build/install/torch-*/samples -name index_put_race | sort -V | tail -1)
reprorec=build/install/bin/reprorec
out=out/demo
mkdir -p "$out"

record() { # FILE: records the sample and prints its hash
    "$reprorec" -f -q --capture full -o "$out/$1" -- "$sample"
}

say "recording $sample"
first=$(record a.h5)
for attempt in {1..10}; do
    second=$(record b.h5)
    [[ $first != "$second" ]] && break
done
printf '%s: %s\n%s: %s\n' "$out/a.h5" "$first" "$out/b.h5" "$second"
[[ $first != "$second" ]] || fail "the sample did not race in $attempt runs; run it again"

say "$reprorec diff $out/a.h5 $out/b.h5"
status=0
"$reprorec" diff "$out/a.h5" "$out/b.h5" || status=$?
((status == 1)) || fail "reprorec diff ended with $status where 1, diverged, was due"
reproview=build/install/bin/reproview
if [[ -x $reproview ]]; then
    status=0
    "$reproview" "$out/a.h5" "$out/b.h5" --screenshot "$out/reproview.png" || status=$?
    ((status == 1)) || fail "reproview ended with $status where 1, diverged, was due"
    say "the same in the viewer: $out/reproview.png, or $reprorec view $out/a.h5 $out/b.h5"
fi
say "done in $(took)"
