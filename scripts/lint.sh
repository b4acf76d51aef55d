#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Checks the format of all sources, and with clang-tidy those that have changed.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

usage() {
    cat <<'TEXT'
usage: scripts/lint.sh [--all | COMMIT]

Fails if clang-format would change a source, or if clang-tidy (.clang-tidy) warns about one that differs from COMMIT.
By default, COMMIT is where the branch left main, or on main itself the last commit but one. --all checks every source
that build/dev compiles without LibTorch.
TEXT
}

[[ ${1-} == -h || ${1-} == --help ]] && usage && exit 0
git ls-files '*.h' '*.c' '*.cpp' | xargs clang-format --dry-run -Werror
say "all sources are formatted"

commands=build/dev/compile_commands.json
[[ -f $commands ]] || fail "$commands: not there; run: cmake --workflow --preset dev"
base=${1-$(git merge-base HEAD main 2>/dev/null || true)}
[[ -n $base && $base != "$(git rev-parse HEAD)" ]] || base=HEAD~1
if [[ $base == --all ]]; then
    changed=$(git ls-files '*.cpp')
elif git rev-parse -q --verify "$base^{commit}" >/dev/null; then
    changed=$(git diff --name-only --diff-filter=d "$base" -- '*.cpp')
else
    [[ -n ${1-} ]] && fail "$base: no such commit; see $0 --help"
    say "no earlier commit: nothing for clang-tidy"
    exit 0
fi
sources=$(for source in $changed; do grep -q "\"file\": \"$PWD/$source\"" "$commands" && echo "$source"; done || true)
# clang refuses the precompiled headers of GCC: it reads the same headers from beside them.
mkdir -p build/lint
find build/dev -name cmake_pch.hxx -execdir cp {} lint_pch.hxx ';'
sed 's#/cmake_pch.hxx#/lint_pch.hxx#' "$commands" >build/lint/compile_commands.json
[[ -z $sources ]] || xargs -P "$(nproc)" -n 1 clang-tidy-16 -p build/lint --quiet <<<"$sources"
say "clang-tidy: $(wc -w <<<"$sources") sources, no warning"
