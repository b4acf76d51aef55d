// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/reader.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>

namespace repro::cli {

/// How much a recording holds, counted from its columns.
struct Summary {
    std::uint64_t events = 0;
    std::uint64_t ops = 0;
    std::uint64_t outermost = 0; ///< ops that no ATen op encloses
    std::uint64_t unfinished = 0;
    std::uint64_t uses = 0;
    std::uint64_t verifiedUses = 0;
    std::uint64_t assumedUses = 0;
    std::uint64_t meaninglessUses = 0;
    std::uint64_t values = 0;
    std::uint64_t valuesWithBytes = 0;
    std::uint64_t payloadBytes = 0; ///< equal contents are stored once and counted once
    std::uint64_t steps = 0;
    std::uint64_t threads = 0;
    std::uint64_t layers = 0;
    std::uint64_t generators = 0;
    std::uint64_t draws = 0;
};

Summary summarise(const trace::Reader& reader);
nlohmann::ordered_json toJson(const Summary& summary);

} // namespace repro::cli
