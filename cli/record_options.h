// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/wire/protocol.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace repro::cli {

/// What the command line of `record` asks for, checked.
struct RecordOptions {
    wire::Options recording;
    std::string output;             ///< pattern of the trace's name
    std::string filters;            ///< as given, empty = none
    std::vector<std::string> words; ///< the program and its arguments
    std::vector<std::pair<std::string, std::string>> assignments;
    std::uint64_t ringBytes = 0;
    int compression = 1;
    bool overwrite = false;
    bool journal = true;     ///< what came so far is kept so that it outlives the recorder
    bool mustRecord = false; ///< 125 where nothing was recorded and the program ended with 0
    bool quiet = false;
    bool verbose = false;
};

/// Returns: none when help was asked for and printed. Throws: Error (Usage).
std::optional<RecordOptions> parseRecordOptions(std::span<char*> arguments);

} // namespace repro::cli
