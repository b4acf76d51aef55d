// SPDX-License-Identifier: BSD-3-Clause
#include "replay/provenance/batches.h"

#include "replay/run/event_arguments.h"

#include <algorithm>

namespace repro::replay {

using trace::EventId;
using trace::EventKind;

namespace {

/// Texts are described as C++ would write them.
std::string unquoted(const std::string& text) {
    return text.size() < 2 ? text : text.substr(1, text.size() - 2);
}

} // namespace

Batches::Batches(const Run& run) : m_run(run) {
    for (EventId event = 0; event < run.events.count; ++event) {
        if (static_cast<EventKind>(run.events.kind[event]) == EventKind::Batch) {
            m_events.push_back(event);
        }
    }
}

std::optional<Batch> Batches::before(EventId event) const {
    auto at = std::ranges::lower_bound(m_events, event);
    while (at != m_events.begin()) {
        --at;
        if (m_run.events.thread[*at] != m_run.events.thread[event]) {
            continue;
        }
        std::array<std::string, 7> texts;
        const auto arguments = argumentsOf(m_run, *at);
        for (std::size_t i = 0; i < std::min(texts.size(), arguments.size()); ++i) {
            texts[i] = unquoted(arguments[i].value);
        }
        const std::uint64_t number = m_run.events.extra[*at];
        return Batch{number == trace::kNone64 ? "" : std::to_string(number),
                     texts[0],
                     texts[1],
                     texts[2],
                     {texts[3], texts[4]},
                     {texts[5], texts[6]}};
    }
    return std::nullopt;
}

} // namespace repro::replay
