// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/data_table.h"

#include <QLocale>

#include <cmath>
#include <utility>

namespace repro::gui::plot {

DataTable::DataTable(QStringList header, std::function<int()> rows, Cell cell, QObject* parent)
    : QAbstractTableModel(parent), m_header(std::move(header)), m_rows(std::move(rows)),
      m_cell(std::move(cell)) {}

void DataTable::refresh() {
    beginResetModel();
    m_rowCount = m_rows();
    endResetModel();
}

int DataTable::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : m_rowCount;
}

int DataTable::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_header.size());
}

QVariant DataTable::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)) {
        return {};
    }
    return m_cell(index.row(), index.column());
}

QVariant DataTable::headerData(int section, Qt::Orientation orientation, int role) const {
    if (role != Qt::DisplayRole) {
        return {};
    }
    return orientation == Qt::Horizontal ? QVariant(m_header.value(section)) : QVariant(section);
}

namespace {

QByteArray field(const QVariant& value) {
    const auto type = static_cast<QMetaType::Type>(value.typeId());
    if (type == QMetaType::Double) {
        const double real = value.toDouble();
        return real == 0 && std::signbit(real) // which Qt prints as 0
                   ? QByteArray("-0")
                   : QByteArray::number(real, 'g', QLocale::FloatingPointShortest);
    }
    QByteArray text = value.toString().toUtf8();
    if (text.contains(',') || text.contains('"') || text.contains('\n') || text.contains('\r')) {
        text.replace('"', "\"\"");
        text = '"' + text + '"';
    }
    return text;
}

} // namespace

QByteArray csv(const QAbstractTableModel& table) {
    QByteArray text;
    const int columns = table.columnCount();
    for (int row = -1; row < table.rowCount(); ++row) {
        for (int column = 0; column < columns; ++column) {
            text += column > 0 ? "," : "";
            text += field(row < 0 ? table.headerData(column, Qt::Horizontal)
                                  : table.index(row, column).data());
        }
        text += "\r\n";
    }
    return text;
}

} // namespace repro::gui::plot
