// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace repro::bench {

/// A made-up training run: steps of layer calls, each with four ops that run another one each; an
/// op reads what the one before it wrote, and a weight.
struct SyntheticRun {
    std::uint64_t events = 0; ///< a whole number of layer calls, at least so many
    std::uint64_t model = 0;  ///< order of the ops, shapes and names of the layers follow from it
    bool diverges = false;    ///< halfway an op writes something else, and so do all after it
    /// So many ops read data that come from outside, each from a storage of its own; where the run
    /// diverges these are others, and halfway nothing happens.
    std::uint64_t origins = 0;
    bool statistics = false; ///< of every value
};

/// Writes it to `path`, over what is there.
/// Returns: the event that diverges first; kNone64 where none does.
trace::EventId writeSyntheticRun(const std::filesystem::path& path, const SyntheticRun& run);

/// A run of one op that writes one tensor of rows of `columns` numbers; value 0 has its bytes.
void writeTensorRun(const std::filesystem::path& path, std::span<const float> numbers,
                    std::size_t columns);

} // namespace repro::bench
