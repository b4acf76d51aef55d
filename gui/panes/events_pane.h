// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/panes/pane.h"
#include "gui/viewmodel/event_model.h"
#include "gui/viewmodel/filter.h"

class QAbstractItemView;
class QCompleter;
class QLineEdit;
class QStackedWidget;
class QStringListModel;
class QTableView;
class QTreeView;

namespace repro::gui {

namespace plot {
class CellStylePyramid;
class OverviewStrip;
} // namespace plot

/// The list of events, its filter line and the strip beside it: the middle of the window.
class EventsPane : public Pane {
    Q_OBJECT
public:
    explicit EventsPane(Context& context);

    [[nodiscard]] EventModel* table() const override { return m_flatModel; }
    [[nodiscard]] QString sentence() const override;
    void setTheme(const plot::PlotTheme& theme) override;

    /// Returns: an empty string, or what is wrong with the filter; the last good one stays then.
    QString setFilter(const QString& text);
    void undoFilter();
    [[nodiscard]] const Filter& filter() const { return m_filter; }
    void focusFilter();
    void setTree(bool tree);
    [[nodiscard]] bool isTree() const;
    [[nodiscard]] plot::OverviewStrip* strip() const { return m_strip; }
    /// The view that is shown.
    [[nodiscard]] QAbstractItemView* view() const;
    [[nodiscard]] const VisibleRows* visibleRows() const { return m_visible.get(); }
    /// Finds without hiding: a job looks for the rows that another filter lets pass, and the focus
    /// goes to the next of them. Returns: an empty string, or what is wrong with the filter.
    QString setFind(const QString& text);
    /// Returns: false where no further row was found.
    bool find(int direction);

protected:
    void rebuild() override;
    void follow() override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Filtered {
        std::shared_ptr<const VisibleRows> visible;
        std::shared_ptr<const plot::CellStylePyramid>
            styles; ///< null: these are the first rows only
    };
    void buildFilterLine();
    void buildViews();
    void setUpView(QAbstractItemView* view, EventModel* model);
    void typed(const QString& text);
    void refilter();
    void filterAll();
    void accept(const Filtered& filtered);
    void acceptFound(std::vector<std::uint32_t> found, const QString& text);
    void showColumns();
    void showFocus();
    void showViewport();
    void updateCount(bool whole);
    [[nodiscard]] bool showsDocument() const;
    [[nodiscard]] FilterFacts facts() const;

    QLineEdit* m_line = nullptr;
    QLabel* m_count = nullptr;
    QLabel* m_complaint = nullptr;
    QStringListModel* m_completions = nullptr;
    QStackedWidget* m_views = nullptr;
    QTreeView* m_treeView = nullptr;
    QTableView* m_flatView = nullptr;
    EventModel* m_treeModel = nullptr;
    EventModel* m_flatModel = nullptr;
    plot::OverviewStrip* m_strip = nullptr;
    Filter m_filter;
    QStringList m_history;
    std::shared_ptr<const Document> m_shown;
    std::shared_ptr<const VisibleRows> m_visible;
    std::vector<std::uint32_t> m_found;
    bool m_following = false;
};

} // namespace repro::gui
