// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/canvas_accessible.h"

#include "gui/plot/kit/canvas.h"

#include <QAbstractTableModel>
#include <QAccessible>
#include <QAccessibleWidget>

#include <algorithm>
#include <map>

namespace repro::gui::plot {
namespace {

constexpr int kSpokenRows = 10'000; // nobody listens to more; the CSV has them all

class AccessibleCanvas;

/// One cell of the table. Owned by the accessible cache once registered.
class TableCell : public QAccessibleInterface, public QAccessibleTableCellInterface {
public:
    TableCell(Canvas& canvas, int row, int column)
        : m_canvas(&canvas), m_row(row), m_column(column) {}

    [[nodiscard]] bool isValid() const override { return m_canvas != nullptr; }
    [[nodiscard]] QObject* object() const override { return nullptr; }
    [[nodiscard]] QAccessibleInterface* parent() const override {
        return m_canvas != nullptr ? QAccessible::queryAccessibleInterface(m_canvas) : nullptr;
    }
    [[nodiscard]] QAccessibleInterface* child(int) const override { return nullptr; }
    [[nodiscard]] int childCount() const override { return 0; }
    [[nodiscard]] int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    [[nodiscard]] QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    [[nodiscard]] QRect rect() const override { return {}; }
    [[nodiscard]] QAccessible::Role role() const override { return QAccessible::Cell; }
    [[nodiscard]] QAccessible::State state() const override { return {}; }
    void setText(QAccessible::Text, const QString&) override {}
    [[nodiscard]] QString text(QAccessible::Text kind) const override {
        if (m_canvas == nullptr || (kind != QAccessible::Name && kind != QAccessible::Value)) {
            return {};
        }
        const QAbstractTableModel& table = *m_canvas->table();
        const QString value = table.index(m_row, m_column).data().toString();
        return kind == QAccessible::Value ? value
                                          : table.headerData(m_column, Qt::Horizontal).toString() +
                                                QStringLiteral(" ") + value;
    }
    void* interface_cast(QAccessible::InterfaceType type) override {
        return type == QAccessible::TableCellInterface
                   ? static_cast<QAccessibleTableCellInterface*>(this)
                   : nullptr;
    }

    [[nodiscard]] bool isSelected() const override { return false; }
    [[nodiscard]] QList<QAccessibleInterface*> columnHeaderCells() const override { return {}; }
    [[nodiscard]] QList<QAccessibleInterface*> rowHeaderCells() const override { return {}; }
    [[nodiscard]] int columnIndex() const override { return m_column; }
    [[nodiscard]] int rowIndex() const override { return m_row; }
    [[nodiscard]] int columnExtent() const override { return 1; }
    [[nodiscard]] int rowExtent() const override { return 1; }
    [[nodiscard]] QAccessibleInterface* table() const override { return parent(); }

private:
    QPointer<Canvas> m_canvas;
    int m_row, m_column;
};

class AccessibleCanvas : public QAccessibleWidget, public QAccessibleTableInterface {
public:
    explicit AccessibleCanvas(Canvas& canvas)
        : QAccessibleWidget(&canvas, QAccessible::Chart), m_canvas(&canvas) {}
    ~AccessibleCanvas() override {
        for (const auto& [place, id] : m_cells) {
            QAccessible::deleteAccessibleInterface(id);
        }
    }

    [[nodiscard]] QString text(QAccessible::Text kind) const override {
        return kind == QAccessible::Description || kind == QAccessible::Value
                   ? m_canvas->sentence()
                   : QAccessibleWidget::text(kind);
    }
    void* interface_cast(QAccessible::InterfaceType type) override {
        return type == QAccessible::TableInterface ? static_cast<QAccessibleTableInterface*>(this)
                                                   : QAccessibleWidget::interface_cast(type);
    }

    [[nodiscard]] QAccessibleInterface* caption() const override { return nullptr; }
    [[nodiscard]] QAccessibleInterface* summary() const override { return nullptr; }
    [[nodiscard]] QAccessibleInterface* cellAt(int row, int column) const override {
        if (row < 0 || row >= rowCount() || column < 0 || column >= columnCount()) {
            return nullptr;
        }
        const auto [at, isNew] = m_cells.try_emplace({row, column}, 0U);
        if (isNew) {
            at->second =
                QAccessible::registerAccessibleInterface(new TableCell(*m_canvas, row, column));
        }
        return QAccessible::accessibleInterface(at->second);
    }
    [[nodiscard]] int columnCount() const override { return m_canvas->table()->columnCount(); }
    [[nodiscard]] int rowCount() const override {
        return std::min(m_canvas->table()->rowCount(), kSpokenRows);
    }
    [[nodiscard]] QString columnDescription(int column) const override {
        return m_canvas->table()->headerData(column, Qt::Horizontal).toString();
    }
    [[nodiscard]] QString rowDescription(int row) const override { return QString::number(row); }

    // Nothing in a picture's table can be selected.
    [[nodiscard]] int selectedCellCount() const override { return 0; }
    [[nodiscard]] QList<QAccessibleInterface*> selectedCells() const override { return {}; }
    [[nodiscard]] int selectedColumnCount() const override { return 0; }
    [[nodiscard]] int selectedRowCount() const override { return 0; }
    [[nodiscard]] QList<int> selectedColumns() const override { return {}; }
    [[nodiscard]] QList<int> selectedRows() const override { return {}; }
    [[nodiscard]] bool isColumnSelected(int) const override { return false; }
    [[nodiscard]] bool isRowSelected(int) const override { return false; }
    bool selectRow(int) override { return false; }
    bool selectColumn(int) override { return false; }
    bool unselectRow(int) override { return false; }
    bool unselectColumn(int) override { return false; }
    void modelChange(QAccessibleTableModelChangeEvent*) override {}

private:
    Canvas* m_canvas; // this lives no longer than its widget
    mutable std::map<std::pair<int, int>, QAccessible::Id> m_cells;
};

QAccessibleInterface* make(const QString& /*className*/, QObject* object) {
    auto* canvas = qobject_cast<Canvas*>(object);
    return canvas != nullptr ? new AccessibleCanvas(*canvas) : nullptr;
}

} // namespace

void installAccessibleCanvas() {
    static const bool installed = [] {
        QAccessible::installFactory(make);
        return true;
    }();
    Q_UNUSED(installed);
}

} // namespace repro::gui::plot
