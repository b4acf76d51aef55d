# SPDX-License-Identifier: BSD-3-Clause
# Shared by the scripts of this folder; each defines usage() before it calls read_torch.
started=$SECONDS

say() {
    printf '== %s: %s\n' "$(basename "$0")" "$*"
}

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 2
}

# Sets `torch` from --torch=...; the only option there is.
read_torch() {
    torch=auto
    local word
    for word in "$@"; do
        case $word in
            --torch=?*) torch=${word#--torch=} ;;
            -h | --help)
                usage
                exit 0
                ;;
            *) fail "$word: unknown; see $0 --help" ;;
        esac
    done
    if [[ -d $torch ]]; then
        torch=$(realpath "$torch")
    fi
}

# Of the Python package torch that is installed to build and test with.
torch_version=2.13.0

# brings_cuda PIP REQUIREMENT: would it install a CUDA build, which brings GB of libraries?
brings_cuda() {
    "$1" install -q --dry-run --report - "$2" 2>/dev/null | grep -q '"name": "nvidia-'
}

# Paths below this folder do not count for ccache: another clone finds what this one has compiled.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1

# Debian's own CMake: one from elsewhere on PATH may be older, or not find Debian's libraries.
cmake() {
    /usr/bin/cmake "$@"
}

# configure PRESET ARGUMENTS...: says which LibTorch it got.
configure() {
    local preset=$1 log
    shift
    log=$(cmake --preset "$preset" "$@") || {
        printf '%s\n' "$log"
        return 1
    }
    say "preset $preset, $(grep -o 'LibTorch: .*' <<<"$log" | tail -1)"
}

# build PRESET ARGUMENTS...
build() {
    cmake --build --preset "$1" --parallel "$(nproc)" "${@:2}"
}

took() {
    printf '%d min %02d s' $(((SECONDS - started) / 60)) $(((SECONDS - started) % 60))
}
