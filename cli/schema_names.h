// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace repro::cli {

/// Names of the arguments of a schema in order: "self", "other", "alpha" of
/// "aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor". Empty when the text
/// is not a schema.
std::vector<std::string> argumentNames(std::string_view schema);

} // namespace repro::cli
