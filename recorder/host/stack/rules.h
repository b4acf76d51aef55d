// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/stack/rule.h"

#include <array>
#include <utility>

namespace repro::stack {

/// The rules of one thread, each made once. 4096 in pairs: a program's ops have a few hundred
/// return addresses, and with one place for each some kept pushing each other out.
class Rules {
public:
    const Rule& at(std::uintptr_t address) {
        // The upper bits of a product with the golden ratio: all bits of the address count.
        const std::size_t first = (address * 0x9E3779B97F4A7C15ULL >> (64U - kPairBits)) * 2;
        if (m_rules[first].address == address) {
            return m_rules[first];
        }
        if (m_rules[first + 1].address != address) {
            m_rules[first + 1] =
                std::exchange(m_rules[first], makeRule(address, objectAt(address)));
            return m_rules[first];
        }
        return m_rules[first + 1];
    }
    void clear() { m_rules.fill(Rule{}); }

private:
    static constexpr unsigned kPairBits = 11;
    std::array<Rule, std::size_t{2} << kPairBits> m_rules{};
};

} // namespace repro::stack
