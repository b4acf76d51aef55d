// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/filter/line_range.h"
#include "replay/filter/rows.h"
#include "trace/pattern.h"
#include "trace/words.h"

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace repro::replay {

/// A filter expression, parsed; docs/filters.md teaches the language:
///
///     word  -word  /regex/  (a | b)  class:origin  step:10..20  layer:decoder.*  op:index_add
///     site:train.cpp:80..95  fn:forward  phase:backward  kind:op  only:A  ulp>4  rel>=1e-6  abs>0
///     n>100  match:edit  note:
///
/// Terms stand side by side and must all hold. Words look in op and layer, without regard to case.
class Filter {
public:
    struct Error {
        std::size_t position = 0; ///< in the text, in bytes, of what is wrong
        std::size_t length = 0;
        std::string message;
    };
    enum class Scope {
        Pair,    ///< two runs that were compared
        OneTrace ///< what compares two, and what a person noted, cannot be asked
    };

    /// Returns: no filter and the error, or a filter. An empty text lets everything pass.
    static std::optional<Filter> parse(std::string_view text, Error* error,
                                       Scope scope = Scope::Pair);

    [[nodiscard]] bool isEmpty() const { return m_nodes.empty(); }
    /// One phrase a term: "class is origin".
    [[nodiscard]] const std::vector<std::string>& explanation() const { return m_explanation; }
    /// The rows that pass, rising. Looks at each row once, and asks `cancelled` before each block
    /// of a few thousand. Throws Cancelled.
    [[nodiscard]] std::vector<std::uint32_t> apply(const FilterRows& rows, const FilterFacts& facts,
                                                   const std::function<bool()>& cancelled) const;

    /// What a list shows first: the rows that pass around a row that does, else those at the
    /// beginning, more than a screen can hold. Nothing where it would have to look far for them.
    [[nodiscard]] std::optional<std::vector<std::uint32_t>>
    applyNear(std::uint32_t row, const FilterRows& rows, const FilterFacts& facts,
              const std::function<bool()>& cancelled) const;

    /// What may stand at the end of `text` instead of its last word, best first. `rows` may be
    /// null: its names are all that is asked.
    static std::vector<std::string> completions(std::string_view text, const FilterRows* rows);

private:
    friend class FilterParser;
    enum class Kind {
        And,
        Or,
        Not,
        Word,
        Op,
        Layer,
        Site,
        Function,
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
        std::optional<Pattern> pattern = {}; // Word, Op, Layer, Function
        LineRange lines = {};                // Site
        std::uint32_t mask = 0;              // Class, Phase, EventKind, Match: bits
        trace::StepRange steps = {};         // Step
        double bound = 0;                    // distances
        std::string comparison = {};         // ">", ">=", "<", "<=", "="
    };
    /// Rows that are looked at together: as many as stay in the nearest cache.
    static constexpr std::uint32_t kBlockRows = 4096;
    using Passes = std::array<std::uint8_t, kBlockRows>; ///< one byte a row: does it pass?
    struct Names;
    struct Block;
    class Scan;
    void evaluate(std::size_t node, const Block& block, Passes& passes) const;
    void combine(const Node& node, const Block& block, Passes& passes) const;

    std::vector<Node> m_nodes; // children before parents; the last is the root
    std::vector<std::string> m_explanation;
};

} // namespace repro::replay
