// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/result.h"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <vector>

/// Where the program called what a report is about.
namespace repro::replay {

/// "train.cpp:87, NetImpl::forward": the file as seen from the current folder where it lies below
/// it, the function without its parameters; "train+0x1234" where there are no symbols.
std::string callWords(const SourceLine& call);
/// The innermost call of the program's own code; those of both runs where they differ.
std::string siteWords(const Location& place);
/// The calls that led to that one, from the inside out.
std::vector<std::string> callerWords(const CallStack& stack);

/// The path as GitHub wants it for an annotation: from the current folder, if it lies below it.
std::string shortPath(const std::string& file);

/// A line of a source file, marked with its number.
struct ExcerptLine {
    std::uint32_t number = 0;
    std::string text;
    bool isTheLine = false;
};
/// The line of a call and its neighbours. Empty where the file is gone or is not what it was when
/// the run was recorded.
std::vector<ExcerptLine> excerptOf(const SourceLine& call);

/// A call as an object; and a stack: the program's own call, with all as "frames". Null for none.
nlohmann::ordered_json callJson(const SourceLine& call);
nlohmann::ordered_json siteJson(const std::optional<CallStack>& site);

} // namespace repro::replay
