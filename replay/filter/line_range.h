// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/result.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace repro::replay {

/// Lines of the files whose path ends in `file`, by whole names: "train.cpp" and "src/train.cpp"
/// are both "/home/me/src/train.cpp", "rain.cpp" is not.
struct LineRange {
    std::string file;
    std::uint64_t first = 0;
    std::uint64_t last = std::numeric_limits<std::uint64_t>::max();

    [[nodiscard]] bool isFile(std::string_view path) const;
    [[nodiscard]] bool contains(const SourceLine& call) const {
        return isFile(call.file) && first <= call.line && call.line <= last;
    }
};

/// "train.cpp", "train.cpp:80", "train.cpp:80..95", "train.cpp:80.."; `-` does as well as `..`.
/// Nothing where no file is named or the lines go backward.
std::optional<LineRange> parseLineRange(std::string_view text);

} // namespace repro::replay
