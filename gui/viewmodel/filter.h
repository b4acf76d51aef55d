// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/viewmodel/document.h"

#include <QString>
#include <QStringList>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace repro::gui {

/// What a filter may ask that is not in the rows: distances of bytes, and which rows have notes.
struct FilterFacts {
    std::shared_ptr<const std::vector<RowDetail>> details; ///< shared with the worker that filters
    std::vector<std::uint32_t> noted;                      ///< rows, rising
};

/// A filter expression, parsed:
///
///     word  -word  /regex/  (a | b)  class:origin  step:10..20  layer:decoder.*  op:index_add
///     phase:backward  kind:op  only:A  ulp>4  rel>=1e-6  abs>0  n>100  match:edit  note:
///
/// Terms stand side by side and must all hold. Words look in op and layer, without regard to case.
class Filter {
public:
    struct Error {
        qsizetype position = 0; ///< in the text, of what is wrong
        qsizetype length = 0;
        QString message;
    };

    /// Returns: no filter and the error, or a filter. An empty text lets everything pass.
    static std::optional<Filter> parse(const QString& text, Error* error);

    [[nodiscard]] bool isEmpty() const { return m_nodes.empty(); }
    [[nodiscard]] const QString& text() const { return m_text; }
    /// One phrase a term: "class is origin".
    [[nodiscard]] const QStringList& explanation() const { return m_explanation; }
    /// The rows that pass, rising. Looks at each row once, and asks `cancelled` before each block
    /// of a few thousand. Throws replay::Cancelled.
    [[nodiscard]] std::vector<std::uint32_t> apply(const Rows& rows, const FilterFacts& facts,
                                                   const std::function<bool()>& cancelled) const;

    /// What a list shows first: the rows that pass around a row that does, else those at the
    /// beginning, more than a screen can hold. Nothing where it would have to look far for them.
    [[nodiscard]] std::optional<std::vector<std::uint32_t>>
    applyNear(std::uint32_t row, const Rows& rows, const FilterFacts& facts,
              const std::function<bool()>& cancelled) const;

    /// What may stand at the end of `text` instead of its last word, best first.
    static QStringList completions(const QString& text, const Rows* rows);

private:
    friend class FilterParser;
    enum class Kind {
        And,
        Or,
        Not,
        Word,
        Op,
        Layer,
        Class,
        Phase,
        EventKind,
        Step,
        OnlyA,
        OnlyB,
        Match,
        Ulp,
        Rel,
        Abs,
        Count,
        Noted
    };
    struct Node {
        Kind kind = Kind::And;
        std::vector<std::size_t> children = {};
        QString pattern = {};     // Word, Op, Layer: a regular expression
        std::uint32_t mask = 0;   // Class, Phase, EventKind, Match: bits
        double low = 0, high = 0; // Step: both ends; distances: low is the bound
        QString comparison = {};  // ">", ">=", "<", "<=", "="
    };
    /// Rows that are looked at together: as many as stay in the nearest cache.
    static constexpr std::uint32_t kBlockRows = 4096;
    using Passes = std::array<std::uint8_t, kBlockRows>; ///< one byte a row: does it pass?
    struct Names;
    struct Block;
    class Scan;
    void evaluate(std::size_t node, const Block& block, Passes& passes) const;
    void combine(const Node& node, const Block& block, Passes& passes) const;

    QString m_text;
    std::vector<Node> m_nodes; // children before parents; the last is the root
    QStringList m_explanation;
};

} // namespace repro::gui
