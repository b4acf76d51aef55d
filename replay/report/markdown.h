// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/result.h"

#include <string>
#include <string_view>

namespace repro::replay {

/// A comment for a pull request, or a section of a job's summary, in GitHub's and GitLab's
/// Markdown.
std::string renderMarkdown(const DiffResult& result);
/// The same where the comparison did not come to a verdict.
std::string renderMarkdownTrouble(std::string_view message);

} // namespace repro::replay
