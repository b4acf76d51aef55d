// SPDX-License-Identifier: BSD-3-Clause
#include "replay/knowledge/function_name.h"

namespace repro::replay {
namespace {

constexpr std::string_view kAnonymous = "(anonymous namespace)";
constexpr std::string_view kCall = "operator()";

} // namespace

std::string_view withoutSignature(std::string_view function) {
    std::size_t begin = 0;
    int depth = 0;
    for (std::size_t i = 0; i < function.size(); ++i) {
        const char c = function[i];
        const bool isInName =
            function.substr(i).starts_with(kAnonymous) ||
            (i >= kCall.size() - 2 && function.substr(i - (kCall.size() - 2)).starts_with(kCall));
        if (c == '(' && depth == 0 && !isInName) {
            return function.substr(begin, i - begin);
        }
        depth += c == '<' || c == '{' || c == '(' ? 1 : c == '>' || c == '}' || c == ')' ? -1 : 0;
        begin = c == ' ' && depth == 0 ? i + 1 : begin;
    }
    return function.substr(begin);
}

std::string functionName(std::string_view function) {
    std::string name(withoutSignature(function));
    for (std::size_t at = 0; (at = name.find(kAnonymous)) != std::string::npos;) {
        const bool isScope = name.substr(at + kAnonymous.size(), 2) == "::";
        name.erase(at, kAnonymous.size() + (isScope ? 2 : 0));
    }
    return name;
}

} // namespace repro::replay
