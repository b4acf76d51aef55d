// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/result.h"

#include <string>
#include <utility>
#include <vector>

namespace repro::replay {

/// Folders of sources that are not where the compiler read them.
class SourceMap {
public:
    /// "OLD=NEW": what lay below OLD lies below NEW. The first that applies to a file is taken.
    /// Throws: Error (Usage).
    void add(const std::string& text);

    void apply(CallStack& stack) const;
    /// Own calls that only the folders told apart are the same.
    void apply(DiffResult& result) const;

private:
    std::vector<std::pair<std::string, std::string>> m_folders;
};

} // namespace repro::replay
