// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/run/run.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace repro::replay {

constexpr std::size_t kNoIndex = static_cast<std::size_t>(-1);

using Keys = std::vector<std::uint64_t>;

/// Inputs by which one at a time a row is told that reads something that differs.
constexpr std::size_t kToldInputs = 3;

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
            keys[i] = partner[i] == kNoIndex ? keyOf(*this, i) : 0;
        }
        return keys;
    }

    const Run& run;
    std::span<const trace::EventId> ids;
    Keys contents;
    /// By the n-th input alone: what the row is, and that input's contents; 0 = it has none, or it
    /// is chance what those are.
    std::array<Keys, kToldInputs> inputs;
    std::vector<std::size_t> next, previous, partner;
    std::vector<std::vector<Edge>> sources, readers;

private:
    using Storages = std::unordered_set<std::uint64_t>;
    [[nodiscard]] Storages contestedStorages() const;
    void tellInputs(std::size_t i, const Storages& contested, const Storages& drawn);
    void link(std::size_t i, const Storages& contested,
              std::unordered_map<std::uint64_t, std::size_t>& writer);
};

} // namespace repro::replay
