// SPDX-License-Identifier: BSD-3-Clause
#include "replay/rerecord.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <string_view>

namespace repro::replay {
namespace {

/// One word of a POSIX shell.
std::string shellWord(std::string_view word) {
    constexpr std::string_view kPlain = "_./=:,+-";
    const bool plain = std::ranges::all_of(word, [&](unsigned char c) {
        return std::isalnum(c) != 0 || kPlain.find(static_cast<char>(c)) != std::string_view::npos;
    });
    if (plain && !word.empty()) {
        return std::string(word);
    }
    std::string result = "'";
    for (const char c : word) {
        result += c == '\'' ? "'\\''" : std::string(1, c);
    }
    return result + "'";
}

std::string programOf(const trace::Header& header) {
    const auto environment = nlohmann::json::parse(header.environment, nullptr, false);
    std::string words;
    if (environment.is_object() && environment.contains("argv")) {
        for (const auto& word : environment["argv"]) {
            words += word.is_string() ? " " + shellWord(word.get<std::string>()) : "";
        }
    }
    return words.empty() ? " " + shellWord(header.program) : words;
}

} // namespace

std::string rerecordCommand(const trace::Reader& reader, trace::EventId id) {
    const trace::Event event = reader.event(id);
    std::string filter;
    if (event.kind == trace::EventKind::Op) {
        const std::string_view name = reader.text(reader.ops().at(event.op).name);
        filter = fmt::format(" --filter-op {}", shellWord(fmt::format("^{}$", name)));
    }
    return fmt::format("reprorec --capture full{} --filter-steps {} -o {}-bytes.h5 --{}", filter,
                       event.step, shellWord(reader.path().stem().string()),
                       programOf(reader.header()));
}

} // namespace repro::replay
