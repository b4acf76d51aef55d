// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"

#include <cstddef>

namespace repro::trace {

/// XXH3-128, seed 0, of `size` bytes, with the widest vectors that this machine has.
Fingerprint xxh3(const void* data, std::size_t size);

} // namespace repro::trace
