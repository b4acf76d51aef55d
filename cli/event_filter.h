// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/error.h"
#include "trace/model.h"
#include "trace/reader.h"

#include <CLI/App.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace repro::cli {

/// Which events a listing is about, as options of the command line.
struct FilterOptions {
    std::string expression;         ///< see replay/filter
    std::string op;                 ///< regular expression, searched in "aten::add.Tensor"
    std::string layer;              ///< regular expression, searched in the layer's path
    std::string steps;              ///< "3", "3-5", "3-"
    std::string thread;             ///< name of a thread or of a pool
    std::vector<std::string> kinds; ///< empty = ops, with an expression all
    bool nested = false;            ///< ops inside ops too
    std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();

    void declareOn(CLI::App& app);
};

/// Events that pass every filter, in order, at most `limit`.
/// Throws: Error (Usage) for a malformed filter, or when nothing passes.
std::vector<trace::EventId> filterEvents(const trace::Reader& reader, const FilterOptions& options);

/// Events that pass an expression (docs/filters.md), in order.
/// Throws: Error (Usage) where it is wrong, with the place.
std::vector<trace::EventId> eventsThatPass(const trace::Reader& reader,
                                           const std::string& expression);

/// To throw where nothing passes.
Error nothingPasses(const trace::Reader& reader);

} // namespace repro::cli
