// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/viewmodel/visible_rows.h"

#include <QAbstractItemModel>

#include <functional>
#include <memory>

namespace repro::gui {

/// The list of events: step > layer > op, or flat. Rows are numbers: an index carries its kind and
/// the number of its group or place, texts come from interned names when they are painted. No
/// object is made per event.
class EventModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum class Shape { Tree, Flat };
    enum Column {
        Event,
        Mark,
        Layer,
        EventA,
        EventB,
        Elements,
        MaxUlp,
        MaxAbs,
        MaxRel,
        Gain,
        Shape_,
        Match,
        Phase,
        Line,
        DurationA,
        DurationB,
        Note,
        ColumnCount
    };
    enum Role {
        RowRole = Qt::UserRole, ///< row of Rows; of a group: the first in it
        ClassRole
    }; ///< replay::RowClass of a row

    explicit EventModel(Shape shape, QObject* parent = nullptr);

    /// Null: an empty model. Both are shared with workers, and immutable.
    void setRows(std::shared_ptr<const Document> document,
                 std::shared_ptr<const VisibleRows> visible);
    void setDetails(std::shared_ptr<const std::vector<RowDetail>> details);
    /// Text of a row's note; empty: none.
    void setNotes(std::function<QString(std::uint32_t row)> notes);

    [[nodiscard]] QModelIndex indexOfRow(std::uint32_t row, int column = 0) const;
    /// The row of Rows an index stands for; kNone32 for an invalid one.
    [[nodiscard]] std::uint32_t rowOf(const QModelIndex& index) const;

    [[nodiscard]] QModelIndex index(int row, int column,
                                    const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& index) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index,
                                int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;
    /// One cell as it stands in the list and in CSV.
    [[nodiscard]] QString cell(std::uint32_t row, int column) const;

private:
    enum class NodeKind : quintptr { Step, Layer, Place };
    [[nodiscard]] QModelIndex make(int row, int column, NodeKind kind, std::uint32_t number) const;
    [[nodiscard]] static NodeKind kindOf(const QModelIndex& index);
    [[nodiscard]] static std::uint32_t numberOf(const QModelIndex& index);
    [[nodiscard]] QString groupText(const QModelIndex& index) const;
    [[nodiscard]] QString distanceText(std::uint32_t row, int column) const;
    [[nodiscard]] QString growthOf(std::uint32_t row) const;
    [[nodiscard]] QString lineOf(const RowEntry& entry) const;
    [[nodiscard]] QString stackOf(const RowEntry& entry) const;
    [[nodiscard]] QString shapeOf(const RowEntry& entry) const;
    [[nodiscard]] QString readCell(const RowEntry& entry, int column) const;

    const Shape m_shape;
    std::shared_ptr<const Document> m_document;
    std::shared_ptr<const VisibleRows> m_visible;
    std::shared_ptr<const std::vector<RowDetail>> m_details;
    std::function<QString(std::uint32_t)> m_notes;
};

} // namespace repro::gui
