// SPDX-License-Identifier: BSD-3-Clause
#include "cli/record_summary.h"

#include "cli/terminal.h"
#include "recorder/launcher/environment.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>

namespace repro::cli {
namespace {

template <class... Text>
void say(fmt::format_string<Text...> format, Text&&... text) {
    fmt::print(stderr, "reprorec: {}\n", fmt::format(format, std::forward<Text>(text)...));
}

void sayWhat(const collector::Result& result, const std::filesystem::path& trace) {
    std::error_code error;
    const auto bytes = std::filesystem::file_size(trace, error);
    std::string text = fmt::format(
        "{}: {}, {}, {}, {}", trace.string(), countText(result.events, "event", "events"),
        countText(result.values, "tensor", "tensors"), countText(result.steps, "step", "steps"),
        byteText(error ? 0 : bytes));
    if (result.header.heldUpNs > 0) {
        text += fmt::format("; held the program up for {}", durationText(result.header.heldUpNs));
    }
    if (result.header.drops > 0) {
        text += fmt::format("; dropped {}", countText(result.header.drops, "record", "records"));
    }
    if (result.header.unrecordedChildren > 0) {
        text += "; " + trace::unrecordedText(result.header.unrecordedChildren);
    }
    if (!result.header.complete) {
        text += fmt::format("; incomplete: {}", result.header.ending);
    }
    say("{}", text);
}

std::uint64_t unrecordedChildren(const Recorded& recorded) {
    std::uint64_t children = 0;
    for (const collector::Result& result : recorded.results) {
        children += result.header.unrecordedChildren;
    }
    return children;
}

/// Why there is nothing, with the remedy.
void sayNothing(const Recorded& recorded, const RecordOptions& options) {
    if (!recorded.refusals.empty()) {
        const auto supported = launcher::supportedTorchVersions();
        say("nothing recorded: found LibTorch {}, supported: {}; build reprorec with "
            "-DREPROREC_TORCH=<folder of this LibTorch>",
            recorded.refusals.front(),
            supported.empty() ? "none" : fmt::format("{}", fmt::join(supported, ", ")));
    } else if (!recorded.failures.empty()) {
        say("nothing recorded: {}", recorded.failures.front());
    } else if (recorded.results.empty()) {
        say("nothing recorded: {} loaded no LibTorch; try: reprorec doctor {}",
            options.words.front(), shellWord(options.words.front()));
    } else if (const std::uint64_t children = unrecordedChildren(recorded); children > 0) {
        say("nothing recorded: {} itself ran no LibTorch op, but {}; let it compute without "
            "forking, or let the children exec",
            options.words.front(), trace::unrecordedText(children));
    } else {
        say("nothing recorded: {} ran no LibTorch op", options.words.front());
    }
}

bool sayErrors(const Recorded& recorded) {
    bool whole = true;
    for (const collector::Result& result : recorded.results) {
        if (!result.error.empty()) {
            say("recording of process {} stopped: {}", result.process.pid, result.error);
            whole = false;
        }
    }
    return whole;
}

} // namespace

bool summarize(const Recorded& recorded, const RecordOptions& options) {
    bool usable = sayErrors(recorded);
    std::uint64_t events = 0;
    std::uint64_t wanted = 0;
    const collector::Result* first = nullptr;
    for (const collector::Result& result : recorded.results) {
        events += result.events;
        wanted += result.wanted;
        if (!result.error.empty()) {
            continue;
        }
        first = first == nullptr && result.events > 0 ? &result : first;
        if (!options.quiet) {
            sayWhat(result, recorded.traces.at(result.process.number));
        }
    }
    if (events == 0 && usable) {
        sayNothing(recorded, options);
        return false;
    }
    if (!options.filters.empty() && wanted == 0) {
        say("the filter {} matched no tensor, no bytes were kept; see the names with: reprorec ls",
            options.filters);
        usable = false;
    }
    if (first != nullptr && !options.quiet) {
        say("next: reprorec diff {} OTHER.h5",
            shellWord(recorded.traces.at(first->process.number).string()));
    }
    return usable;
}

} // namespace repro::cli
