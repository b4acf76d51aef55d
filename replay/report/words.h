// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/result.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What all reports say in the same words. Names come from the recorded programs: they are
/// printable here, and each format still escapes what is markup to it.
namespace repro::replay {

const char* verdictWords(Verdict verdict);      ///< "same", "diverged", "not comparable"
std::string headline(const DiffResult& result); ///< what follows the verdict, one line
std::string originWords(const Origin& origin);  ///< its place, "and 3 more times"
std::string causeWords(const Cause& cause);     ///< "nondeterministic_kernel (likely)"
std::string firstEvidence(const Cause& cause);  ///< empty where there is none
/// Both values of a setting; "none" where there is none. Of long ones, as LibTorch's configuration,
/// what is around their first difference.
std::pair<std::string, std::string> settingWords(const EnvironmentDifference& difference);
std::string ulpRange(std::size_t bucket); ///< of Difference::ulpHistogram: "2-3"
std::string coverageWords(const DiffResult& result);
std::string nextCommand(const DiffResult& result);

/// "op", "layer", ... and what there is to say of each; "because" and "but" may repeat.
using Fields = std::vector<std::pair<const char*, std::string>>;
Fields originFields(const Origin& origin);

/// What differs around the runs and can change numbers; with `all` the harmless, too. Libraries
/// that only may matter are counted in one line where they are many, as between two LibTorchs.
std::vector<EnvironmentDifference> environmentThatMatters(const DiffResult& result,
                                                          bool all = false);

} // namespace repro::replay
