// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/run/row_compare.h"
#include "replay/run/run.h"

#include <cstddef>
#include <string>
#include <vector>

namespace repro::replay {

/// What becomes of a difference in an op that inherits it, as far as bytes and statistics tell.
class Propagation {
public:
    /// Tensors that cannot be read are named in `damaged`.
    Propagation(const Run& a, const Run& b, std::vector<std::string>& damaged);

    /// Requires: outputs.
    [[nodiscard]] bool isNonFiniteOnOneSide(const RowComparison& row) const;
    /// Is the first output farther apart, in ULP, than the first input, by more than a factor of
    /// 1024? Reads bytes, hence of the first rows only. Requires: outputs.
    [[nodiscard]] bool isAmplified(const RowComparison& row);

private:
    const Run& m_a;
    const Run& m_b;
    std::vector<std::string>& m_damaged;
    std::size_t m_checks = 0;
    /// Asking each row for bytes that a recording of fingerprints cannot have costs reading
    /// columns.
    bool m_haveBytes;
};

} // namespace repro::replay
