// SPDX-License-Identifier: BSD-3-Clause
#include "replay/run/rerecord.h"

#include "trace/words.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string_view>

namespace repro::replay {

std::string programWords(const trace::Header& header) {
    const auto environment = nlohmann::json::parse(header.environment, nullptr, false);
    std::string words;
    if (environment.is_object() && environment.contains("argv")) {
        for (const auto& word : environment["argv"]) {
            words += word.is_string() ? " " + trace::shellWord(word.get<std::string>()) : "";
        }
    }
    return words.empty() ? " " + header.program : words;
}

std::string rerecordCommand(const trace::Reader& reader, trace::EventId id) {
    const trace::Event event = reader.event(id);
    std::string filter;
    if (event.kind == trace::EventKind::Op) {
        const std::string_view name = reader.text(reader.ops().at(event.op).name);
        filter = fmt::format(" --filter-op {}", trace::shellWord(fmt::format("^{}$", name)));
    }
    return fmt::format("reprorec --capture full{} --filter-steps {} -o {}-bytes.h5 --{}", filter,
                       event.step, trace::shellWord(reader.path().stem().string()),
                       programWords(reader.header()));
}

} // namespace repro::replay
