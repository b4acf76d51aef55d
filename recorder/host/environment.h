// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace repro::host {

/// The host's environment as a JSON object; trace/FORMAT.md names its keys. Values of environment
/// variables are stored for a list of names that matter to results; of others nothing is kept.
std::string environmentJson();

} // namespace repro::host
