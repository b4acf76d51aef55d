// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/panes/pane.h"
#include "gui/plot/charts/run_bars.h"

class QComboBox;
class QPushButton;
class QSpinBox;

namespace repro::gui {

/// The op in focus, run again and again on its recorded inputs: is it the op itself that varies?
class RerunPane : public Pane {
    Q_OBJECT
public:
    explicit RerunPane(Context& context);
    [[nodiscard]] plot::Canvas* canvas() const override { return m_bars; }

    /// Runs it, or stops what runs. Returns: an empty string, or why not.
    QString toggle();

protected:
    void rebuild() override;

private:
    [[nodiscard]] QString sentenceOf(std::uint32_t row) const;

    plot::RunBars* m_bars = nullptr;
    QSpinBox* m_runs = nullptr;
    QComboBox* m_inputs = nullptr;
    QPushButton* m_button = nullptr;
};

} // namespace repro::gui
