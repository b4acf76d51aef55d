// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/result.h"

#include <string>

namespace repro::replay {

/// Without what it returns and takes: "at::Tensor net::Block::forward(at::Tensor) const" is
/// "net::Block::forward".
std::string functionName(const SourceLine& call);

} // namespace repro::replay
