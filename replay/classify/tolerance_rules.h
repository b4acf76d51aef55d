// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/tolerance.h"
#include "replay/run/run.h"
#include "trace/pattern.h"
#include "trace/words.h"

#include <array>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace repro::replay {

struct NamePattern {
    std::string text; ///< as it was written
    Pattern regex;
};

/// One line of a rules file. A pattern that is not given matches everything.
struct ToleranceRule {
    std::string place; ///< "rules.txt:3", for messages
    std::optional<NamePattern> op, layer, slot, dtype;
    trace::StepRange steps;
    Tolerance tolerance;

    /// It is about ops as a whole, not about some of their tensors.
    [[nodiscard]] bool isOfRows() const { return !slot && !dtype; }
};

/// Finds the rule for a value of run A. Regular expressions are run once for each op, layer, dtype
/// and name of a slot. One thread.
class RuleMatcher {
public:
    RuleMatcher(const Tolerances& tolerances, const Run& run);

    /// The number of the first rule that fits, or as many as there are rules: the general
    /// tolerance.
    [[nodiscard]] std::size_t find(std::uint64_t use);
    [[nodiscard]] const Tolerance& tolerance(std::size_t number) const;
    /// Does a rule say to ignore the event as a whole?
    [[nodiscard]] bool ignoresRow(trace::EventId event) const;

private:
    struct Matches {
        std::vector<bool> ops, layers; ///< the last entry stands for none
        std::array<bool, trace::kDTypeCount> dtypes{};
        std::unordered_map<std::string, bool> slots;
    };
    [[nodiscard]] bool fitsEvent(std::size_t rule, trace::EventId event) const;
    [[nodiscard]] bool fitsSlot(std::size_t rule, std::uint64_t use);

    const Tolerances& m_tolerances;
    const Run& m_run;
    std::vector<Matches> m_matches;
};

/// Why a rule fits none of these values of a run, and what it may have meant: ": op=aten::ad fits
/// none of them; the nearest are aten::add". Empty where each part of it fits some.
std::string whyUnused(const ToleranceRule& rule, const Run& run,
                      const std::vector<std::uint64_t>& uses);

} // namespace repro::replay
