#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Installs what the build needs, by package name, and LibTorch as asked. May be run again.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

packages=(
    build-essential cmake ninja-build ccache python3 python3-venv python3-wheel python3-h5py python3-numpy
    libhdf5-dev zlib1g-dev libfmt-dev nlohmann-json3-dev libcli11-dev libxxhash-dev libelf-dev libdw-dev
    libbz2-dev libre2-dev
    libgtest-dev libgmock-dev libbenchmark-dev
    qt6-base-dev libgl-dev fonts-dejavu
)
developer_packages=(clang-16 libclang-rt-16-dev clang-tidy-16 clang-format gcovr)

usage() {
    cat <<'TEXT'
usage: scripts/setup.sh [--torch=auto|debian|wheel|both|DIR] [--developer]

Installs the Debian packages that the build needs (as root, or with sudo) and LibTorch:
  auto    what CMAKE_PREFIX_PATH or Torch_DIR names, else an importable Python package `torch`,
          else Debian's libtorch-dev (installed if there is none of the three)
  debian  the package libtorch-dev
  wheel   the Python package torch, a CPU build, in .venv
  both    debian and wheel
  DIR     the LibTorch in this folder
--developer installs what the checks of the sources need, too: clang, clang-tidy, clang-format, gcovr.
TEXT
}

install_packages() {
    local missing=() package
    for package in "$@"; do
        if ! dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$'; then
            missing+=("$package")
        fi
    done
    if ((${#missing[@]} == 0)); then
        return
    fi
    local root=()
    if (($(id -u) != 0)); then
        command -v sudo >/dev/null || fail "needs root to install ${missing[*]}; run it as root, or install sudo"
        root=(sudo)
    fi
    say "installing ${missing[*]}"
    "${root[@]}" apt-get update -qq
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# A CPU build only: the others bring GB of libraries that nothing here uses.
install_wheel() {
    if [[ ! -x .venv/bin/pip ]]; then
        say "making .venv"
        python3 -m venv .venv
    fi
    if .venv/bin/python3 -c "import importlib.metadata as m; m.version('numpy'); m.version('pytest'); v = m.version('torch').split('+')[0]; raise SystemExit(v != '$torch_version')" 2>/dev/null; then
        say "torch $torch_version is in .venv already"
        return
    fi
    say "installing torch $torch_version into .venv"
    if brings_cuda .venv/bin/pip "torch==$torch_version"; then
        fail "pip would install a CUDA build of torch; name a CPU build instead: --torch=DIR"
    fi
    .venv/bin/pip install -q "torch==$torch_version" numpy pytest # which programs have that use torch
}

torch_is_there() {
    [[ -n ${CMAKE_PREFIX_PATH:-}${Torch_DIR:-} ]] && return
    local python
    for python in .venv/bin/python3 python3; do
        if "$python" -c "import importlib.util as u; raise SystemExit(u.find_spec('torch') is None)" 2>/dev/null; then
            return
        fi
    done
    return 1
}

words=()
for word in "$@"; do
    if [[ $word == --developer ]]; then
        packages+=("${developer_packages[@]}")
    else
        words+=("$word")
    fi
done
read_torch "${words[@]}"
[[ -r /etc/debian_version ]] || fail "installs Debian packages only; install the ones named in $0 by hand"
install_packages "${packages[@]}"
case $torch in
    auto) torch_is_there || install_packages libtorch-dev ;;
    debian) install_packages libtorch-dev ;;
    wheel) install_wheel ;;
    both)
        install_packages libtorch-dev
        install_wheel
        ;;
    *) [[ -d $torch ]] || fail "--torch=$torch: no such folder; name one with include/ and lib/ of LibTorch" ;;
esac
say "set-up is complete"
