// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"

#include <ATen/CPUGeneratorImpl.h>

#include <cstddef>
#include <vector>

/// Reading the generator of the CPU. Requires: its mutex is held.
namespace repro::host {

/// Of seed, position, state words and cached normals.
trace::Fingerprint fingerprintOf(at::CPUGeneratorImpl& generator);

/// The bytes of what get_state() returns, which is a tensor from the program's heap: the next
/// allocation of the program would find the state in it.
std::vector<std::byte> stateOf(at::CPUGeneratorImpl& generator);

} // namespace repro::host
