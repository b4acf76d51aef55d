// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/event_model.h"

#include "gui/viewmodel/texts.h"
#include "replay/report/sites.h"
#include "trace/words.h"

#include <algorithm>
#include <array>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;
using trace::kNone32;

namespace {

constexpr int kKindBits = 2;

constexpr std::array kHeaders = {"Event",   "Class",   "Layer",   "A",      "B",      "Differ",
                                 "Max ULP", "Max |Δ|", "Max rel", "Gain",   "Output", "Matched",
                                 "Phase",   "Line",    "Time A",  "Time B", "Note"};
constexpr std::array kHelp = {
    "What happened",
    "How the two runs compare here",
    "The innermost layer",
    "Number of the event in run A",
    "Number of the event in run B",
    "Elements of the first differing output that differ; needs the bytes of both runs",
    "Largest distance in units in the last place",
    "Largest absolute difference",
    "Largest relative difference",
    "How many times as far apart as what it read is what it wrote, in units in the last place",
    "Type and shape of the first output",
    "How the rows of the two runs were paired",
    "Forward, backward, optimizer or other",
    "The line of the program that it comes from",
    "How long it took in run A",
    "How long it took in run B",
    "Your note"};

bool isNumber(int column) {
    return (column >= EventModel::EventA && column <= EventModel::Gain) ||
           column == EventModel::DurationA || column == EventModel::DurationB;
}

/// A distance that does not fit its column says its size.
QString stepsText(std::uint64_t steps) {
    return steps < 10'000'000 ? countText(steps) : realText(static_cast<double>(steps));
}

QString idText(std::uint32_t id) {
    return id == kNone32 ? QString() : QString::number(id);
}

QString durationOf(const trace::Reader& reader, std::uint32_t event) {
    if (event == kNone32) {
        return {};
    }
    const std::uint64_t duration = reader.events().durationNs[event];
    return duration == trace::kNone64 ? QString() : durationText(duration);
}

} // namespace

EventModel::EventModel(Shape shape, QObject* parent) : QAbstractItemModel(parent), m_shape(shape) {}

void EventModel::setRows(std::shared_ptr<const Document> document,
                         std::shared_ptr<const VisibleRows> visible) {
    beginResetModel();
    m_document = std::move(document);
    m_visible = std::move(visible);
    if (!m_document) {
        m_details = nullptr;
    }
    endResetModel();
}

void EventModel::setDetails(std::shared_ptr<const std::vector<RowDetail>> details) {
    m_details = std::move(details);
    if (rowCount() > 0) {
        Q_EMIT dataChanged(index(0, Elements), index(rowCount() - 1, Gain));
    }
}

void EventModel::setNotes(std::function<QString(std::uint32_t)> notes) {
    m_notes = std::move(notes);
    if (rowCount() > 0) {
        Q_EMIT dataChanged(index(0, Note), index(rowCount() - 1, Note));
    }
}

QModelIndex EventModel::make(int row, int column, NodeKind kind, std::uint32_t number) const {
    return createIndex(row, column,
                       static_cast<quintptr>(number) << kKindBits | static_cast<quintptr>(kind));
}

EventModel::NodeKind EventModel::kindOf(const QModelIndex& index) {
    return static_cast<NodeKind>(index.internalId() & ((1U << kKindBits) - 1));
}

std::uint32_t EventModel::numberOf(const QModelIndex& index) {
    return static_cast<std::uint32_t>(index.internalId() >> kKindBits);
}

QModelIndex EventModel::index(int row, int column, const QModelIndex& parent) const {
    if (!hasIndex(row, column, parent)) {
        return {};
    }
    const auto number = static_cast<std::uint32_t>(row);
    if (!parent.isValid()) {
        return make(row, column, m_shape == Shape::Flat ? NodeKind::Place : NodeKind::Step, number);
    }
    return kindOf(parent) == NodeKind::Step
               ? make(row, column, NodeKind::Layer,
                      m_visible->step(numberOf(parent)).firstChild + number)
               : make(row, column, NodeKind::Place,
                      m_visible->layer(numberOf(parent)).first + number);
}

QModelIndex EventModel::parent(const QModelIndex& index) const {
    if (!index.isValid() || m_shape == Shape::Flat || kindOf(index) == NodeKind::Step) {
        return {};
    }
    if (kindOf(index) == NodeKind::Layer) {
        const std::uint32_t step = m_visible->stepOfPlace(m_visible->layer(numberOf(index)).first);
        return make(static_cast<int>(step), 0, NodeKind::Step, step);
    }
    const std::uint32_t layer = m_visible->layerOfPlace(numberOf(index));
    const std::uint32_t step = m_visible->stepOfPlace(numberOf(index));
    return make(static_cast<int>(layer - m_visible->step(step).firstChild), 0, NodeKind::Layer,
                layer);
}

int EventModel::rowCount(const QModelIndex& parent) const {
    if (!m_visible || parent.column() > 0) {
        return 0;
    }
    if (!parent.isValid()) {
        return static_cast<int>(m_shape == Shape::Flat ? m_visible->count()
                                                       : m_visible->stepCount());
    }
    const std::uint32_t number = numberOf(parent);
    switch (kindOf(parent)) {
    case NodeKind::Step:
        return static_cast<int>(m_visible->lastChild(number) - m_visible->step(number).firstChild);
    case NodeKind::Layer:
        return static_cast<int>(m_visible->layerEnd(number) - m_visible->layer(number).first);
    case NodeKind::Place:
        break;
    }
    return 0;
}

int EventModel::columnCount(const QModelIndex& /*parent*/) const {
    return ColumnCount;
}

QModelIndex EventModel::indexOfRow(std::uint32_t row, int column) const {
    const std::uint32_t place = m_visible ? m_visible->placeOf(row) : kNone32;
    if (place == kNone32) {
        return {};
    }
    const std::uint32_t first =
        m_shape == Shape::Flat ? 0 : m_visible->layer(m_visible->layerOfPlace(place)).first;
    return make(static_cast<int>(place - first), column, NodeKind::Place, place);
}

std::uint32_t EventModel::rowOf(const QModelIndex& index) const {
    if (!index.isValid() || !m_visible) {
        return kNone32;
    }
    const std::uint32_t number = numberOf(index);
    const NodeKind kind = kindOf(index);
    return m_visible->rowAt(kind == NodeKind::Step    ? m_visible->step(number).first
                            : kind == NodeKind::Layer ? m_visible->layer(number).first
                                                      : number);
}

QString EventModel::groupText(const QModelIndex& index) const {
    const bool isStep = kindOf(index) == NodeKind::Step;
    const RowEntry& first = m_document->rows().all[rowOf(index)];
    const std::uint32_t number = numberOf(index);
    const VisibleRows::Group& group = isStep ? m_visible->step(number) : m_visible->layer(number);
    switch (index.column()) {
    case Event:
        if (isStep) {
            return tr("step %1").arg(first.step);
        }
        return first.layer == 0 ? tr("no layer")
                                : m_document->rows().layers[static_cast<qsizetype>(first.layer)];
    case Mark:
        return (group.hasOrigin ? u"◆ "_s : QString()) +
               (group.differing == 0 ? QString() : tr("%1 differ").arg(countText(group.differing)));
    case EventA:
    case EventB:
        return {};
    case Shape_: {
        const std::uint32_t end = isStep ? m_visible->stepEnd(number) : m_visible->layerEnd(number);
        return tr("%1 rows").arg(countText(end - group.first));
    }
    default:
        return {};
    }
}

QString EventModel::distanceText(std::uint32_t row, int column) const {
    const RowDetail* found = detailOf(m_details.get(), row);
    if (found == nullptr) {
        return {};
    }
    switch (column) {
    case Elements:
        return countText(found->elements);
    case MaxUlp:
        return found->ulpKnown ? stepsText(found->maxUlp) : QString();
    case MaxAbs:
        return realText(found->maxAbs);
    case Gain:
        return gainText(*found);
    default:
        return realText(found->maxRel);
    }
}

QString EventModel::growthOf(std::uint32_t row) const {
    const RowDetail* detail = detailOf(m_details.get(), row);
    return detail != nullptr && detail->gain() ? u": "_s + growthText(*detail) : QString();
}

QString EventModel::shapeOf(const RowEntry& entry) const {
    const bool inA = entry.a != kNone32;
    const trace::Reader& reader = inA ? m_document->a() : m_document->b();
    const std::uint32_t event = inA ? entry.a : entry.b;
    const std::uint64_t first = reader.events().firstUse[event];
    for (std::uint64_t use = first; use < first + reader.events().useCount[event]; ++use) {
        if (static_cast<trace::Direction>(reader.uses().direction[use]) == trace::Direction::Out) {
            const trace::ValueId value = reader.uses().value[use];
            const auto dtype = static_cast<trace::DType>(reader.values().dtype[value]);
            return QString::fromLatin1(trace::dtypeName(dtype)) +
                   shapeText(reader.list(reader.values().sizes[value]));
        }
    }
    return {};
}

/// Cells that come out of the recordings.
QString EventModel::lineOf(const RowEntry& entry) const {
    const replay::SourceLine* call = m_document->rows().callOf(entry);
    return call == nullptr || call->file.empty()
               ? QString()
               : u"%1:%2"_s.arg(text(call->file).section(u'/', -1)).arg(call->line);
}

/// The program's own calls, a line each, the innermost first.
QString EventModel::stackOf(const RowEntry& entry) const {
    QString lines;
    if (m_document->rows().callOf(entry) != nullptr) {
        const bool inA = entry.a != kNone32;
        const trace::Reader& reader = inA ? m_document->a() : m_document->b();
        const auto stack = replay::stackOf(reader, reader.events().site[inA ? entry.a : entry.b]);
        for (std::size_t i = stack->own; i < stack->calls.size(); ++i) {
            lines += u'\n' + text(trace::printable(replay::callWords(stack->calls[i])));
        }
    }
    return lines;
}

QString EventModel::readCell(const RowEntry& entry, int column) const {
    if (column == Shape_) {
        return shapeOf(entry);
    }
    return column == DurationA    ? durationOf(m_document->a(), entry.a)
           : m_document->isPair() ? durationOf(m_document->b(), entry.b)
                                  : QString();
}

QString EventModel::cell(std::uint32_t row, int column) const {
    const RowEntry& entry = m_document->rows().all[row];
    switch (column) {
    case Event:
        return m_document->rows().names[static_cast<qsizetype>(entry.name)];
    case Mark:
        return classLetter(entry, m_document->isPair()) + u' ' +
               classText(entry, m_document->isPair());
    case Layer:
        return m_document->rows().layers[static_cast<qsizetype>(entry.layer)];
    case EventA:
        return idText(entry.a);
    case EventB:
        return idText(entry.b);
    case Elements:
    case MaxUlp:
    case MaxAbs:
    case MaxRel:
    case Gain:
        return distanceText(row, column);
    case Shape_:
    case DurationA:
    case DurationB:
        return m_document->isFirstLook() ? u"\u2026"_s : readCell(entry, column);
    case Match:
        return m_document->isPair() ? strategyText(entry.strategy) : QString();
    case Phase:
        return phaseText(entry.phase);
    case Line:
        return lineOf(entry);
    case Note:
        return m_notes && !m_document->isFirstLook() ? m_notes(row) : QString();
    default:
        return {};
    }
}

QVariant EventModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || !m_document) {
        return {};
    }
    const std::uint32_t row = rowOf(index);
    const bool isGroup = kindOf(index) != NodeKind::Place;
    switch (role) {
    case Qt::DisplayRole:
        return isGroup ? groupText(index) : cell(row, index.column());
    case Qt::ToolTipRole:
        return data(index, Qt::AccessibleTextRole).toString() +
               (isGroup ? QString() : stackOf(m_document->rows().all[row]));
    case Qt::AccessibleTextRole:
        return isGroup ? groupText(index.siblingAtColumn(Event))
                       : u"%1, %2, %3%4"_s.arg(cell(row, Event), cell(row, Layer), cell(row, Mark),
                                               growthOf(row));
    case Qt::TextAlignmentRole:
        return static_cast<int>((isNumber(index.column()) ? Qt::AlignRight : Qt::AlignLeft) |
                                Qt::AlignVCenter);
    case RowRole:
        return row;
    case ClassRole:
        return isGroup ? QVariant() : static_cast<int>(m_document->rows().all[row].rowClass);
    default:
        return {};
    }
}

QVariant EventModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount) {
        return {};
    }
    if (role == Qt::DisplayRole) {
        return QString::fromUtf8(kHeaders[static_cast<std::size_t>(section)]);
    }
    if (role == Qt::TextAlignmentRole) {
        return static_cast<int>((isNumber(section) ? Qt::AlignRight : Qt::AlignLeft) |
                                Qt::AlignVCenter);
    }
    return role == Qt::ToolTipRole ? QString::fromUtf8(kHelp[static_cast<std::size_t>(section)])
                                   : QVariant();
}

} // namespace repro::gui
