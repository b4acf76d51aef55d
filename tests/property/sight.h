// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "tests/property/machine.h"

#include <set>

namespace repro::property {

/// Of which instructions somebody sees something, by who wrote every element that was read: it
/// hands a number to the program, it is an op that is not ATen's, an instruction that is seen reads
/// an element of it, or an element of it is there at the end and no op has read it.
class Sight {
public:
    Sight(const Program& program, const Execution& run);
    [[nodiscard]] bool isSeen(int instruction) const { return m_seen.contains(instruction); }

private:
    std::set<int> m_seen;
};

} // namespace repro::property
