// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/result.h"

#include <nlohmann/json.hpp>

namespace repro::replay {

/// The verdict object, as replay/report/diff.schema.json defines it ("reprorec.diff/2").
nlohmann::ordered_json toJson(const DiffResult& result);

} // namespace repro::replay
