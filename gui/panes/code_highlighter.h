// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/theme.h"

#include <QSyntaxHighlighter>

namespace repro::gui {

/// Keywords bold, literals in italics and comments muted, of C++ or of Python.
class CodeHighlighter : public QSyntaxHighlighter {
    Q_OBJECT
public:
    using QSyntaxHighlighter::QSyntaxHighlighter;
    /// Before the text is set: it is highlighted then.
    void setPython(bool isPython) { m_isPython = isPython; }
    void setTheme(const plot::PlotTheme& theme);

protected:
    void highlightBlock(const QString& text) override;

private:
    bool m_isPython = false;
    QColor m_comment;
};

} // namespace repro::gui
