// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QAbstractTableModel>
#include <QStringList>

#include <functional>

namespace repro::gui::plot {

/// A picture's data as a table: for screen readers, CSV and tests. Computes each cell when it is
/// asked.
class DataTable : public QAbstractTableModel {
    Q_OBJECT
public:
    using Cell = std::function<QVariant(int row, int column)>;

    DataTable(QStringList header, std::function<int()> rows, Cell cell, QObject* parent = nullptr);

    /// Tells views that everything may have changed.
    void refresh();

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index,
                                int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    QStringList m_header;
    std::function<int()> m_rows;
    Cell m_cell;
    int m_rowCount = 0;
};

/// The whole table as RFC 4180 text with a header line; numbers in the C locale.
[[nodiscard]] QByteArray csv(const QAbstractTableModel& table);

} // namespace repro::gui::plot
