// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/panes/keymap.h"
#include "gui/plot/kit/theme.h"
#include "gui/viewmodel/notes.h"
#include "gui/viewmodel/rerun.h"
#include "gui/viewmodel/session.h"
#include "gui/viewmodel/tensor_store.h"
#include "replay/run/source_map.h"

#include <QWidget>

#include <optional>

class QAbstractItemModel;
class QLabel;
class QPlainTextEdit;
class QStackedLayout;

namespace repro::gui {

namespace plot {
class Canvas;
}

/// What all panes are about; lives as long as the window.
struct Context {
    /// `keysKey`: where in the settings the keys are kept; empty: nowhere.
    explicit Context(const QString& keysKey) : keys(keysKey) {}

    Keymap keys;
    Session session;
    TensorStore tensors{session};
    Rerun rerun{session};
    Notes notes;
    plot::PlotTheme theme = plot::PlotTheme::light();
    replay::SourceMap sources; ///< where the files of the stacks are now
};

/// One dock of the window. It shows (session, focus) and nothing else, so that any picture can be
/// had again from an address; what it cannot show it says in a line. Hidden panes do no work, and
/// however many signals a change of focus sends, a pane is brought up to date once.
class Pane : public QWidget {
    Q_OBJECT
public:
    /// What it is about: the focus, or the tensor in focus, which comes later (TensorBasedPane).
    enum class Of { Focus, Tensor };
    /// `id` is what --pane and layouts call it: "tensor".
    Pane(Context& context, const QString& id, const QString& title, Of of = Of::Focus);

    [[nodiscard]] QString id() const { return objectName(); }
    [[nodiscard]] const QString& title() const { return m_title; }

    /// The picture, where the pane is one.
    [[nodiscard]] virtual plot::Canvas* canvas() const { return nullptr; }
    /// Its data as a table.
    [[nodiscard]] virtual QAbstractItemModel* table() const;
    /// One line for a screen reader and the report.
    [[nodiscard]] virtual QString sentence() const;

    virtual void setTheme(const plot::PlotTheme& theme);
    /// Brings what is shown up to date: soon, if it is visible, else when it is next shown.
    void invalidate() { outdate(Stale::All); }
    /// The same at once.
    void ensureCurrent();
    /// The table instead of the picture.
    void showTable(bool table);
    [[nodiscard]] bool showsTable() const;

Q_SIGNALS:
    void statusMessage(const QString& text);
    /// What is shown was brought up to date.
    void updated();

protected:
    enum class Stale { No, Focus, All };
    /// Focus: only the focus moved, within the row or the tensor.
    void outdate(Stale reason);
    /// Another document, theme, or state of the session or of the tensor: build what is shown.
    virtual void rebuild() = 0;
    /// The focus moved within the document. The default builds anew.
    virtual void follow() { rebuild(); }
    /// Call once, with what is shown normally.
    void setContent(QWidget* content);
    /// The row in focus; where there is none, says so instead of the content.
    [[nodiscard]] std::optional<std::uint32_t> focusedRow();
    /// Shows a line, and a command to copy, instead of the content; an empty line shows the
    /// content.
    void setMessage(const QString& message, const QString& command = {});

    void showEvent(QShowEvent* event) override;

    Context& m_context;

private:
    const QString m_title;
    Stale m_stale = Stale::All;
    bool m_isDue = false; ///< ensureCurrent() is on its way
    QStackedLayout* m_stack = nullptr;
    QLabel* m_message = nullptr;
    QPlainTextEdit* m_command = nullptr;
    QWidget* m_card = nullptr;
    QWidget* m_content = nullptr;
    QWidget* m_tableView = nullptr;
    bool m_tableWanted = false;
};

} // namespace repro::gui
