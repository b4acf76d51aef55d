// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/evidence.h"

#include <cstddef>
#include <utility>
#include <vector>

namespace repro::replay {

/// Adds notes to a result up to a number of them.
class Notes {
public:
    Notes(std::vector<Evidence>& notes, std::size_t most) : m_notes(notes), m_most(most) {}

    void add(Evidence note) {
        if (m_notes.size() < m_most) {
            m_notes.push_back(std::move(note));
        }
    }

private:
    std::vector<Evidence>& m_notes;
    std::size_t m_most;
};

} // namespace repro::replay
