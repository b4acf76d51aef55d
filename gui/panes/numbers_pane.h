// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/panes/tensor_based_pane.h"

#include <QAbstractTableModel>

class QComboBox;
class QSplitter;
class QTableView;

namespace repro::gui {

/// The plane in focus as numbers: for each row of the tensor one line of A and one of B. Cells are
/// written when they are painted.
class NumberGrid : public QAbstractTableModel {
    Q_OBJECT
public:
    explicit NumberGrid(const TensorStore& store, QObject* parent = nullptr);
    void setFormat(NumberFormat format);
    void refresh();
    enum Role { ChangedRole = Qt::UserRole }; ///< text of the other run, where the bits differ

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index,
                                int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    const TensorStore& m_store;
    NumberFormat m_format = NumberFormat::RoundTrip;
    bool m_pair = false;
    qint64 m_rows = 0, m_columns = 0;
};

/// Every element that differs, the farthest apart first.
class DifferenceList : public QAbstractTableModel {
    Q_OBJECT
public:
    explicit DifferenceList(const TensorStore& store, QObject* parent = nullptr);
    void setFormat(NumberFormat format);
    void refresh();
    enum Column { Index, A, B, Delta, Ulp, BitsA, BitsB, ColumnCount };

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index,
                                int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    const TensorStore& m_store;
    NumberFormat m_format = NumberFormat::RoundTrip;
    int m_rows = 0;
};

class NumbersPane : public TensorBasedPane {
    Q_OBJECT
public:
    explicit NumbersPane(Context& context);
    [[nodiscard]] QAbstractItemModel* table() const override { return m_list; }
    [[nodiscard]] QString sentence() const override;
    void setTheme(const plot::PlotTheme& theme) override;
    void setFormat(NumberFormat format);

protected:
    void rebuild() override;
    void clear() override;
    void showElement() override;
    void resizeEvent(QResizeEvent* event) override;

private:
    [[nodiscard]] QString caption() const;

    NumberGrid* m_grid = nullptr;
    DifferenceList* m_list = nullptr;
    QSplitter* m_splitter = nullptr;
    QTableView* m_gridView = nullptr;
    QTableView* m_listView = nullptr;
    QComboBox* m_formats = nullptr;
    QLabel* m_caption = nullptr;
    bool m_selecting = false;
};

} // namespace repro::gui
