// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"
#include "trace/reader.h"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <vector>

namespace repro::cli {

/// An argument as the schema names it: "alpha", "1".
struct ArgumentReport {
    std::string name; ///< empty where the op has no schema
    std::string text;
};

/// A slot of another event.
struct ProducerReport {
    trace::EventId event;
    std::string slot;
};

struct UseReport {
    std::string slot;
    trace::Use use;
    trace::Value value;
    std::optional<ProducerReport> producer;
    std::optional<trace::Statistics> statistics;
};

/// Everything a trace says about one event, gathered from its tables.
struct EventReport {
    trace::EventId id = 0;
    trace::Event event;
    std::vector<ArgumentReport> arguments;
    std::vector<UseReport> uses;
    std::vector<trace::Draw> draws;
};

EventReport reportOf(const trace::Reader& reader, trace::EventId id);
/// For people, over several lines.
std::string toText(const trace::Reader& reader, const EventReport& report);
/// "reprorec.event/1"; what is unknown is null.
nlohmann::ordered_json toJson(const trace::Reader& reader, const EventReport& report);

} // namespace repro::cli
