// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace repro::replay {

/// A set of hashes that are mixed already, in one piece of memory: a run of ten million events has
/// millions, and a node for each took a third of the time of its diff.
class KeySet {
public:
    void insert(std::uint64_t key) {
        if (2 * (m_count + 1) > m_slots.size()) {
            grow();
        }
        put(key);
    }
    [[nodiscard]] bool contains(std::uint64_t key) const {
        return !m_slots.empty() && m_slots[slotOf(key)] != kFree;
    }

private:
    static constexpr std::uint64_t kFree = 0;
    static std::uint64_t stored(std::uint64_t key) { return key == kFree ? 1 : key; }

    /// Where the key is, or would be.
    [[nodiscard]] std::size_t slotOf(std::uint64_t key) const {
        const std::size_t mask = m_slots.size() - 1;
        std::size_t at = stored(key) & mask;
        while (m_slots[at] != kFree && m_slots[at] != stored(key)) {
            at = (at + 1) & mask;
        }
        return at;
    }
    void put(std::uint64_t key) {
        std::uint64_t& slot = m_slots[slotOf(key)];
        m_count += slot == kFree ? 1 : 0;
        slot = stored(key);
    }
    void grow() {
        constexpr std::size_t kFirst = 64;
        const auto old = std::exchange(
            m_slots, std::vector<std::uint64_t>(m_slots.empty() ? kFirst : 2 * m_slots.size()));
        m_count = 0;
        for (const std::uint64_t key : old) {
            if (key != kFree) {
                put(key);
            }
        }
    }

    std::vector<std::uint64_t> m_slots; ///< a power of two of them, half free at least
    std::size_t m_count = 0;
};

} // namespace repro::replay
