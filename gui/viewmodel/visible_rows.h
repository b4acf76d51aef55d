// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/viewmodel/document.h"

#include <cstdint>
#include <vector>

namespace repro::gui {

/// The rows that pass the filter, and how they fall into steps and, within them, runs of one layer.
/// Numbers only; built in a worker, then never changed.
class VisibleRows {
public:
    VisibleRows() = default;
    /// `passing`: rising rows.
    VisibleRows(std::vector<std::uint32_t> passing, const Rows& rows);

    [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(m_rows.size()); }
    [[nodiscard]] std::uint32_t rowAt(std::uint32_t place) const { return m_rows[place]; }
    /// The place of a row; kNone32 where the filter hides it.
    [[nodiscard]] std::uint32_t placeOf(std::uint32_t row) const;

    /// A run of places: of one step, or of one layer in it.
    struct Group {
        std::uint32_t first = 0;      ///< place
        std::uint32_t differing = 0;  ///< rows in it that differ
        std::uint32_t firstChild = 0; ///< of a step: its first layer run
        bool hasOrigin = false;
    };
    [[nodiscard]] std::uint32_t stepCount() const { return size(m_steps); }
    [[nodiscard]] std::uint32_t layerCount() const { return size(m_layers); }
    [[nodiscard]] const Group& step(std::uint32_t index) const { return m_steps[index]; }
    [[nodiscard]] const Group& layer(std::uint32_t index) const { return m_layers[index]; }
    [[nodiscard]] std::uint32_t stepEnd(std::uint32_t index) const { return end(m_steps, index); }
    [[nodiscard]] std::uint32_t layerEnd(std::uint32_t index) const { return end(m_layers, index); }
    /// Layer runs of a step: [step().firstChild, lastChild).
    [[nodiscard]] std::uint32_t lastChild(std::uint32_t step) const;
    [[nodiscard]] std::uint32_t stepOfPlace(std::uint32_t place) const;
    [[nodiscard]] std::uint32_t layerOfPlace(std::uint32_t place) const;

private:
    using Groups = std::vector<Group>;
    [[nodiscard]] static std::uint32_t size(const Groups& groups) {
        return static_cast<std::uint32_t>(groups.size());
    }
    [[nodiscard]] std::uint32_t end(const Groups& groups, std::uint32_t index) const {
        return index + 1 < groups.size() ? groups[index + 1].first : count();
    }

    std::vector<std::uint32_t> m_rows;
    Groups m_steps, m_layers;
};

} // namespace repro::gui
