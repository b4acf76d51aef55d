#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Installs the wheel as a user does, and records a training with it.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

usage() {
    cat <<'TEXT'
usage: scripts/try_wheel.sh [VERSION_OF_TORCH]

Installs the wheel in dist/ and a CPU build of torch into a virtual environment of its own, records a training in Python
twice from one seed and twice from seeds of chance, and compares: the first two must be the same, the others must not.
Another VERSION_OF_TORCH comes as pip finds it, which may be a CUDA build of several GB; without a recorder for it, the
script ends with the line that says so. It leaves nothing behind.
TEXT
}

[[ ${1-} == -h || ${1-} == --help ]] && usage && exit 0
wheels=(dist/reprorec-*.whl)
((${#wheels[@]} == 1)) && [[ -f ${wheels[0]} ]] || fail "wants one wheel in dist; run: scripts/build_wheel.sh"
wheel=$PWD/${wheels[0]}
script=$PWD/tests/programs/python/trains_blocks.py

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# A folder with a space in its name, for once.
python3 -m venv "of a user"
pip="$work/of a user/bin/pip"
if [[ -z ${1-} ]] && brings_cuda "$pip" "torch==$torch_version"; then
    fail "pip would install a CUDA build of torch; name the version if you want it"
fi
"$pip" install -q "$wheel" "torch==${1-$torch_version}" numpy
export PATH="$work/of a user/bin:$PATH"
say "$(reprorec --version | head -1), torch $(python -c 'import torch; print(torch.__version__)')"

# compare STATUS ARGUMENTS...: of two runs of the script
compare() {
    local status=0 run
    for run in a.h5 b.h5; do
        reprorec -q -f --must-record -o "$run" python "$script" "${@:2}"
    done
    reprorec diff -q a.h5 b.h5 || status=$?
    ((status == $1)) || fail "reprorec diff ended with $status where $1 was due"
}

compare 0
compare 1 unseeded
installed=$(python -c "import importlib.metadata as m; print(sum(f.locate().stat().st_size for f in m.files('reprorec')))")
say "the wheel has $(stat -c %s "$wheel" | numfmt --to=si)B, and installs $(numfmt --to=si "$installed")B"
