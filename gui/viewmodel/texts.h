// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/viewmodel/document.h"

#include <QChar>
#include <QString>

/// The viewer's words, in one place: what the panes, the report and a screen reader say.
namespace repro::gui {

[[nodiscard]] QString kindText(trace::EventKind kind); ///< "layer call"
[[nodiscard]] QString phaseText(trace::Phase phase);   ///< "forward"
/// "1.7\u00d7"; empty where it is not known.
[[nodiscard]] QString gainText(const RowDetail& detail);
/// "read up to 3 ULP, wrote up to 340, 113\u00d7"; of a detail with a gain.
[[nodiscard]] QString growthText(const RowDetail& detail);
[[nodiscard]] QString strategyText(replay::Strategy strategy);
[[nodiscard]] QString causeText(replay::CauseClass cause); ///< "a kernel that is not deterministic"

/// "=", "◆", ...: see the legend of docs/viewer.md.
[[nodiscard]] QChar classLetter(const RowEntry& row, bool isPair);
/// "origin", "only in A", ...
[[nodiscard]] QString classText(const RowEntry& row, bool isPair);

/// 1,234,567
[[nodiscard]] QString countText(std::uint64_t count);
/// "1 element", "1,024 elements"
[[nodiscard]] QString elementsText(std::uint64_t count);
/// 1.23e-07, in the C locale.
[[nodiscard]] QString realText(double value, int digits = 3);
/// "[2, 3]"
[[nodiscard]] QString shapeText(std::span<const std::int64_t> shape);
/// "1.5 ms"
[[nodiscard]] QString durationText(std::uint64_t ns);

/// What happened, in one sentence without markup: "First divergence: step 0, aten::index_put_ ...".
[[nodiscard]] QString verdictSentence(const Document& document);
/// "diverged", "same", "not comparable", "one run".
[[nodiscard]] QString verdictWord(const Document& document);
/// What was compared and what was not.
[[nodiscard]] QString coverageSentence(const Document& document);
/// "origin 1/2 · difference 3/128": where a row stands among those that differ.
[[nodiscard]] QString placeAmongDifferences(const Document& document, std::uint32_t row);
/// ", and 3 more times": the same cause in other places, which count as one origin.
[[nodiscard]] QString againText(std::uint64_t times);
/// "2 origins (F8), and 3 more times"; the key leads to the next one.
[[nodiscard]] QString originsSentence(const replay::DiffResult& diff, const QString& nextKey);
/// "environment: 2 settings differ"; what cannot change numbers is not counted.
[[nodiscard]] QString environmentSentence(const replay::DiffResult& diff);
/// "aten::index_put_ in Net.histogram, step 0"
[[nodiscard]] QString placeText(const replay::Location& place);
/// "12 elements, up to 3 ULP"; empty when nothing is known.
[[nodiscard]] QString differenceText(const replay::Difference& difference);

} // namespace repro::gui
