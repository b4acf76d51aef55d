// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <ATen/core/ivalue.h>

#include <cstddef>
#include <vector>

namespace repro::host {

/// Appends the canonical bytes of all arguments (trace/arguments.h). Beyond kMostArgumentBytes they
/// are cut and the rest stands for its fingerprint. Returns whether they were cut.
inline constexpr std::size_t kMostArgumentBytes = 16 << 10;
bool encodeArguments(c10::ArrayRef<const c10::IValue> values, std::vector<std::byte>& out);

} // namespace repro::host
