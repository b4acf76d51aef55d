// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/result.h"

#include <string>
#include <string_view>

namespace repro::replay {

/// A self-contained page: no script, nothing fetched.
std::string renderHtml(const DiffResult& result);
std::string renderHtmlTrouble(std::string_view message);

} // namespace repro::replay
