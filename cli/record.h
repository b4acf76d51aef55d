// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>

namespace repro::cli {

/// `record`: runs a program and records what LibTorch computes in it. `arguments` are the options
/// and the program's command line. Returns: the program's exit status; 125 to 127 as env(1) does.
/// Throws: Error (Usage, Io).
int runRecord(std::span<char*> arguments);

} // namespace repro::cli
