// SPDX-License-Identifier: BSD-3-Clause
#include "cli/event_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <array>
#include <span>
#include <utility>

namespace repro::cli {

namespace {

using FlagName = std::pair<std::uint32_t, const char*>;

constexpr std::array kKindNames = {
    "op",        "node", "script", "user",      "text", "layer", "gradient", "optimizer-step",
    "zero-grad", "mode", "watch",  "step-mark", "fork"};

constexpr std::array kEventFlags = {
    FlagName{trace::event_flag::Outermost, "outermost"},
    FlagName{trace::event_flag::Threw, "threw"},
    FlagName{trace::event_flag::Unfinished, "unfinished"},
    FlagName{trace::event_flag::Verified, "verified"},
    FlagName{trace::event_flag::Alerted, "alerted"},
    FlagName{trace::event_flag::Asked, "asked"},
    FlagName{trace::event_flag::CanDraw, "can-draw"},
    FlagName{trace::event_flag::Drew, "drew"},
    FlagName{trace::event_flag::GradNode, "grad-node"},
    FlagName{trace::event_flag::ArgumentsCut, "arguments-cut"},
    FlagName{trace::event_flag::FromLayer, "from-layer"},
    FlagName{trace::event_flag::GeneratorHeld, "generator-held"},
};

constexpr std::array kUseFlags = {
    FlagName{trace::use_flag::Verified, "verified"},
    FlagName{trace::use_flag::Assumed, "assumed"},
    FlagName{trace::use_flag::Unwritten, "unwritten"},
    FlagName{trace::use_flag::Meaningless, "meaningless"},
    FlagName{trace::use_flag::Written, "written"},
    FlagName{trace::use_flag::Unannotated, "unannotated"},
};

constexpr std::array kValueFlags = {
    FlagName{trace::value_flag::Conj, "conj"},
    FlagName{trace::value_flag::Neg, "neg"},
    FlagName{trace::value_flag::RequiresGrad, "requires-grad"},
    FlagName{trace::value_flag::Parameter, "parameter"},
    FlagName{trace::value_flag::Inference, "inference"},
    FlagName{trace::value_flag::Sparse, "sparse"},
    FlagName{trace::value_flag::Quantised, "quantised"},
    FlagName{trace::value_flag::NoBytes, "not-read"},
    FlagName{trace::value_flag::Undefined, "undefined"},
    FlagName{trace::value_flag::Overlapping, "overlapping"},
    FlagName{trace::value_flag::WrappedNumber, "number"},
};

std::vector<std::string> namesOf(std::uint32_t flags, std::span<const FlagName> table) {
    std::vector<std::string> names;
    for (const auto& [bit, name] : table) {
        if ((flags & bit) != 0) {
            names.emplace_back(name);
        }
    }
    return names;
}

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

const char* kindName(trace::EventKind kind) {
    const auto index = static_cast<std::size_t>(kind);
    return index < kKindNames.size() ? kKindNames[index] : "unknown";
}

std::optional<trace::EventKind> kindNamed(std::string_view name) {
    for (std::size_t i = 0; i < kKindNames.size(); ++i) {
        if (name == kKindNames[i]) {
            return static_cast<trace::EventKind>(i);
        }
    }
    return std::nullopt;
}

std::vector<std::string> eventFlagNames(std::uint32_t flags) {
    return namesOf(flags, kEventFlags);
}
std::vector<std::string> useFlagNames(std::uint8_t flags) {
    return namesOf(flags, kUseFlags);
}
std::vector<std::string> valueFlagNames(std::uint16_t flags) {
    return namesOf(flags, kValueFlags);
}
std::string opText(const trace::Reader& reader, trace::OpId op) {
    if (op == trace::kNone32) {
        return {};
    }
    const trace::Op& row = reader.ops().at(op);
    const std::string_view overload = reader.text(row.overload);
    return fmt::format("{}{}{}", reader.text(row.name), overload.empty() ? "" : ".", overload);
}

std::string eventName(const trace::Reader& reader, const trace::Event& event) {
    return event.op == trace::kNone32 ? kindName(event.kind) : opText(reader, event.op);
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

std::string siteText(const trace::Reader& reader, trace::SiteId site) {
    if (site == trace::kNone32) {
        return {};
    }
    const trace::Site& row = reader.sites().at(site);
    const std::string_view function = reader.text(row.function);
    const std::string in = function.empty() ? "" : fmt::format(" in {}", function);
    if (row.file == trace::kNone32) {
        return fmt::format("{}+0x{:x}{}", reader.text(row.module), row.offset, in);
    }
    return fmt::format("{}:{}{}", reader.text(row.file), row.line, in);
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
