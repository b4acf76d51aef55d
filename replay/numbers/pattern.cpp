// SPDX-License-Identifier: BSD-3-Clause
#include "replay/numbers/pattern.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace repro::replay {
namespace {

/// Per dimension the smallest and largest index that differs.
struct Box {
    std::vector<std::uint64_t> low, high;

    [[nodiscard]] std::uint64_t volume() const {
        std::uint64_t product = 1;
        for (std::size_t d = 0; d < low.size(); ++d) {
            product *= high[d] - low[d] + 1;
        }
        return product;
    }
};

Box boxAround(std::span<const std::int64_t> shape, const std::vector<std::uint64_t>& indices) {
    Box box{std::vector<std::uint64_t>(shape.size(), UINT64_MAX),
            std::vector<std::uint64_t>(shape.size(), 0)};
    for (std::uint64_t index : indices) {
        for (std::size_t d = shape.size(); d-- > 0;) {
            const auto size = static_cast<std::uint64_t>(shape[d]);
            box.low[d] = std::min(box.low[d], index % size);
            box.high[d] = std::max(box.high[d], index % size);
            index /= size;
        }
    }
    return box;
}

std::string boxText(std::span<const std::int64_t> shape, const Box& box) {
    std::vector<std::string> parts;
    int ranges = 0;
    for (std::size_t d = 0; d < shape.size(); ++d) {
        const bool whole =
            box.low[d] == 0 && box.high[d] + 1 == static_cast<std::uint64_t>(shape[d]);
        const bool one = box.low[d] == box.high[d] && !(whole && shape[d] == 1);
        ranges += one ? 0 : 1;
        parts.push_back(one     ? fmt::format("{}", box.low[d])
                        : whole ? std::string(":")
                                : fmt::format("{}:{}", box.low[d], box.high[d] + 1));
    }
    const bool lastOnly = ranges == 1 && box.low.back() != box.high.back();
    return fmt::format("{} [{}]", lastOnly ? "row" : "block", fmt::join(parts, ", "));
}

/// The distance between neighbours where it is one and the same, else 0.
std::uint64_t strideOf(const std::vector<std::uint64_t>& indices) {
    const std::uint64_t stride = indices[1] - indices[0];
    for (std::size_t i = 2; i < indices.size(); ++i) {
        if (indices[i] - indices[i - 1] != stride) {
            return 0;
        }
    }
    return stride;
}

} // namespace

std::string patternOf(std::span<const std::int64_t> shape,
                      const std::vector<std::uint64_t>& differing) {
    std::uint64_t elements = 1;
    for (const std::int64_t size : shape) {
        elements *= static_cast<std::uint64_t>(size);
    }
    if (differing.empty() || elements == 0) {
        return {};
    }
    if (differing.size() == elements) {
        return "all elements";
    }
    if (differing.size() == 1) {
        return "one element";
    }
    const Box box = boxAround(shape, differing);
    // A tenth of a block may have come out equal by chance.
    if (box.volume() < elements && differing.size() * 10 >= box.volume() * 9) {
        return boxText(shape, box);
    }
    if (const std::uint64_t stride = strideOf(differing); stride > 1 && differing.size() > 2) {
        return fmt::format("every {}th element", stride);
    }
    return differing.size() * 10 >= elements * 9 ? "nearly all elements" : "scattered";
}

} // namespace repro::replay
