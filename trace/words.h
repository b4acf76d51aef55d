// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The words that all tools use for what a trace holds: those of trace/FORMAT.md.
namespace repro::trace {

const char* phaseName(Phase phase);   ///< "forward", ...
const char* kindName(EventKind kind); ///< "op", "optimizer-step", ...
std::optional<EventKind> kindNamed(std::string_view name);
/// "op, node, script, ...".
std::string allKindNames();

/// In the order of their bits.
std::vector<std::string> eventFlagNames(std::uint32_t flags); ///< "outermost", "threw", ...
std::vector<std::string> useFlagNames(std::uint8_t flags);    ///< "verified", "assumed", ...
std::vector<std::string> valueFlagNames(std::uint16_t flags); ///< "conj", "requires-grad", ...
/// "grad-mode", "mkldnn", "round-up", "qengine-fbgemm", ...
std::vector<std::string> contextFlagNames(std::uint32_t flags);

/// Steps from `first` to `last`, both included.
struct StepRange {
    std::uint64_t first = 0;
    std::uint64_t last = std::numeric_limits<std::uint64_t>::max();

    [[nodiscard]] bool contains(std::uint64_t step) const { return step >= first && step <= last; }
};
/// "3", "3-5", "3-" or "-5"; ".." does as well as "-". Nothing: the text is none of these.
std::optional<StepRange> parseStepRange(std::string_view text);

/// `count` and the noun in the right number: "1 event", "2 events".
std::string countText(std::uint64_t count, std::string_view singular, std::string_view plural);
/// The same of a noun whose plural ends in s.
std::string countText(std::uint64_t count, std::string_view noun);

/// `text` with control characters written as \xNN: names and values of a trace are the recorded
/// program's, and must neither break lines nor reach a terminal as commands.
std::string printable(std::string_view text);

/// `text` as one word of a POSIX shell: commands in reports can be pasted.
std::string shellWord(std::string_view text);

} // namespace repro::trace
