// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/result.h"
#include "replay/run/row_compare.h"
#include "replay/run/run.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace repro::replay {

/// A list of tensors that a row reads in both runs, with the same contents in another order.
struct ListOrder {
    std::string slot; ///< "in0"
    std::size_t count = 0;
    trace::EventId firstA = trace::kNone64; ///< the first op that ran in another order, if any did
    trace::EventId firstB = trace::kNone64;
};

/// Nothing where any of the pairs is no item of such a list.
std::optional<ListOrder> otherOrder(const Run& a, const Run& b, const Row& row,
                                    const std::vector<UsePair>& pairs);

} // namespace repro::replay
