// SPDX-License-Identifier: BSD-3-Clause
#include "replay/knowledge/nearest.h"

#include <algorithm>

namespace repro::replay {

std::size_t editDistance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> cost(a.size() + 1,
                                               std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            const std::size_t replaced = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
            }
        }
    }
    return cost[a.size()][b.size()];
}

std::vector<std::string> nearestNames(std::string_view word, std::vector<std::string> names) {
    constexpr std::size_t kMost = 3;
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    const auto distance = [word](const std::string& name) {
        return name.find(word) != std::string::npos ? 0 : editDistance(word, name);
    };
    std::ranges::stable_sort(names, {}, distance);
    names.resize(std::min(names.size(), kMost));
    return names;
}

} // namespace repro::replay
