// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/panes/pane.h"
#include "gui/plot/kit/data_table.h"

class QStandardItemModel;
class QTableView;
class QTextBrowser;
class QTreeView;

namespace repro::gui {

/// Cause, confidence, evidence for and against, remedy, and the facts of the event in focus.
class ExplainPane : public Pane {
    Q_OBJECT
public:
    explicit ExplainPane(Context& context);
    [[nodiscard]] QString sentence() const override;

Q_SIGNALS:
    /// Leads out of the pane: origin:N, setting:KEY, focus:ADDRESS.
    void linkActivated(const QString& link);

protected:
    void rebuild() override;
    void follow() override {} // the card is of the row

private:
    QTextBrowser* m_card = nullptr;
};

/// What differs around the runs, what can change numbers first, and which origin it is evidence of;
/// of one run, all that is known.
class EnvironmentPane : public Pane {
    Q_OBJECT
public:
    explicit EnvironmentPane(Context& context);
    /// Puts the cursor on a setting.
    void select(const QString& key);
    [[nodiscard]] QAbstractItemModel* table() const override { return m_table; }
    [[nodiscard]] QString sentence() const override;

Q_SIGNALS:
    /// Leads out of the pane: origin:N, setting:KEY, focus:ADDRESS.
    void linkActivated(const QString& link);

protected:
    void rebuild() override;
    void follow() override {}

private:
    std::vector<QStringList> m_rows;
    plot::DataTable* m_table = nullptr;
    QTableView* m_view = nullptr;
    QLabel* m_caption = nullptr;
};

/// The tree of layers, with how many rows of each differ.
class LayersPane : public Pane {
    Q_OBJECT
public:
    explicit LayersPane(Context& context);
    [[nodiscard]] QAbstractItemModel* table() const override;
    [[nodiscard]] QString sentence() const override;

protected:
    void rebuild() override;
    void follow() override;

private:
    void fill();

    QStandardItemModel* m_model = nullptr;
    QTreeView* m_view = nullptr;
    std::weak_ptr<const Document> m_shown; ///< weak: a hidden pane keeps no closed trace
};

/// Notes and bookmarks.
class NotesPane : public Pane {
    Q_OBJECT
public:
    explicit NotesPane(Context& context);
    [[nodiscard]] QAbstractItemModel* table() const override { return m_table; }
    [[nodiscard]] QString sentence() const override;

protected:
    void rebuild() override;

private:
    plot::DataTable* m_table = nullptr;
    QTableView* m_view = nullptr;
    QLabel* m_caption = nullptr;
};

} // namespace repro::gui
