// SPDX-License-Identifier: BSD-3-Clause
#include "replay/numbers/pattern.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <vector>

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

Box boxAround(std::span<const std::int64_t> shape, std::span<const Stretch> stretches) {
    Box box{std::vector<std::uint64_t>(shape.size(), UINT64_MAX),
            std::vector<std::uint64_t>(shape.size(), 0)};
    for (const Stretch& stretch : stretches) {
        std::uint64_t first = stretch.first;
        std::uint64_t last = stretch.end - 1;
        for (std::size_t d = shape.size(); d-- > 0;) {
            const auto size = static_cast<std::uint64_t>(shape[d]);
            // From one row into the next it has passed both ends.
            const bool within = first / size == last / size;
            box.low[d] = std::min(box.low[d], within ? first % size : 0);
            box.high[d] = std::max(box.high[d], within ? last % size : size - 1);
            first /= size;
            last /= size;
        }
    }
    return box;
}

/// Kernels work on tiles whose sides are powers of two: a block that is just one points at them.
std::string tileText(const Box& box) {
    constexpr std::uint64_t kSmallest = 8;
    std::vector<std::uint64_t> sides;
    for (std::size_t d = 0; d < box.low.size(); ++d) {
        const std::uint64_t side = box.high[d] - box.low[d] + 1;
        if (side == 1) {
            continue;
        }
        if (side < kSmallest || !std::has_single_bit(side) || box.low[d] % side != 0) {
            return {};
        }
        sides.push_back(side);
    }
    return sides.size() < 2 ? "" : fmt::format(", a tile of {}", fmt::join(sides, " x "));
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
    return fmt::format("{} [{}]{}", lastOnly ? "row" : "block", fmt::join(parts, ", "),
                       tileText(box));
}

/// Where stretches of one length come at one distance: "every 4th element", "8 of every 32
/// elements". Else empty.
std::string lanesText(std::span<const Stretch> stretches) {
    if (stretches.size() < 3) {
        return {};
    }
    const std::uint64_t wide = stretches[0].end - stretches[0].first;
    const std::uint64_t stride = stretches[1].first - stretches[0].first;
    for (std::size_t i = 1; i < stretches.size(); ++i) {
        if (stretches[i].end - stretches[i].first != wide ||
            stretches[i].first - stretches[i - 1].first != stride) {
            return {};
        }
    }
    return wide == 1 ? fmt::format("every {}th element", stride)
                     : fmt::format("{} of every {} elements", wide, stride);
}

} // namespace

std::string patternOf(std::span<const std::int64_t> shape, std::span<const Stretch> differing) {
    std::uint64_t elements = 1;
    for (const std::int64_t size : shape) {
        elements *= static_cast<std::uint64_t>(size);
    }
    if (differing.empty() || elements == 0) {
        return {};
    }
    std::uint64_t count = 0;
    for (const Stretch& stretch : differing) {
        count += stretch.end - stretch.first;
    }
    if (count == elements) {
        return "all elements";
    }
    if (count == 1) {
        return "one element";
    }
    const Box box = boxAround(shape, differing);
    // A tenth of a block may have come out equal by chance.
    if (box.volume() < elements && count * 10 >= box.volume() * 9) {
        return boxText(shape, box);
    }
    if (differing.size() == 1 && differing[0].end == elements && count * 2 < elements) {
        return fmt::format("the last {} elements", count);
    }
    if (std::string lanes = lanesText(differing); !lanes.empty()) {
        return lanes;
    }
    return count * 10 >= elements * 9 ? "nearly all elements" : "scattered";
}

} // namespace repro::replay
