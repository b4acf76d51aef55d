// SPDX-License-Identifier: BSD-3-Clause
#include "replay/align/pool_side.h"

#include "replay/run/rng_streams.h"
#include "replay/run/row_compare.h"
#include "replay/run/storage_uses.h"

#include <unordered_set>

namespace repro::replay {
namespace {

using trace::EventId;

/// Storages whose contents come of random numbers that several threads draw. Which of them draws
/// which is chance, so they do not tell what a thread works on.
class ChanceTracker {
public:
    explicit ChanceTracker(const Run& run) : m_run(run), m_drawing(sharedDraws(run)) {}

    /// The key of the pool's next row, in order of the trace.
    std::uint64_t keyOf(EventId event) {
        if (m_drawing.empty()) {
            return m_run.contentKey(event, m_chance);
        }
        const bool byChance = m_drawing.contains(event) || readsChance(event);
        for (const std::uint64_t use : m_run.usesOf(event)) {
            if (m_run.isOutput(use)) {
                const std::uint64_t storage = m_run.storageOf(use);
                byChance ? (void)m_chance.insert(storage) : (void)m_chance.erase(storage);
            }
        }
        return m_run.contentKey(event, m_chance);
    }

    /// Now, after that row.
    [[nodiscard]] const std::unordered_set<std::uint64_t>& storages() const { return m_chance; }

private:
    bool readsChance(EventId event) const {
        for (const std::uint64_t use : m_run.usesOf(event)) {
            if (!m_run.isOutput(use) && m_chance.contains(m_run.storageOf(use))) {
                return true;
            }
        }
        return false;
    }

    const Run& m_run;
    NamedDraws m_drawing;
    std::unordered_set<std::uint64_t> m_chance;
};

} // namespace

PoolSide::PoolSide(const Run& run_, const Lane& lane) : run(run_), ids(lane.events) {
    ChanceTracker chance(run);
    std::unordered_map<std::uint32_t, std::size_t> last;
    std::unordered_map<std::uint64_t, std::size_t> writer;
    const std::size_t n = ids.size();
    contents.resize(n);
    next.assign(n, kNoIndex);
    previous.assign(n, kNoIndex);
    partner.assign(n, kNoIndex);
    sources.resize(n);
    readers.resize(n);
    for (Keys& keys : inputs) {
        keys.resize(n);
    }
    const Storages contested = contestedStorages();
    for (std::size_t i = 0; i < n; ++i) {
        contents[i] = chance.keyOf(ids[i]);
        const auto [found, isFirst] = last.try_emplace(run.events.thread[ids[i]], i);
        if (!isFirst) {
            previous[i] = found->second;
            next[found->second] = i;
            found->second = i;
        }
        tellInputs(i, contested, chance.storages());
        link(i, contested, writer);
    }
}

/// Those that several threads write: whose write a reader sees is chance.
PoolSide::Storages PoolSide::contestedStorages() const {
    std::unordered_map<std::uint64_t, std::uint32_t> threadOf;
    Storages contested;
    for (const EventId event : ids) {
        for (const std::uint64_t use : run.usesOf(event)) {
            const std::uint32_t thread = run.events.thread[event];
            if (run.isOutput(use) && isWrite(run, use) &&
                threadOf.try_emplace(run.storageOf(use), thread).first->second != thread) {
                contested.insert(run.storageOf(use));
            }
        }
    }
    return contested;
}

void PoolSide::tellInputs(std::size_t i, const Storages& contested, const Storages& drawn) {
    std::size_t n = 0;
    for (const std::uint64_t use : run.usesOf(ids[i])) {
        if (run.isOutput(use) || !isMeaningful(run, use)) {
            continue;
        }
        const std::uint64_t storage = run.storageOf(use);
        if (!contested.contains(storage) && !drawn.contains(storage)) {
            const std::uint64_t low = run.values.fingerprintLow[run.uses.value[use]];
            inputs[n][i] = mixHash(run.key(ids[i], KeyLevel::Full), low ^ run.uses.slot[use]);
        }
        if (++n == kToldInputs) {
            return;
        }
    }
}

void PoolSide::link(std::size_t i, const Storages& contested,
                    std::unordered_map<std::uint64_t, std::size_t>& writer) {
    const std::uint64_t end = run.usesEnd(ids[i]);
    for (std::uint64_t use = run.usesBegin(ids[i]); use < end; ++use) {
        const auto found = writer.find(run.storageOf(use));
        if (!run.isOutput(use) && found != writer.end()) {
            sources[i].push_back({run.uses.slot[use], found->second});
            readers[found->second].push_back({run.uses.slot[use], i});
        }
    }
    for (std::uint64_t use = run.usesBegin(ids[i]); use < end; ++use) {
        // Of a tensor that threads share, each takes views of its own: none of them made it.
        if (run.isOutput(use) && isWrite(run, use) && !contested.contains(run.storageOf(use))) {
            writer[run.storageOf(use)] = i;
        }
    }
}

} // namespace repro::replay
