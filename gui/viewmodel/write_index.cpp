// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/write_index.h"

#include "replay/run/run.h"
#include "replay/run/storage_uses.h"

#include <algorithm>
#include <bit>

namespace repro::gui {

WriteIndex::WriteIndex(const replay::Run& run) {
    std::vector<std::uint32_t> writes;
    std::uint64_t last = 0;
    for (trace::EventId event = 0; event < run.events.count; ++event) {
        run.reader().pollAt(event);
        if (!run.isRow(event)) {
            continue;
        }
        for (const std::uint64_t use : run.usesOf(event)) {
            if (!replay::isWrite(run, use)) {
                continue;
            }
            const std::uint64_t storage = run.storageOf(use);
            if (storage != trace::kNone64) {
                writes.push_back(static_cast<std::uint32_t>(use));
                last = std::max(last, storage);
            }
        }
    }
    // Counting sort: order within a bucket is that of the trace.
    m_start.assign(std::bit_ceil(std::min<std::uint64_t>(writes.size(), last) + 1) + 1, 0);
    for (const std::uint32_t use : writes) {
        ++m_start[bucketOf(run.storageOf(use)) + 1];
    }
    for (std::size_t bucket = 1; bucket < m_start.size(); ++bucket) {
        m_start[bucket] += m_start[bucket - 1];
    }
    m_uses.resize(writes.size());
    std::vector<std::uint32_t> next(m_start.begin(), m_start.end() - 1);
    for (const std::uint32_t use : writes) {
        m_uses[next[bucketOf(run.storageOf(use))]++] = use;
    }
}

std::span<const std::uint32_t> WriteIndex::near(std::uint64_t storage) const {
    if (storage == trace::kNone64 || m_uses.empty()) {
        return {};
    }
    const std::uint64_t bucket = bucketOf(storage);
    return std::span(m_uses).subspan(m_start[bucket], m_start[bucket + 1] - m_start[bucket]);
}

} // namespace repro::gui
