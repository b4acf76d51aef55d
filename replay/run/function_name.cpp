// SPDX-License-Identifier: BSD-3-Clause
#include "replay/run/function_name.h"

#include <string_view>

namespace repro::replay {
namespace {

constexpr std::string_view kAnonymous = "(anonymous namespace)";

} // namespace

std::string functionName(const SourceLine& call) {
    std::string name = call.function;
    for (std::size_t at = 0; (at = name.find(kAnonymous)) != std::string::npos;) {
        name.erase(at,
                   kAnonymous.size() + (name.substr(at + kAnonymous.size(), 2) == "::" ? 2 : 0));
    }
    std::size_t begin = 0;
    int depth = 0;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        const bool isCallOperator = i >= 8 && name.compare(i - 8, 10, "operator()") == 0;
        if (c == '(' && depth == 0 && !isCallOperator) {
            return name.substr(begin, i - begin);
        }
        depth += c == '<' || c == '{' || c == '(' ? 1 : c == '>' || c == '}' || c == ')' ? -1 : 0;
        begin = c == ' ' && depth == 0 ? i + 1 : begin;
    }
    return name;
}

} // namespace repro::replay
