// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace repro::gui::plot {

/// Gives every Canvas a voice: its name, its sentence, and its table as a table. May be called
/// again.
void installAccessibleCanvas();

} // namespace repro::gui::plot
