// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/theme.h"

#include <QPlainTextEdit>

#include <string_view>

namespace repro::gui {

class CodeHighlighter;

/// Source code around a line, which is marked; read-only, with the numbers of lines.
class CodeView : public QPlainTextEdit {
    Q_OBJECT
public:
    CodeView();

    /// Holds the lines near `line` alone, so that a large file costs no more than a small one.
    void setSource(std::string_view source, int line, bool isPython);
    void setTheme(const plot::PlotTheme& theme);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    class Gutter;
    void paintNumbers(QPaintEvent* event);
    void mark();
    void placeGutter();

    plot::PlotTheme m_theme = plot::PlotTheme::light();
    CodeHighlighter* m_highlighter = nullptr;
    Gutter* m_gutter = nullptr;
    int m_first = 1; ///< number of the first line that is held
    int m_line = 0;
};

} // namespace repro::gui
