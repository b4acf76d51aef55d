// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/reader.h"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace repro::cli {

/// The layers as an indented tree, one a line: path, type, how often it was called.
std::string layersText(const trace::Reader& reader);
/// A list of {"path", "type", "parent", "calls"} in the order of the file.
nlohmann::ordered_json layersJson(const trace::Reader& reader);

} // namespace repro::cli
