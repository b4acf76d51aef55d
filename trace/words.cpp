// SPDX-License-Identifier: BSD-3-Clause
#include "trace/words.h"

#include "trace/enum_names.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <span>

namespace repro::trace {
namespace {

constexpr std::array kKinds = {"op",    "node",      "script",         "user",      "text",
                               "layer", "gradient",  "optimizer-step", "zero-grad", "mode",
                               "watch", "step-mark", "fork",           "stream",    "batch"};

// By bit; the last of each is that of the highest flag. Empty: a bit without meaning.
constexpr std::array kEventFlags = {
    "outermost",  "threw",          "unfinished",     "verified",    "alerted",
    "asked",      "can-draw",       "drew",           "grad-node",   "arguments-cut",
    "from-layer", "generator-held", "inferred-layer", "exact-layer", "loader-seed"};
static_assert(event_flag::LoaderSeed == 1U << (kEventFlags.size() - 1));

constexpr std::array kUseFlags = {"verified", "assumed",     "unwritten", "meaningless",
                                  "written",  "unannotated", "workspace"};
static_assert(use_flag::Workspace == 1U << (kUseFlags.size() - 1));

constexpr std::array kValueFlags = {"conj",      "neg",         "requires-grad", "",
                                    "inference", "sparse",      "quantised",     "not-read",
                                    "undefined", "overlapping", "number"};
static_assert(value_flag::WrappedNumber == 1U << (kValueFlags.size() - 1));

constexpr std::array kContextFlags = {
    "deterministic",   "deterministic-warn-only", "grad-mode",   "inference-mode",
    "autocast-cpu",    "autocast-cuda",           "tf32-matmul", "tf32-cudnn",
    "cudnn-benchmark", "cudnn-deterministic",     "mkldnn",      "fill-uninitialised",
    "flush-denormal",  "denormals-are-zero"};
static_assert(context_flag::DenormalsAreZero == 1U << (kContextFlags.size() - 1));

std::vector<std::string> namesOf(std::uint32_t flags, std::span<const char* const> byBit) {
    std::vector<std::string> names;
    for (std::size_t bit = 0; bit < byBit.size(); ++bit) {
        if ((flags & 1U << bit) != 0 && byBit[bit][0] != '\0') {
            names.emplace_back(byBit[bit]);
        }
    }
    return names;
}

bool isNumber(std::string_view text, std::uint64_t& number) {
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    return read.ec == std::errc() && read.ptr == end;
}

} // namespace

const char* phaseName(Phase phase) {
    return nameIn<Phase::Optimizer>(std::array{"other", "forward", "backward", "optimizer"}, phase);
}

const char* kindName(EventKind kind) {
    return nameIn<EventKind::Batch>(kKinds, kind);
}

std::optional<EventKind> kindNamed(std::string_view name) {
    const auto* const found = std::ranges::find(kKinds, name);
    return found == kKinds.end() ? std::nullopt
                                 : std::optional(static_cast<EventKind>(found - kKinds.begin()));
}

std::string allKindNames() {
    return fmt::format("{}", fmt::join(kKinds, ", "));
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

std::vector<std::string> contextFlagNames(std::uint32_t flags) {
    constexpr std::array kRoundings = {"", "round-down", "round-up", "round-to-zero"};
    // The numbers are those of at::QEngine.
    constexpr std::array kEngines = {
        "",          "qengine-fbgemm", "qengine-qnnpack", "qengine-onednn", "qengine-x86",
        "qengine-5", "qengine-6",      "qengine-7"};
    std::vector<std::string> names = namesOf(flags, kContextFlags);
    const auto add = [&](const auto& table, std::uint32_t value) {
        if (value != 0) {
            names.emplace_back(table[value]);
        }
    };
    add(kRoundings, (flags & context_flag::RoundingMask) >> context_flag::RoundingShift);
    add(kEngines, (flags & context_flag::QEngineMask) >> context_flag::QEngineShift);
    return names;
}

std::optional<StepRange> parseStepRange(std::string_view text) {
    StepRange range;
    const std::size_t dots = text.find("..");
    const std::size_t middle = dots != std::string_view::npos ? dots : text.find('-');
    const std::string_view first = text.substr(0, middle);
    if (!first.empty() && !isNumber(first, range.first)) {
        return std::nullopt;
    }
    if (middle == std::string_view::npos) {
        range.last = range.first;
        return first.empty() ? std::nullopt : std::optional(range);
    }
    const std::string_view last = text.substr(middle + (dots != std::string_view::npos ? 2 : 1));
    if ((first.empty() && last.empty()) || (!last.empty() && !isNumber(last, range.last)) ||
        range.last < range.first) {
        return std::nullopt;
    }
    return range;
}

std::string printable(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F) {
            safe += fmt::format("\\x{:02x}", byte);
        } else {
            safe += c;
        }
    }
    return safe;
}

std::string shellWord(std::string_view text) {
    constexpr std::string_view kPlain = "_./=:,+-%@";
    const bool plain = std::ranges::all_of(text, [&](unsigned char c) {
        return std::isalnum(c) != 0 || kPlain.find(static_cast<char>(c)) != std::string_view::npos;
    });
    if (plain && !text.empty()) {
        return std::string(text);
    }
    std::string word = "'";
    for (const char c : text) {
        word += c == '\'' ? "'\\''" : std::string(1, c);
    }
    return word + "'";
}

std::string countText(std::uint64_t count, std::string_view singular, std::string_view plural) {
    return fmt::format("{} {}", count, count == 1 ? singular : plural);
}

std::string countText(std::uint64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

} // namespace repro::trace
