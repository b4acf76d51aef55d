// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/run/run.h"

#include <QString>

#include <string_view>
#include <vector>

namespace repro::gui {

/// What LibTorch's documentation calls the dimensions of a tensor, "N", "C", "H", "W": one name for
/// each, empty where it has none. `what`: an op ("conv2d") or a type of layer ("Conv2d"); `slot`:
/// an argument of its schema ("input"), a parameter ("weight") or an output ("out0").
[[nodiscard]] std::vector<QString> axisNames(std::string_view what, std::string_view slot,
                                             std::size_t rank);

/// Those of a row of `uses`. A parameter, its gradient or its optimizer state is named by the layer
/// it belongs to, unless it may be seen through a view: those carry the name of the parameter, too.
[[nodiscard]] std::vector<QString> axisNames(const replay::Run& run, std::uint64_t use);

} // namespace repro::gui
