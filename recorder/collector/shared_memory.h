// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>

namespace repro::collector {

/// A memfd of `bytes` whose size nobody can change: a host cannot take memory away under us.
/// Throws: Error (Io).
int makeSharedMemory(const char* name, std::size_t bytes);

} // namespace repro::collector
