// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/words.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace repro::cli {

/// Whether text on stdout may carry colours. `mode` is "auto", "always" or "never"; "auto" means: a
/// terminal that is not "dumb", and NO_COLOR is unset or empty.
bool wantsColor(std::string_view mode);

/// A line on stderr that is redrawn in place while work goes on that takes longer than `patience`.
/// Silent unless stderr is a terminal, so that nothing of it reaches a pipe or a log. One thread.
class Progress {
public:
    explicit Progress(std::string what,
                      std::chrono::milliseconds patience = std::chrono::seconds(1));
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// `done` from 0 to 1.
    void update(double done);

private:
    std::string m_what;
    bool m_terminal;
    std::chrono::steady_clock::time_point m_due; ///< no earlier is anything drawn
    int m_percent = -1;
};

using trace::countText;
using trace::printable;
using trace::shellWord;
/// "1.5 GiB", "312 B".
std::string byteText(std::uint64_t bytes);
/// "2.1 s", "35 ms".
std::string durationText(std::uint64_t nanoseconds);

} // namespace repro::cli
