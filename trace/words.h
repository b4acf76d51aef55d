// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"

#include <cstdint>
#include <string>
#include <string_view>

/// The words that all tools use for what a trace holds.
namespace repro::trace {

const char* phaseName(Phase phase); ///< "forward", ...

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
