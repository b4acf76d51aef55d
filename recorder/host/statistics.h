// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/statistics_kernel.h"
#include "recorder/wire/protocol.h"
#include "trace/model.h"

namespace repro::host {

/// What adds up elements of this type. Null for those that are neither f64, f32, bf16, f16, nor
/// integers, nor bool.
Adder adderFor(trace::DType dtype);

/// Minimum, maximum, mean and L2 norm over the finite elements, and counts.
wire::WireStatistics statisticsOf(const Totals& totals);

} // namespace repro::host
