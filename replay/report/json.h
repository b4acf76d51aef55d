// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/result.h"

#include <nlohmann/json.hpp>

#include <optional>

namespace repro::replay {

/// The verdict object, as replay/report/diff.schema.json defines it ("reprorec.diff/2").
nlohmann::ordered_json toJson(const DiffResult& result);

/// A place in the program's source, as it has it; null for none.
nlohmann::ordered_json siteJson(const std::optional<SourceLine>& site);

} // namespace repro::replay
