// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace repro::collector {

/// From a 128-bit hash to a number, 24 bytes an entry. Equal hashes are taken for equal keys.
class FingerprintMap {
public:
    static constexpr std::uint64_t kAbsent = trace::kNone64;

    [[nodiscard]] std::size_t size() const { return m_size; }

    [[nodiscard]] std::uint64_t find(const trace::Fingerprint& key) const {
        return m_slots.empty() ? kAbsent : m_slots[slotOf(key)].number;
    }

    /// Inserts or replaces. Requires: number != kAbsent.
    void put(const trace::Fingerprint& key, std::uint64_t number) {
        if (m_slots.empty() || m_size * 2 >= m_slots.size()) {
            grow();
        }
        Slot& slot = m_slots[slotOf(key)];
        m_size += slot.number == kAbsent ? 1 : 0;
        slot = {key, number};
    }

    void swap(FingerprintMap& other) {
        m_slots.swap(other.m_slots);
        std::swap(m_size, other.m_size);
    }

    void clear() {
        m_slots.assign(m_slots.size(), Slot{});
        m_size = 0;
    }

private:
    struct Slot {
        trace::Fingerprint key;
        std::uint64_t number = kAbsent;
    };

    [[nodiscard]] std::size_t slotOf(const trace::Fingerprint& key) const {
        const std::size_t mask = m_slots.size() - 1;
        std::size_t at = key.low & mask;
        while (m_slots[at].number != kAbsent && m_slots[at].key != key) {
            at = (at + 1) & mask;
        }
        return at;
    }

    void grow() {
        std::vector<Slot> old(m_slots.empty() ? 1024 : m_slots.size() * 2);
        old.swap(m_slots);
        for (const Slot& slot : old) {
            if (slot.number != kAbsent) {
                m_slots[slotOf(slot.key)] = slot;
            }
        }
    }

    std::vector<Slot> m_slots;
    std::size_t m_size = 0;
};

} // namespace repro::collector
