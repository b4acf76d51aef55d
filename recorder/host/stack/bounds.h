// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace repro::stack {

/// Addresses that can be read.
struct Range {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;

    bool holds(std::uintptr_t address) const { return address >= begin && address < end; }
};

/// The stacks that one thread was seen on: its own, and those that signals and coroutines put it
/// on. pthread_getattr_np() would tell the first alone, and take memory of the program's heap.
class Bounds {
public:
    /// The mapping that the stack pointer is in. Empty if the system does not tell.
    Range around(std::uintptr_t sp) {
        for (const Range& range : m_known) {
            if (range.holds(sp)) {
                return range;
            }
        }
        return find(sp);
    }

private:
    Range find(std::uintptr_t sp);

    std::array<Range, 4> m_known{};
    std::size_t m_next = 0;
};

} // namespace repro::stack
