// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"

#include <c10/core/ScalarType.h>

namespace repro::host {

/// The trace's number of an element type; by name, for LibTorch's numbers change between releases.
trace::DType toDType(c10::ScalarType type);

} // namespace repro::host
