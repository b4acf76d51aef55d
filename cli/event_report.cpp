// SPDX-License-Identifier: BSD-3-Clause
#include "cli/event_report.h"

#include "cli/event_text.h"
#include "cli/find_event.h"
#include "cli/terminal.h"
#include "replay/report/sites.h"
#include "replay/run/call_stack.h"
#include "trace/arguments.h"
#include "trace/slots.h"
#include "trace/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <iterator>
#include <unordered_map>

namespace repro::cli {

namespace {

std::vector<ArgumentReport> argumentsOf(const trace::Reader& reader, const trace::Event& event) {
    std::vector<ArgumentReport> arguments;
    if (event.arguments == trace::kNone32) {
        return arguments;
    }
    std::vector<std::string> names;
    if (event.op != trace::kNone32) {
        names = trace::argumentNames(reader.text(reader.ops().at(event.op).schema));
    }
    for (std::string& text : trace::describeArguments(reader.arguments(event.arguments))) {
        const std::size_t i = arguments.size();
        arguments.push_back({i < names.size() ? names[i] : std::string(), std::move(text)});
    }
    return arguments;
}

/// "in2 (mat2)" needs the name of the argument; outputs have none.
std::string_view argumentName(const EventReport& report, const trace::Use& use) {
    const bool named = use.direction != trace::Direction::Out && use.slot < report.arguments.size();
    return named ? std::string_view(report.arguments[use.slot].name) : std::string_view();
}

using Text = std::back_insert_iterator<std::string>;

void writeCircumstances(const trace::Reader& reader, const trace::Event& event, Text out) {
    if (event.forward != trace::kNone64) {
        fmt::format_to(out, "  forward   event {}\n", event.forward);
    }
    if (event.parameter != trace::kNone32) {
        fmt::format_to(out, "  parameter {}\n", reader.text(event.parameter));
    }
    if (event.extra != trace::kNone64) {
        fmt::format_to(out, "  number    {}\n", event.extra);
    }
    if (const auto stack = replay::stackOf(reader, event.site)) {
        fmt::format_to(out, "  at        {}\n", printable(replay::callWords(stack->ownCall())));
        for (const std::string& call : replay::callerWords(*stack)) {
            fmt::format_to(out, "  from      {}\n", printable(call));
        }
    }
    if (event.context != trace::kNone32) {
        const trace::Context& context = reader.contexts().at(event.context);
        auto words = trace::contextFlagNames(context.flags);
        words.insert(words.begin(), countText(context.threads, "thread", "threads"));
        fmt::format_to(out, "  context   {}\n", fmt::join(words, ", "));
    }
    if (event.end != 0) {
        fmt::format_to(out, "  took      {:.3f} ms\n",
                       static_cast<double>(event.endNs - event.beginNs) / 1e6);
    }
}

void writeHead(const trace::Reader& reader, const EventReport& report, Text out) {
    const trace::Event& event = report.event;
    fmt::format_to(out, "event {}  {}  ({})\n", report.id, eventName(reader, event),
                   fmt::join(trace::eventFlagNames(event.flags), ", "));
    if (event.op != trace::kNone32 && reader.ops().at(event.op).schema != trace::kNone32) {
        fmt::format_to(out, "  schema    {}\n", reader.text(reader.ops().at(event.op).schema));
    }
    fmt::format_to(out, "  where     step {}, {}, thread {}{}\n", event.step,
                   trace::phaseName(event.phase), threadName(reader, event.thread),
                   event.parent == trace::kNone64 ? ""
                                                  : fmt::format(", inside event {}", event.parent));
    if (event.layer != trace::kNone32) {
        fmt::format_to(out, "  layer     {} ({})\n", layerPath(reader, event.layer),
                       reader.text(reader.layers().at(event.layer).type));
    }
    writeCircumstances(reader, event, out);
}

void writeUse(const trace::Reader& reader, const EventReport& report, const UseReport& row,
              Text out) {
    const auto& [slot, use, value, producer, statistics] = row;
    const std::string_view argument = argumentName(report, use);
    const std::uint32_t alignment = trace::alignmentOf(value.flags);
    fmt::format_to(out, "  {}{}  {} {}  strides {}  {}{}\n", slot,
                   argument.empty() ? "" : fmt::format(" ({})", argument),
                   trace::dtypeName(value.dtype), listText(reader, value.sizes),
                   listText(reader, value.strides), deviceText(value),
                   alignment == 0 ? "" : fmt::format("  aligned to {}", alignment));
    auto words = trace::useFlagNames(use.flags);
    const auto more = trace::valueFlagNames(value.flags);
    words.insert(words.end(), more.begin(), more.end());
    fmt::format_to(out, "    fingerprint {}  {}\n", fingerprintText(value.fingerprint),
                   fmt::join(words, ", "));
    if (use.name != trace::kNone32) {
        fmt::format_to(out, "    name {}\n", reader.text(use.name));
    }
    if (producer) {
        fmt::format_to(out, "    written by event {} {} {}\n", producer->event, producer->slot,
                       eventName(reader, reader.event(producer->event)));
    }
    if (statistics) {
        fmt::format_to(out,
                       "    min {} max {} mean {} l2 {}, {} NaN, {} infinite, {} zero, {} "
                       "subnormal\n",
                       statistics->min, statistics->max, statistics->mean, statistics->l2,
                       statistics->nan, statistics->inf, statistics->zero, statistics->subnormal);
    }
    if (value.payload != trace::kNone64) {
        fmt::format_to(out, "    bytes recorded: reprorec dump {} --event {} --slot {} -o {}\n",
                       shellWord(reader.path().string()), report.id, shellWord(slot),
                       shellWord(slot + ".npy"));
    }
}

std::string_view generatorName(const trace::Reader& reader, trace::GeneratorId generator) {
    return generator == trace::kNone32 ? "?" : reader.text(reader.generators().at(generator).name);
}

nlohmann::ordered_json statisticsJson(const std::optional<trace::Statistics>& statistics) {
    if (!statistics) {
        return nullptr;
    }
    return {{"min", statistics->min},   {"max", statistics->max},
            {"mean", statistics->mean}, {"l2", statistics->l2},
            {"nan", statistics->nan},   {"inf", statistics->inf},
            {"zero", statistics->zero}, {"subnormal", statistics->subnormal}};
}

nlohmann::ordered_json useJson(const trace::Reader& reader, const EventReport& report,
                               const UseReport& row) {
    nlohmann::ordered_json producer;
    if (row.producer) {
        producer = {{"event", row.producer->event}, {"slot", row.producer->slot}};
    }
    const std::uint32_t alignment = trace::alignmentOf(row.value.flags);
    return {{"slot", row.slot},
            {"argument", textOrNull(argumentName(report, row.use))},
            {"dtype", trace::dtypeName(row.value.dtype)},
            {"shape", listJson(reader, row.value.sizes)},
            {"strides", listJson(reader, row.value.strides)},
            {"device", deviceText(row.value)},
            {"alignment", alignment == 0 ? nlohmann::json() : nlohmann::json(alignment)},
            {"fingerprint", fingerprintText(row.value.fingerprint)},
            {"flags", trace::useFlagNames(row.use.flags)},
            {"value_flags", trace::valueFlagNames(row.value.flags)},
            {"value", row.use.value},
            {"storage", idJson(row.value.storage)},
            {"name", textJson(reader, row.use.name)},
            {"producer", std::move(producer)},
            {"statistics", statisticsJson(row.statistics)},
            {"bytes", row.value.payload != trace::kNone64}};
}

nlohmann::ordered_json drawJson(const trace::Reader& reader, const trace::Draw& draw) {
    return {{"generator", generatorName(reader, draw.generator)},
            {"before", fingerprintText(draw.before)},
            {"after", fingerprintText(draw.after)}};
}

nlohmann::ordered_json headJson(const trace::Reader& reader, const EventReport& report) {
    const trace::Event& event = report.event;
    const bool op = event.op != trace::kNone32;
    const trace::Op row = op ? reader.ops().at(event.op) : trace::Op();
    nlohmann::ordered_json context;
    if (event.context != trace::kNone32) {
        const trace::Context& known = reader.contexts().at(event.context);
        context = {{"threads", known.threads}, {"flags", trace::contextFlagNames(known.flags)}};
    }
    return {{"schema", "reprorec.event/1"},
            {"event", report.id},
            {"kind", trace::kindName(event.kind)},
            {"op", textJson(reader, row.name)},
            {"overload", textJson(reader, row.overload)},
            {"declaration", textJson(reader, row.schema)},
            {"flags", trace::eventFlagNames(event.flags)},
            {"step", event.step},
            {"phase", trace::phaseName(event.phase)},
            {"thread", textOrNull(threadName(reader, event.thread))},
            {"layer", textOrNull(layerPath(reader, event.layer))},
            {"parent", idJson(event.parent)},
            {"forward", idJson(event.forward)},
            {"parameter", textJson(reader, event.parameter)},
            {"number", idJson(event.extra)},
            {"site", replay::siteJson(replay::stackOf(reader, event.site))},
            {"context", std::move(context)},
            {"begin_ns", event.beginNs},
            {"end_ns", event.end == 0 ? nlohmann::json() : nlohmann::json(event.endNs)}};
}

} // namespace

EventReport reportOf(const trace::Reader& reader, trace::EventId id) {
    EventReport report;
    report.id = id;
    report.event = reader.event(id);
    report.arguments = argumentsOf(reader, report.event);
    const auto producers = producersOf(reader, id);
    std::unordered_multimap<trace::ValueId, std::size_t> rows;
    for (std::size_t i = 0; i < producers.size(); ++i) {
        const std::uint64_t row = report.event.firstUse + i;
        const trace::Use use = reader.use(row);
        UseReport& added = report.uses.emplace_back(
            UseReport{trace::slotName(reader.uses(), row), use, reader.value(use.value), {}, {}});
        if (producers[i]) {
            added.producer = {reader.uses().event[*producers[i]],
                              trace::slotName(reader.uses(), *producers[i])};
        }
        rows.emplace(use.value, i);
    }
    for (const trace::Statistics& statistics : reader.statistics()) {
        const auto [first, last] = rows.equal_range(statistics.value);
        for (auto row = first; row != last; ++row) {
            report.uses[row->second].statistics = statistics;
        }
    }
    for (const trace::Draw& draw : reader.draws()) {
        if (draw.event == id) {
            report.draws.push_back(draw);
        }
    }
    return report;
}

std::string toText(const trace::Reader& reader, const EventReport& report) {
    std::string text;
    const Text out(text);
    writeHead(reader, report, out);
    if (!report.arguments.empty()) {
        fmt::format_to(out, "arguments\n");
        for (const ArgumentReport& argument : report.arguments) {
            fmt::format_to(out, "  {}{}{}\n", argument.name, argument.name.empty() ? "" : " = ",
                           printable(argument.text));
        }
    }
    if (!report.uses.empty()) {
        fmt::format_to(out, "tensors\n");
        for (const UseReport& use : report.uses) {
            writeUse(reader, report, use, out);
        }
    }
    if (!report.draws.empty()) {
        fmt::format_to(out, "random numbers\n");
        for (const trace::Draw& draw : report.draws) {
            fmt::format_to(out, "  {}: {} -> {}\n", generatorName(reader, draw.generator),
                           fingerprintText(draw.before), fingerprintText(draw.after));
        }
    }
    return text;
}

nlohmann::ordered_json toJson(const trace::Reader& reader, const EventReport& report) {
    nlohmann::ordered_json json = headJson(reader, report);
    json["arguments"] = nlohmann::json::array();
    for (const ArgumentReport& argument : report.arguments) {
        json["arguments"].push_back(
            nlohmann::ordered_json{{"name", textOrNull(argument.name)}, {"value", argument.text}});
    }
    json["tensors"] = nlohmann::json::array();
    for (const UseReport& use : report.uses) {
        json["tensors"].push_back(useJson(reader, report, use));
    }
    json["draws"] = nlohmann::json::array();
    for (const trace::Draw& draw : report.draws) {
        json["draws"].push_back(drawJson(reader, draw));
    }
    return json;
}

} // namespace repro::cli
