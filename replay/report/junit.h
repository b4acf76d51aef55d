// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/result.h"

#include <string>
#include <string_view>

namespace repro::replay {

/// A suite for CI systems that read JUnit's XML. One test case is always there, "verdict": it
/// passes, fails with the first divergence, or is an error where nothing can be said. Each further
/// origin is a failed case of its own.
std::string renderJunit(const DiffResult& result);
/// The same suite with an error of type "trouble".
std::string renderJunitTrouble(std::string_view message);

} // namespace repro::replay
