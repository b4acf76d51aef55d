// SPDX-License-Identifier: BSD-3-Clause
#include "cli/event_text.h"

#include "trace/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace repro::cli {
namespace {

/// c10::DeviceType of the devices that LibTorch programs meet; others print their number.
const char* deviceTypeName(std::uint8_t type) {
    switch (type) {
    case 0:
        return "cpu";
    case 1:
        return "cuda";
    case 6:
        return "hip";
    case 12:
        return "xpu";
    case 13:
        return "mps";
    case 14:
        return "meta";
    default:
        return nullptr;
    }
}

} // namespace

std::string opText(const trace::Reader& reader, trace::OpId op) {
    if (op == trace::kNone32) {
        return {};
    }
    const trace::Op& row = reader.ops().at(op);
    const std::string_view overload = reader.text(row.overload);
    return fmt::format("{}{}{}", reader.text(row.name), overload.empty() ? "" : ".", overload);
}

std::string eventName(const trace::Reader& reader, const trace::Event& event) {
    return event.op == trace::kNone32 ? trace::kindName(event.kind) : opText(reader, event.op);
}

std::string_view layerPath(const trace::Reader& reader, trace::LayerId layer) {
    return layer == trace::kNone32 ? std::string_view()
                                   : reader.text(reader.layers().at(layer).path);
}

std::string_view threadName(const trace::Reader& reader, trace::ThreadId thread) {
    return thread == trace::kNone32 ? std::string_view()
                                    : reader.text(reader.threads().at(thread).name);
}

std::string listText(const trace::Reader& reader, trace::ListId list) {
    if (list == trace::kNone32) {
        return "?";
    }
    return fmt::format("[{}]", fmt::join(reader.list(list), ", "));
}

std::string shapesText(const trace::Reader& reader, const trace::Event& event) {
    std::string in;
    std::string out;
    const auto& values = reader.uses().value;
    const auto& directions = reader.uses().direction;
    const auto& sizes = reader.values().sizes;
    for (std::uint64_t row = event.firstUse; row < event.firstUse + event.useCount; ++row) {
        const auto direction = static_cast<trace::Direction>(directions[row]);
        if (direction == trace::Direction::Before) {
            continue;
        }
        std::string& side = direction == trace::Direction::In ? in : out;
        side += (side.empty() ? "" : " ") + listText(reader, sizes[values[row]]);
    }
    return in.empty() && out.empty() ? "" : fmt::format("{} -> {}", in, out);
}

std::string deviceText(const trace::Value& value) {
    const char* type = deviceTypeName(value.deviceType);
    std::string text = type != nullptr ? type : fmt::format("device{}", value.deviceType);
    return value.deviceIndex < 0 ? text : fmt::format("{}:{}", text, value.deviceIndex);
}

std::string fingerprintText(const trace::Fingerprint& fingerprint) {
    return fmt::format("{:016x}{:016x}", fingerprint.high, fingerprint.low);
}

std::string jsonLine(const nlohmann::ordered_json& json) {
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

nlohmann::json textJson(const trace::Reader& reader, trace::TextId text) {
    return text == trace::kNone32 ? nlohmann::json() : nlohmann::json(reader.text(text));
}

nlohmann::json textOrNull(std::string_view text) {
    return text.empty() ? nlohmann::json() : nlohmann::json(text);
}

nlohmann::json listJson(const trace::Reader& reader, trace::ListId list) {
    if (list == trace::kNone32) {
        return {};
    }
    const auto integers = reader.list(list);
    return nlohmann::json(std::vector<std::int64_t>(integers.begin(), integers.end()));
}

nlohmann::json idJson(std::uint64_t id) {
    return id == trace::kNone64 ? nlohmann::json() : nlohmann::json(id);
}

} // namespace repro::cli
