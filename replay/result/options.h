// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/result.h"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>

namespace repro::replay {

struct AlignmentMap;
class Tolerances;

/// What a running comparison has come to.
enum class DiffStage { Index, Align, Classify };

struct DiffProgress {
    DiffStage stage = DiffStage::Index;
    std::uint64_t rowsDone = 0;              ///< of `rows`, by the stage, in the order of run A
    std::uint64_t rows = 0;                  ///< 0 where the stage counts none
    std::optional<Row> firstDifference = {}; ///< of the rows judged so far
};

/// Thrown by diff() when its progress callback says so.
class Cancelled : public std::exception {
public:
    [[nodiscard]] const char* what() const noexcept override { return "cancelled"; }
};

struct DiffOptions {
    const AlignmentMap* map = nullptr; ///< borrowed; what else is known of who is whose partner
    const Tolerances* tolerances = nullptr; ///< borrowed; none: bits decide
    bool strict = false;                    ///< count what nobody can see as a difference, too
    bool keepRows = false;                  ///< fill DiffResult::rows (16 to 24 bytes a row)
    std::size_t maxOrigins = 256;           ///< further ones are counted, not described
    std::size_t maxNotes = 64;
    bool allowUnrecordedChildren = false; ///< runs may be the same though forked children computed
    /// Told at each stage and every few thousand rows of it, on the caller's thread. False: give
    /// up.
    std::function<bool(const DiffProgress&)> progress = {};

    /// Throws: Cancelled when the callback says so.
    void report(const DiffProgress& now) const {
        if (progress && !progress(now)) {
            throw Cancelled();
        }
    }
};

} // namespace repro::replay
