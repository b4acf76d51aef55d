#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Records samples and makes the pictures of docs/images/ of them.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

usage() {
    cat <<'TEXT'
usage: scripts/screenshots.sh [--bin=DIR] [--samples=DIR]

Records samples and makes docs/images/*.png of them, without a display. DIR default to build/dev/bin
and its newest samples; `cmake --workflow --preset dev` builds both.
TEXT
}

bin=build/dev/bin
samples=
for word in "$@"; do
    case $word in
        --bin=?*) bin=$(realpath "${word#--bin=}") ;;
        --samples=?*) samples=$(realpath "${word#--samples=}") ;;
        -h | --help)
            usage
            exit 0
            ;;
        *) fail "$word: unknown; see $0 --help" ;;
    esac
done
bin=$(realpath "$bin")
[[ -n $samples ]] || samples=$(find "$PWD"/build/dev/torch-*/samples -name index_put_race -printf '%h\n' | sort -V | tail -1)
[[ -x $bin/reproview ]] || fail "$bin/reproview: no such program; build with Qt 6, or name its folder with --bin="
[[ -x $samples/index_put_race ]] || fail "$samples: no samples there; name their folder with --samples="

images=$PWD/docs/images
mkdir -p out/screenshots "$images"
cd out/screenshots

record() { # FILE SAMPLE ARGUMENTS...: prints the sample's hash
    (cd "$samples" && "$bin/reprorec" -f -q --capture full -o "$OLDPWD/$1" -- "./$2" "${@:3}")
}

record_until_different() { # STEM SAMPLE: STEM-a.h5 and STEM-b.h5 of a sample that races
    local first
    first=$(record "$1-a.h5" "$2")
    for _ in {1..20}; do
        [[ $(record "$1-b.h5" "$2") == "$first" ]] || return 0
    done
    fail "$2 did not race in 20 runs; run this again"
}

shoot() { # STATUS PICTURE ARGUMENTS...
    local status=0
    "$bin/reproview" "${@:3}" --screenshot "$images/$2" || status=$?
    ((status == $1)) || fail "reproview ended with $status where $1 was due; $2 is not what it should be"
}

say "recording the samples"
record_until_different race index_put_race
record_until_different loader loader_workers
record argument-a.h5 argument_changed >/dev/null
record argument-b.h5 argument_changed --eps 1e-3 >/dev/null
record causes-a.h5 two_causes >/dev/null
record causes-b.h5 two_causes --eps 1e-3 >/dev/null
record same-a.h5 clean_mlp >/dev/null
record same-b.h5 clean_mlp >/dev/null
head -c 60000 race-b.h5 >truncated.h5

say "taking the pictures"
shoot 1 race-light.png race-a.h5 race-b.h5
shoot 1 race-dark.png race-a.h5 race-b.h5 --theme dark
shoot 1 tensor.png race-a.h5 race-b.h5 --layout tensor --goto first
shoot 1 lineage.png race-a.h5 race-b.h5 --layout propagation
shoot 1 rng.png loader-a.h5 loader-b.h5 --layout environment
shoot 1 map.png argument-a.h5 argument-b.h5 --pane map --size 1400x460
echo run.again >again.txt
shoot 1 rerun.png race-a.h5 race-b.h5 --run-actions again.txt
shoot 0 identical.png same-a.h5 same-b.h5
shoot 0 one-run.png race-a.h5
shoot 2 error.png race-a.h5 truncated.h5 --size 1000x640 2>/dev/null

say "the first session of a new user"
cat >session.txt <<TEXT
# Two runs are open: the cause is read.
file.screenshot $images/session-1-cause.png
# On to the next origin, an independent cause.
go.next-origin
file.screenshot $images/session-2-next-origin.png
# Its tensor, element by element.
window.tensor
tensor.next-element
file.screenshot $images/session-3-tensor.png
edit.copy-address
file.screenshot $images/session-4-address.png
file.report report
TEXT
status=0
"$bin/reproview" causes-a.h5 causes-b.h5 --run-actions session.txt --size 1400x900 || status=$?
((status == 1)) || fail "the session ended with $status where 1, diverged, was due"
say "done in $(took): docs/images, out/screenshots/report/report.html"
