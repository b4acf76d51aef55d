// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/contents.h"
#include "recorder/wire/protocol.h"

#include <optional>

namespace repro::host {

/// Minimum, maximum, mean and L2 norm over the finite elements, and counts. None for element types
/// that are neither f64, f32, bf16, f16, nor integers, nor bool.
std::optional<wire::WireStatistics> statisticsOf(const Layout& layout, std::uint32_t itemBytes,
                                                 trace::DType dtype);

} // namespace repro::host
