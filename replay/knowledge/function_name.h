// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

namespace repro::replay {

/// What stands before a name is its type, what follows it its parameters: of
/// "at::Tensor (anonymous namespace)::Block::forward(at::Tensor) const" what is between.
std::string_view withoutSignature(std::string_view function);

/// The same without anonymous namespaces: "Block::forward".
std::string functionName(std::string_view function);

} // namespace repro::replay
