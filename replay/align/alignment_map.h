// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/run/run.h"
#include "trace/pattern.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace repro::replay {

/// What only a person knows of how run B corresponds to run A, in lines:
///
///     layer Net\.features(.*) = Net.backbone$1   # a layer of A, and what it is called in B
///     op aten::mul = mylib::scale                # likewise an op, with or without its overload
///     event 123 = 125                            # an event of A, and its counterpart in B
///
/// Names of A are regular expressions for the whole name; the first line that fits decides.
struct AlignmentMap {
    struct Name {
        std::string place; ///< "names.map:3", for messages
        Pattern inA;
        std::string inB; ///< with $1, $2, ... for the groups
    };
    struct Pair {
        trace::EventId a = trace::kNone64;
        trace::EventId b = trace::kNone64;
        std::string place = {};
    };
    std::vector<Name> layers, ops;
    std::vector<Pair> pairs;

    [[nodiscard]] bool isEmpty() const { return layers.empty() && ops.empty() && pairs.empty(); }
    /// Appends the lines of a text; `name` is for messages. Throws: Error (Usage) with the line.
    void parse(std::string_view text, std::string_view name);
    /// Likewise of a file that holds at least one. Throws: Error (Io, Usage).
    void read(const std::filesystem::path& path);
};

/// The names of B by which rows of A shall go. Throws: Error (Usage) for a line that fits no name
/// of A, or leads to none of B.
OtherNames namesInB(const AlignmentMap& map, const Run& a, const Run& b);

/// The lane of B for each lane of A, or null: that of the same name, or, where the program was
/// built anew and its functions lie elsewhere, one without a namesake that appeared at the same
/// place.
std::vector<const Lane*> pairLanes(const Run& a, const Run& b);

/// The pairs of events by lane of run A, rising; in lanes that are no pools in both runs.
/// Throws: Error (Usage) for a pair that cannot be.
std::vector<std::vector<AlignmentMap::Pair>> pairsByLane(const AlignmentMap& map, const Run& a,
                                                         const Run& b);

} // namespace repro::replay
