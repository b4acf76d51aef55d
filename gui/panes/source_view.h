// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/kit/theme.h"
#include "replay/report/source_text.h"

#include <QDateTime>
#include <QWidget>

class QAbstractItemModel;
class QLabel;
class QListWidget;

namespace repro::gui {

class CodeView;

/// The stack of one run, and the source of the call that is chosen in it: the program's own at
/// first. What cannot be shown is said instead: never a file that is not what was recorded.
class SourceView : public QWidget {
    Q_OBJECT
public:
    explicit SourceView(const QString& run);

    /// `trace`: the path of the recording, for commands to copy.
    void setStack(std::optional<replay::CallStack> stack, const QString& trace);
    void setTheme(const plot::PlotTheme& theme);
    /// The call that is chosen; null where there is no stack.
    [[nodiscard]] const replay::SourceLine* chosen() const;
    /// The calls, as a table.
    [[nodiscard]] QAbstractItemModel* calls() const;
    /// "train.cpp:87, Net::forward", or why no source is shown.
    [[nodiscard]] QString sentence() const;

private:
    void showChosen();
    [[nodiscard]] QString read(const replay::SourceLine& call);
    void dimLibraries();

    const QString m_run;
    plot::PlotTheme m_theme = plot::PlotTheme::light();
    std::optional<replay::CallStack> m_stack;
    QString m_trace;
    QLabel* m_caption = nullptr;
    QListWidget* m_calls = nullptr;
    QLabel* m_message = nullptr;
    CodeView* m_code = nullptr;
    // The file that was read last: not read again as long as nobody writes it.
    replay::SourceLine m_readFor;
    QDateTime m_readAt;
    replay::SourceText m_source;
};

} // namespace repro::gui
