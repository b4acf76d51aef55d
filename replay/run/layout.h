// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/run/row_compare.h"
#include "replay/run/run.h"

#include <optional>
#include <string>

/// How equal contents lie in memory, which decides in which order a kernel goes over them.
namespace repro::replay {

/// The first input of a matched row that holds the same in both runs, with other strides in each;
/// strides of dimensions of one element do not count.
std::optional<UsePair> inputOfOtherStrides(const Run& a, const Run& b, const Row& row);

/// ... or at an address that is aligned otherwise, where the recorder saw both.
std::optional<UsePair> inputOfOtherAlignment(const Run& a, const Run& b, const Row& row);

/// "[64, 1]".
std::string stridesWords(const Run& run, std::uint64_t use);

/// Of a row of one run alone: the input whose contents it hands on as they are, with other strides.
/// Nothing where it does anything else.
std::optional<UsePair> relaidInput(const Run& run, trace::EventId event);

} // namespace repro::replay
