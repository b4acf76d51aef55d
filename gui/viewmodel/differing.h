// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/viewmodel/tensor.h"
#include "replay/diff.h"

#include <algorithm>
#include <cstring>

namespace repro::gui {

/// Calls `visit(element)` for each element of a pair whose bits differ. Pieces that are equal are
/// told at the speed of memory. Throws: replay::Cancelled.
template <class Visit>
void eachDiffering(const Tensor& tensor, const CancelFlag& cancel, Visit visit) {
    constexpr std::uint64_t kPiece = 1024, kPoll = 1024 * kPiece;
    const std::size_t size = tensor.type->size;
    const std::uint64_t count = tensor.isPair() ? tensor.elements() : 0;
    const auto isEqual = [&](std::uint64_t first, std::uint64_t elements) {
        return std::memcmp(tensor.at(true, first), tensor.at(false, first), elements * size) == 0;
    };
    for (std::uint64_t first = 0; first < count; first += kPiece) {
        if (first % kPoll == 0 && cancel) {
            throw replay::Cancelled();
        }
        const std::uint64_t last = std::min(first + kPiece, count);
        for (std::uint64_t element = isEqual(first, last - first) ? last : first; element < last;
             ++element) {
            if (!isEqual(element, 1)) {
                visit(element);
            }
        }
    }
}

} // namespace repro::gui
