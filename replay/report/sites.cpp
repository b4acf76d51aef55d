// SPDX-License-Identifier: BSD-3-Clause
#include "replay/report/sites.h"

#include "replay/knowledge/function_name.h"
#include "replay/report/source_text.h"
#include "trace/words.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>

namespace repro::replay {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

Json textOrNull(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

} // namespace

std::string shortPath(const std::string& file) {
    std::error_code error;
    const std::string here = fs::current_path(error).string() + "/";
    return file.starts_with(here) ? file.substr(here.size()) : file;
}

std::string callWords(const SourceLine& call) {
    const std::string place =
        call.file.empty()
            ? fmt::format("{}+{:#x}", fs::path(call.module).filename().string(), call.offset)
            : fmt::format("{}:{}", shortPath(call.file), call.line);
    return call.function.empty() ? place
                                 : fmt::format("{}, {}", place, functionName(call.function));
}

std::string siteWords(const Location& place) {
    if (!place.site) {
        return {};
    }
    const std::string words = callWords(place.site->ownCall());
    return place.siteB ? fmt::format("{} in A; {} in B", words, callWords(place.siteB->ownCall()))
                       : words;
}

std::vector<std::string> callerWords(const CallStack& stack) {
    std::vector<std::string> words;
    for (std::size_t i = stack.own + 1; i < stack.calls.size(); ++i) {
        words.push_back(callWords(stack.calls[i]));
    }
    return words;
}

std::vector<ExcerptLine> excerptOf(const SourceLine& call) {
    const std::string text = readSource(call).text;
    std::vector<ExcerptLine> lines;
    std::uint32_t number = 1;
    for (std::size_t begin = 0; begin < text.size() && call.line > 0 && number <= call.line + 1;
         ++number) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        if (number + 1 >= call.line) {
            lines.push_back(
                {number, trace::printable(text.substr(begin, end - begin)), number == call.line});
        }
        begin = end + 1;
    }
    return lines;
}

Json callJson(const SourceLine& call) {
    return {{"file", textOrNull(call.file)},
            {"line", call.file.empty() ? Json(nullptr) : Json(call.line)},
            {"function", textOrNull(call.function)},
            {"module", textOrNull(call.module)},
            {"offset", call.module.empty() ? Json(nullptr) : Json(call.offset)}};
}

Json siteJson(const std::optional<CallStack>& site) {
    if (!site) {
        return nullptr;
    }
    Json json = callJson(site->ownCall());
    json["frames"] = Json::array();
    for (const SourceLine& call : site->calls) {
        json["frames"].push_back(callJson(call));
    }
    return json;
}

} // namespace repro::replay
