// SPDX-License-Identifier: BSD-3-Clause
#include "replay/run/liveness.h"

#include "replay/run/byte_states.h"
#include "replay/run/row_compare.h"
#include "replay/run/run.h"
#include "replay/run/storage_uses.h"
#include "trace/error.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace repro::replay {
namespace {

using trace::EventId;
using trace::EventKind;
using trace::kNone32;
using trace::kNone64;
namespace event_flag = trace::event_flag;

// States of bytes, as seen from a moment of the run into its future.
constexpr ByteStates::State kLast = 1;   ///< never overwritten, never replaced
constexpr ByteStates::State kNeeded = 2; ///< read, for something that is seen
constexpr ByteStates::State kRead = 4;   ///< read by some op

bool isSeenState(ByteStates::State state) {
    return (state & kNeeded) != 0 || (state & (kLast | kRead)) == kLast;
}

/// Ordinals for one event at most, definitions and pieces of payload among them.
constexpr std::uint64_t kSparsest = 4096;

/// A gradient of another step is no replacement: a program may have looked at each.
bool isReplaceable(std::string_view name) {
    return !name.empty() && !name.ends_with(".grad");
}

class Pass {
public:
    Pass(const Run& run, std::vector<bool>& useSeen, std::vector<bool>& eventSeen)
        : m_run(run), m_useSeen(useSeen), m_eventSeen(eventSeen),
          m_states(storageCount(run), kLast) {}

    /// By falling time: an op ends after what it called, and begins before it.
    void go() {
        findReplacedNames();
        const auto& events = m_run.events;
        std::uint64_t last = 0;
        for (EventId event = 0; event < events.count; ++event) {
            last = std::max({last, events.begin[event], events.end[event]});
        }
        if (last > kSparsest * (events.count + 1)) {
            throw Error(ErrorKind::Format, "the order of a trace has more gaps than events; check "
                                           "it with `reprorec verify`");
        }
        constexpr std::uint64_t kNothing = kNone64;
        std::vector<std::uint64_t> points(last + 1, kNothing); // twice the event, 1 more at its end
        for (EventId event = 0; event < events.count; ++event) {
            if (!isActor(event)) {
                continue;
            }
            points[events.begin[event]] = 2 * event;
            if (events.end[event] != 0) {
                points[events.end[event]] = 2 * event + 1;
            } else {
                atEnd(event);
            }
        }
        for (auto point = points.rbegin(); point != points.rend(); ++point) {
            if (*point != kNothing) {
                *point % 2 == 1 ? atEnd(*point / 2) : atBegin(*point / 2);
            }
        }
    }

private:
    static std::uint64_t storageCount(const Run& run) {
        std::uint64_t last = 0;
        for (trace::ValueId value = 0; value < run.values.count; ++value) {
            const std::uint64_t storage = run.values.storage[value];
            last = storage == kNone64 ? last : std::max(last, storage);
        }
        return std::min(last, run.values.count) + 1;
    }

    [[nodiscard]] EventKind kindOf(EventId event) const {
        return static_cast<EventKind>(m_run.events.kind[event]);
    }
    [[nodiscard]] bool isActor(EventId event) const {
        const EventKind kind = kindOf(event);
        return kind == EventKind::Op || kind == EventKind::Watch || kind == EventKind::Gradient;
    }

    /// A name that moves to another storage leaves the one that it had behind.
    void findReplacedNames() {
        std::unordered_map<std::uint32_t, std::uint64_t> storageOfName;
        for (std::uint64_t use = 0; use < m_run.uses.count; ++use) {
            const std::uint32_t name = m_run.uses.name[use];
            const std::uint64_t storage = m_run.storageOf(use);
            if (name == kNone32 || storage == kNone64 || !m_run.isOutput(use)) {
                continue;
            }
            const auto [known, isNew] = storageOfName.try_emplace(name, storage);
            if (!isNew && known->second != storage) {
                if (isReplaceable(m_run.reader().text(name))) {
                    m_leftBehind[m_run.uses.event[use]].push_back(known->second);
                }
                known->second = storage;
            }
        }
    }

    [[nodiscard]] bool isNeeded(const StorageUse& use) const {
        return use.storage == kNone64 || m_states.any(use.storage, use.span, isSeenState);
    }

    void atEnd(EventId event) {
        if (kindOf(event) != EventKind::Op) {
            m_eventSeen[event] = kindOf(event) == EventKind::Watch;
            return;
        }
        gatherUses(m_run, event, m_now);
        const std::uint32_t flags = m_run.events.flags[event];
        bool seen = (flags & (event_flag::Threw | event_flag::Unfinished)) != 0;
        bool hasOutput = false;
        for (const StorageUse& use : m_now) {
            hasOutput = hasOutput || use.isOutput;
            if ((use.isOutput || use.writes) && isNeeded(use)) {
                m_useSeen[use.use] = true;
                seen = true;
            }
        }
        const bool isOfLoader = (flags & event_flag::LoaderSeed) != 0;
        m_eventSeen[event] = seen || (!isOfLoader && (!hasOutput || !m_run.isAten(event)));
    }

    void atBegin(EventId event) {
        if (const auto left = m_leftBehind.find(event); left != m_leftBehind.end()) {
            for (const std::uint64_t storage : left->second) {
                forget(storage, {0, kNone64});
            }
        }
        gatherUses(m_run, event, m_now);
        if (kindOf(event) == EventKind::Gradient) {
            for (const StorageUse& use : m_now) {
                m_useSeen[use.use] = isNeeded(use); // a look of the recorder's
            }
            return;
        }
        for (const StorageUse& use : m_now) {
            if (use.writes && use.storage != kNone64 && hasNoGaps(m_run, use.use)) {
                m_states.change(use.storage, use.span,
                                [](ByteStates::State) { return ByteStates::State{0}; });
            }
        }
        const bool views = std::ranges::none_of(m_now, &StorageUse::writes);
        for (const StorageUse& use : m_now) {
            if (!use.isOutput && use.storage != kNone64) {
                takeInput(event, use, views);
            }
        }
    }

    void takeInput(EventId event, const StorageUse& use, bool views) {
        const OpNature& nature = m_run.nature(event);
        const std::uint16_t slot = m_run.uses.slot[use.use];
        const auto isHandedOut = [&](bool same) {
            return std::ranges::any_of(m_now, [&](const StorageUse& other) {
                return other.isOutput && (other.storage == use.storage) == same;
            });
        };
        const bool isOther = std::ranges::any_of(
            m_now, [&](const StorageUse& other) { return other.storage != use.storage; });
        if (slot == 0 &&
            ((nature.replacesStorage && isHandedOut(false)) || (nature.isReplacement && isOther))) {
            forget(use.storage, use.span);
            return;
        }
        if (!nature.reads(slot) || !isMeaningful(m_run, use.use) || (views && isHandedOut(true))) {
            return;
        }
        const auto state =
            static_cast<ByteStates::State>(kRead | (m_eventSeen[event] ? kNeeded : 0));
        m_states.change(use.storage, use.span, [&](ByteStates::State before) {
            return static_cast<ByteStates::State>(before | state);
        });
    }

    void forget(std::uint64_t storage, Span span) {
        m_states.change(storage, span, [](ByteStates::State before) {
            return static_cast<ByteStates::State>(before & ~kLast);
        });
    }

    const Run& m_run;
    std::vector<bool>& m_useSeen;
    std::vector<bool>& m_eventSeen;
    ByteStates m_states;
    std::unordered_map<EventId, std::vector<std::uint64_t>> m_leftBehind;
    std::vector<StorageUse> m_now; ///< uses of the event at hand
};

} // namespace

Liveness::Liveness(const Run& run) : m_use(run.uses.count), m_event(run.events.count) {
    Pass(run, m_use, m_event).go();
}

} // namespace repro::replay
