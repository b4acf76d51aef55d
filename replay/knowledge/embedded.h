// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace repro::replay {

/// nondeterministic_ops.tsv as it was when the library was built.
extern const char* const kNondeterministicOps;

} // namespace repro::replay
