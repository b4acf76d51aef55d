// SPDX-License-Identifier: BSD-3-Clause
#include "replay/report/sites.h"

#include "trace/fingerprint.h"
#include "trace/words.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace repro::replay {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr std::string_view kAnonymous = "(anonymous namespace)";
constexpr std::uintmax_t kLargestSource = 16U << 20U;

/// "at::Tensor net::Block::forward(at::Tensor) const" is net::Block::forward.
std::string shortName(std::string name) {
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
    return call.function.empty() ? place : fmt::format("{}, {}", place, shortName(call.function));
}

std::string siteWords(const Location& place) {
    if (!place.site) {
        return {};
    }
    const std::string words = callWords(place.site->calls[place.site->own]);
    return place.siteB ? fmt::format("{} in A; {} in B", words,
                                     callWords(place.siteB->calls[place.siteB->own]))
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
    std::error_code error;
    if (!call.contents || call.line == 0 || !fs::is_regular_file(call.file, error) ||
        fs::file_size(call.file, error) > kLargestSource) {
        return {};
    }
    std::ifstream file(call.file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (trace::fingerprintOfBytes(std::as_bytes(std::span(text))) != *call.contents) {
        return {};
    }
    std::vector<ExcerptLine> lines;
    std::uint32_t number = 1;
    for (std::size_t begin = 0; begin < text.size() && number <= call.line + 1; ++number) {
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
    Json json = callJson(site->calls[site->own]);
    json["frames"] = Json::array();
    for (const SourceLine& call : site->calls) {
        json["frames"].push_back(callJson(call));
    }
    return json;
}

} // namespace repro::replay
