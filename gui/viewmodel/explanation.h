// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/viewmodel/document.h"

#include <QString>

namespace repro::gui {

/// The explain card of a row as rich text: verdict, confidence, evidence for and against, remedy,
/// and the facts of the row. Links are addresses ("focus:12:3417"). No colours: the theme's hold.
[[nodiscard]] QString explainCard(const Document& document, std::uint32_t row,
                                  const RowDetail* detail = nullptr);
/// The card of a pair without an origin, and of one run: what was compared, what was not, what to
/// do.
/// The first origin whose evidence, for or against, is about a setting; -1: none.
[[nodiscard]] int originThatNames(const Document& document,
                                  const replay::EnvironmentDifference& setting);
[[nodiscard]] QString summaryCard(const Document& document);

} // namespace repro::gui
