// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/sink.h"

#include <cstdint>
#include <vector>

namespace repro::collector {

/// An event that has begun and not ended.
struct OpenEvent {
    trace::EventId id = trace::kNone64;
    std::uint64_t beginOrdinal = 0;
    std::uint64_t sequence = 0; ///< next autograd sequence number at the beginning
    std::uint64_t extra = 0;
    trace::EventKind kind = trace::EventKind::Op;
    trace::Phase hostPhase = trace::Phase::Other;
    std::uint32_t flags = 0;
    trace::LayerId layer = trace::kNone32;
    trace::LayerId nodeLayer = trace::kNone32; ///< what ops within a backward node inherit
    trace::TextId parameter = trace::kNone32;
    trace::SiteId site = trace::kNone32;
    bool backward = false;  ///< it or what encloses it is a node or a gradient
    bool optimizer = false; ///< likewise an optimizer's step or zero_grad
    bool layerCall = false; ///< likewise a call of a layer
    std::vector<trace::Use> uses;
};

/// The events of one thread that are open, the outermost first. Closed ones are kept for reuse, so
/// that an event costs no allocation.
class OpenEvents {
public:
    [[nodiscard]] std::size_t size() const { return m_size; }
    OpenEvent& operator[](std::size_t index) { return m_events[index]; }
    [[nodiscard]] const OpenEvent* top() const {
        return m_size == 0 ? nullptr : &m_events[m_size - 1];
    }

    OpenEvent& push() {
        if (m_size == m_events.size()) {
            m_events.emplace_back();
        }
        OpenEvent& event = m_events[m_size++];
        std::vector<trace::Use> uses = std::move(event.uses);
        uses.clear();
        event = OpenEvent{};
        event.uses = std::move(uses);
        return event;
    }

    /// Forgets one, wherever it stands.
    void erase(std::size_t index) {
        for (; index + 1 < m_size; ++index) {
            std::swap(m_events[index], m_events[index + 1]);
        }
        --m_size;
    }

private:
    std::vector<OpenEvent> m_events;
    std::size_t m_size = 0;
};

} // namespace repro::collector
