// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/numbers_pane.h"
#include "gui/viewmodel/texts.h"

#include <climits>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

namespace {

bool sameBits(const Tensor& tensor, std::uint64_t element) {
    return !tensor.isPair() ||
           std::memcmp(tensor.at(true, element), tensor.at(false, element), tensor.type->size) == 0;
}

/// Where columns meet their names.
QString ulpText(double ulp) {
    return std::isnan(ulp)                           ? u"\u2013"_s
           : std::abs(ulp) == ElementType::kZeroSign ? u"\u00b10"_s
                                                     : realText(ulp, 17);
}

} // namespace

NumberGrid::NumberGrid(const TensorStore& store, QObject* parent)
    : QAbstractTableModel(parent), m_store(store) {}

void NumberGrid::setFormat(NumberFormat format) {
    beginResetModel();
    m_format = format;
    endResetModel();
}

void NumberGrid::refresh() {
    beginResetModel();
    const auto& tensor = m_store.tensor();
    const bool any = tensor && tensor->elements() > 0;
    m_pair = any && tensor->isPair();
    m_rows = any ? m_store.plane().rows * (m_pair ? 2 : 1) : 0;
    m_columns = any ? m_store.plane().columns : 0;
    endResetModel();
}

int NumberGrid::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(std::min<qint64>(m_rows, INT_MAX / 64));
}

int NumberGrid::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(std::min<qint64>(m_columns, INT_MAX / 256));
}

QVariant NumberGrid::data(const QModelIndex& index, int role) const {
    const auto& tensor = m_store.tensor();
    if (!index.isValid() || !tensor) {
        return {};
    }
    const int row = m_pair ? index.row() / 2 : index.row();
    const bool ofA = m_pair ? index.row() % 2 == 0 : tensor->hasA();
    const std::uint64_t element = m_store.plane().element(row, index.column());
    switch (role) {
    case Qt::DisplayRole:
        return tensor->type->write(tensor->at(ofA, element), m_format);
    case Qt::TextAlignmentRole:
        return int(Qt::AlignRight | Qt::AlignVCenter);
    case Qt::AccessibleTextRole:
    case Qt::ToolTipRole:
        return tr("run %1, %2: %3%4")
            .arg(ofA ? u"A"_s : u"B"_s)
            .arg(shapeText(tensor->unflat(element)),
                 tensor->type->write(tensor->at(ofA, element), NumberFormat::RoundTrip),
                 sameBits(*tensor, element) ? QString() : tr(", differs"));
    case ChangedRole:
        return sameBits(*tensor, element)
                   ? QVariant()
                   : QVariant(tensor->type->write(tensor->at(!ofA, element), m_format));
    default:
        return {};
    }
}

QVariant NumberGrid::headerData(int section, Qt::Orientation orientation, int role) const {
    if (role != Qt::DisplayRole) {
        return {};
    }
    if (orientation == Qt::Horizontal) {
        return QString::number(section);
    }
    return m_pair ? u"%1 %2"_s.arg(section / 2).arg(section % 2 == 0 ? u"A"_s : u"B"_s)
                  : QString::number(section);
}

DifferenceList::DifferenceList(const TensorStore& store, QObject* parent)
    : QAbstractTableModel(parent), m_store(store) {}

void DifferenceList::setFormat(NumberFormat format) {
    beginResetModel();
    m_format = format;
    endResetModel();
}

void DifferenceList::refresh() {
    beginResetModel();
    m_rows = m_store.tensor() ? static_cast<int>(m_store.listed().size()) : 0;
    endResetModel();
}

int DifferenceList::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : m_rows;
}

int DifferenceList::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant DifferenceList::data(const QModelIndex& index, int role) const {
    const auto& tensor = m_store.tensor();
    if (!index.isValid() || !tensor ||
        static_cast<std::size_t>(index.row()) >= m_store.listed().size()) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return int(Qt::AlignRight | Qt::AlignVCenter);
    }
    const std::uint64_t element = m_store.listed()[static_cast<std::size_t>(index.row())];
    const std::byte *a = tensor->at(true, element), *b = tensor->at(false, element);
    const ElementType& type = *tensor->type;
    if (role == NumberGrid::ChangedRole) {
        switch (index.column()) {
        case B:
            return type.write(a, m_format);
        case BitsB:
            return type.write(a, NumberFormat::Bits);
        default:
            return {};
        }
    }
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole) {
        return {};
    }
    switch (index.column()) {
    case Index:
        return shapeText(tensor->unflat(element));
    case A:
        return type.write(a, m_format);
    case B:
        return type.write(b, m_format);
    case Delta:
        return realText(type.read(b) - type.read(a), 6);
    case Ulp:
        return ulpText(type.ulp(a, b));
    case BitsA:
        return type.write(a, NumberFormat::Bits);
    default:
        return type.write(b, NumberFormat::Bits);
    }
}

QVariant DifferenceList::headerData(int section, Qt::Orientation orientation, int role) const {
    if (role != Qt::DisplayRole) {
        return {};
    }
    if (orientation == Qt::Vertical) {
        return QString::number(section + 1);
    }
    const QStringList names = {tr("Element"), tr("A"),      tr("B"),     u"\u0394 = B - A"_s,
                               tr("ULP"),     tr("Bits A"), tr("Bits B")};
    return names.value(section);
}

} // namespace repro::gui
