// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/collector/process.h"

#include <filesystem>
#include <set>
#include <string>

namespace repro::collector {

/// Names the trace of each recording process after what the user gave with -o. In it `%r` is the
/// rank,
/// `%p` the process number, `%h` the name of the host, `%%` a percent sign. A process that has a
/// rank gets it appended to the stem if there is no %r; the second process of one name becomes
/// `run.2.h5`. One thread.
class TraceNames {
public:
    explicit TraceNames(std::string pattern) : m_pattern(std::move(pattern)) {}

    std::filesystem::path nameFor(const Process& process);

private:
    std::string m_pattern;
    std::set<std::filesystem::path> m_given;
};

} // namespace repro::collector
