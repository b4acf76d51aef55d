// SPDX-License-Identifier: BSD-3-Clause
#include "replay/provenance/list_order.h"

#include "replay/run/locate.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace repro::replay {
namespace {

using Contents = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t>;

/// Of the slot that `like` belongs to, in an order of their own.
std::vector<Contents> itemsOf(const Run& run, std::uint64_t like) {
    std::vector<Contents> items;
    for (const std::uint64_t use : run.usesOf(run.uses.event[like])) {
        if (run.uses.slot[use] == run.uses.slot[like] &&
            run.uses.direction[use] == run.uses.direction[like]) {
            const auto value = run.uses.value[use];
            items.emplace_back(run.values.fingerprintLow[value], run.values.fingerprintHigh[value],
                               run.sizesHash(value));
        }
    }
    std::ranges::sort(items);
    return items;
}

} // namespace

std::optional<ListOrder> otherOrder(const Run& a, const Run& b, const Row& row,
                                    const std::vector<UsePair>& pairs) {
    if (pairs.empty() || a.events.useCount[row.a] != b.events.useCount[row.b]) {
        return std::nullopt;
    }
    std::set<std::pair<std::uint8_t, std::uint16_t>> told;
    std::size_t count = 0;
    for (const UsePair& pair : pairs) {
        if (!told.emplace(a.uses.direction[pair.a], a.uses.slot[pair.a]).second) {
            continue;
        }
        const auto inA = itemsOf(a, pair.a);
        if (inA.size() < 2 || inA != itemsOf(b, pair.b)) {
            return std::nullopt;
        }
        count = count == 0 ? inA.size() : count;
    }
    std::string slot = slotName(a, pairs.front().a);
    return ListOrder{slot.substr(0, slot.find('[')), count, trace::kNone64, trace::kNone64};
}

} // namespace repro::replay
