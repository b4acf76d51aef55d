// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"

#include <ATen/CPUGeneratorImpl.h>

#include <cstddef>
#include <cstdint>
#include <vector>

/// Mersenne Twisters (MT19937): that of LibTorch's generator of the CPU, and others in its terms.
namespace repro::host {

/// As it is hashed: packed, so that no padding is.
struct Twister {
    std::uint64_t seed = 0;
    std::int64_t left = 1;         ///< words until all are made anew, and one
    std::int64_t next = 0;         ///< index of the next word
    std::uint64_t normals[2] = {}; ///< bits of a float and of a double that are kept for later
    std::int64_t has = 0;          ///< which of them: 1, 2
    std::uint32_t words[at::MERSENNE_STATE_N] = {};
};

trace::Fingerprint fingerprintOf(const Twister& state);

/// The bytes of what Generator::get_state() returns for it, which is a tensor from the program's
/// heap: the next allocation of the program would find the state in it.
std::vector<std::byte> savedState(const Twister& state);

/// Requires: the generator's mutex is held.
Twister twisterOf(at::CPUGeneratorImpl& generator);

} // namespace repro::host
