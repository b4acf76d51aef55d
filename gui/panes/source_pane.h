// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/panes/pane.h"

namespace repro::gui {

class SourceView;

/// The line of the program that the event in focus comes from, with the calls that led to it; of
/// both runs where their own calls differ.
class SourcePane : public Pane {
    Q_OBJECT
public:
    explicit SourcePane(Context& context);
    [[nodiscard]] QAbstractItemModel* table() const override;
    [[nodiscard]] QString sentence() const override;
    void setTheme(const plot::PlotTheme& theme) override;

    /// The filter that passes the events of the same line; empty where no line is known.
    [[nodiscard]] QString filterOfLine() const;
    /// Opens the file of the chosen call, by the setting "editor" or $VISUAL. Returns: an empty
    /// string, or why not.
    QString openInEditor();

protected:
    void rebuild() override;
    void follow() override {} // the line is of the row

private:
    SourceView* m_a = nullptr;
    SourceView* m_b = nullptr;
};

} // namespace repro::gui
