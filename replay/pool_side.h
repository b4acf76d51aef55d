// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/run.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace repro::replay {

constexpr std::size_t kNoIndex = static_cast<std::size_t>(-1);

using Keys = std::vector<std::uint64_t>;

/// One pool of one run: its rows, each with its neighbours in its own thread, and with those that
/// it reads from and that read from it.
struct PoolSide {
    struct Edge {
        std::uint16_t slot;
        std::size_t row;
    };

    PoolSide(const Run& run_, const Lane& lane);

    /// Keys of the rows that have no partner; of the others, 0.
    template <class KeyOf>
    [[nodiscard]] Keys openKeys(KeyOf keyOf) const {
        Keys keys(ids.size());
        for (std::size_t i = 0; i < ids.size(); ++i) {
            keys[i] = partner[i] == kNoIndex ? keyOf(*this, ids[i]) : 0;
        }
        return keys;
    }

    const Run& run;
    std::span<const trace::EventId> ids;
    Keys contents;
    std::vector<std::size_t> next, previous, partner;
    std::vector<std::vector<Edge>> sources, readers;
    /// Storages that several threads write: whose write a reader sees is chance.
    std::unordered_set<std::uint64_t> contested;

private:
    void findContested();
    void link(std::size_t i, std::unordered_map<std::uint64_t, std::size_t>& writer);
};

} // namespace repro::replay
