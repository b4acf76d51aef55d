// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace repro::host {

/// Where the modules are whose layers are known. Asked of every word of the program's frames, so
/// that it takes no lock: a place in it belongs to one address for ever, and only its layer
/// changes. Threads: one at a time changes it, any asks.
class ModuleAddresses {
public:
    /// What finds no place is not found later: a model of more than 12,000 modules has fewer exact
    /// layers.
    void put(const void* address, std::uint32_t layer);
    /// The module is gone.
    void remove(const void* address);
    /// Layer of the module that begins at `address`; kNone32 = none does that is known.
    [[nodiscard]] std::uint32_t layerAt(std::uintptr_t address) const {
        const std::uintptr_t first = m_first.load(std::memory_order_relaxed);
        if (address - first > m_last.load(std::memory_order_relaxed) - first ||
            address % alignof(void*) != 0) {
            return trace::kNone32;
        }
        for (std::size_t at = placeOf(address);; at = (at + 1) % kPlaces) {
            const std::uintptr_t found = m_places[at].address.load(std::memory_order_acquire);
            if (found == address) {
                return m_places[at].layerPlusOne.load(std::memory_order_relaxed) - 1;
            }
            if (found == 0) {
                return trace::kNone32;
            }
        }
    }
    /// Changes with every new module.
    [[nodiscard]] std::uint64_t version() const {
        return m_version.load(std::memory_order_relaxed);
    }

private:
    static constexpr unsigned kBits = 15;
    static constexpr std::size_t kPlaces = std::size_t{1} << kBits;
    static constexpr std::size_t kMost = kPlaces / 4 * 3;
    struct Place {
        std::atomic<std::uintptr_t> address{0};
        std::atomic<std::uint32_t> layerPlusOne{0}; ///< kNone32 is the largest: 0 stands for it
    };
    static std::size_t placeOf(std::uintptr_t address) {
        return (address >> 4U) * 0x9E3779B97F4A7C15ULL >> (64U - kBits);
    }

    std::array<Place, kPlaces> m_places;
    std::size_t m_count = 0;
    std::atomic<std::uint64_t> m_version{0};
    std::atomic<std::uintptr_t> m_first{0}, m_last{0};
};

/// Of the process.
ModuleAddresses& moduleAddresses();

} // namespace repro::host
