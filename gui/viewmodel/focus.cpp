// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/focus.h"

#include "gui/viewmodel/pattern_groups.h"
#include "gui/viewmodel/tensor.h"

#include <QStringList>

#include <algorithm>
#include <array>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;
using trace::kNone32;

namespace {

constexpr std::array kViewNames = {"a", "b", "delta", "ulp"};

QString listText(const std::vector<std::int64_t>& list) {
    QStringList parts;
    for (const std::int64_t value : list) {
        parts.append(value < 0 ? u":"_s : QString::number(value));
    }
    return parts.join(u',');
}

/// "3,:,4" with ":" as -1.
std::optional<std::vector<std::int64_t>> parseList(QStringView list) {
    std::vector<std::int64_t> values;
    for (const QStringView part : list.split(u',')) {
        bool ok = part.trimmed() == u":";
        values.push_back(ok ? -1 : part.trimmed().toLongLong(&ok));
        if (!ok || values.back() < -1) {
            return std::nullopt;
        }
    }
    return values;
}

std::optional<std::uint32_t> rowNamed(QStringView event, const Rows& rows) {
    const bool ofB = event.startsWith(u'b');
    bool ok = false;
    const std::uint64_t id = (ofB ? event.mid(1) : event).toULongLong(&ok);
    const auto& table = ofB ? rows.rowOfB : rows.rowOfA;
    if (!ok || id >= table.size() || table[id] == kNone32) {
        return std::nullopt;
    }
    return table[id];
}

std::optional<std::uint32_t> rowOfStep(std::uint32_t step, const Rows& rows) {
    const auto found = std::find_if(rows.stepStarts.begin(), rows.stepStarts.end(),
                                    [&](std::uint32_t row) { return rows.all[row].step >= step; });
    if (found == rows.stepStarts.end() || rows.all[*found].step != step) {
        return std::nullopt;
    }
    return *found;
}

std::optional<std::uint32_t> rowByWord(const QString& word, const Document& document) {
    const Rows& rows = document.rows();
    if (word == u"first") {
        return rows.differing.empty() ? 0U : rows.differing.front();
    }
    if (word == u"last") {
        return rows.differing.empty() ? rows.size() - 1 : rows.differing.back();
    }
    static const Pattern origin(R"(origin(?::(\d+))?)");
    const QStringList groups = groupsOf(origin, word);
    if (groups.isEmpty()) {
        return std::nullopt;
    }
    const std::uint32_t row = document.rowOfOrigin(groups[1].toInt());
    return row == kNone32 ? std::nullopt : std::optional(row);
}

bool hasSlot(const Document& document, std::uint32_t row, const QString& name) {
    const auto all = slotsOf(document, row);
    return std::any_of(all.begin(), all.end(), [&](const Slot& slot) { return slot.name == name; });
}

QString applyQuery(QStringView query, Focus& focus) {
    for (const QStringView part : query.split(u'&', Qt::SkipEmptyParts)) {
        const qsizetype equals = part.indexOf(u'=');
        const QStringView key = part.left(std::max<qsizetype>(equals, 0));
        const QStringView value = part.mid(equals + 1);
        const auto view =
            std::find(kViewNames.begin(), kViewNames.end(), value.toString().toStdString());
        if (key == u"view" && view != kViewNames.end()) {
            focus.view = static_cast<View>(view - kViewNames.begin());
        } else if (const auto slice = parseList(value); key == u"slice" && slice) {
            focus.slice = *slice;
        } else {
            return u"'%1' is neither view=a|b|delta|ulp nor slice=3,:,:"_s.arg(part);
        }
    }
    return {};
}

} // namespace

QString addressOf(const Focus& focus, const Rows& rows) {
    if (focus.isNone() || focus.row >= rows.size()) {
        return {};
    }
    const RowEntry& row = rows.all[focus.row];
    QString address = u"%1:%2"_s.arg(row.step).arg(
        row.a != kNone32 ? QString::number(row.a) : u'b' + QString::number(row.b));
    if (!focus.slot.isEmpty()) {
        address += u'/' + focus.slot;
    }
    if (!focus.index.empty()) {
        address += u'[' + listText(focus.index) + u']';
    }
    QStringList query;
    if (focus.view != View::Delta) {
        query.append(u"view="_s +
                     QString::fromLatin1(kViewNames[static_cast<std::size_t>(focus.view)]));
    }
    if (!focus.slice.empty()) {
        query.append(u"slice="_s + listText(focus.slice));
    }
    return query.isEmpty() ? address : address + u'?' + query.join(u'&');
}

namespace {

/// The row that the first two parts of an address name: a step, an event, or both; `why` tells
/// where there is none.
std::optional<std::uint32_t> rowOf(const QString& step, const QString& event, const Rows& rows,
                                   QString& why) {
    const auto row = event.isEmpty() ? rowOfStep(step.toUInt(), rows) : rowNamed(event, rows);
    if (!row) {
        why = event.isEmpty() ? u"there is no such step"_s : u"no row of the list is that event"_s;
    } else if (!event.isEmpty() && !step.isEmpty() && rows.all[*row].step != step.toUInt()) {
        why = u"that event is in step %1"_s.arg(rows.all[*row].step);
        return std::nullopt;
    }
    return row;
}

} // namespace

std::optional<Focus> focusOf(QStringView address, const Focus& now, const Document& document,
                             QString* why) {
    const auto refuse = [&](const QString& reason) {
        *why =
            u"%1: %2; an address is like 12:3417/out0[17]?view=ulp, or first, last, origin:1"_s.arg(
                address.toString(), reason);
        return std::nullopt;
    };
    const Rows& rows = document.rows();
    const QString trimmed = address.trimmed().toString();
    if (rows.size() == 0) {
        return refuse(u"there are no events"_s);
    }
    if (const auto row = rowByWord(trimmed, document)) {
        return Focus{.row = *row, .slot = {}, .index = {}, .view = now.view, .slice = {}};
    }
    static const Pattern grammar(
        R"((?:(\d+):)?(b?\d+)?(?:/(\w+))?(?:\[([-\d,: ]+)\])?(?:\[([-\d,: ]+)\])?(?:\?(.*))?)");
    const QStringList groups = groupsOf(grammar, trimmed);
    if (trimmed.isEmpty() || groups.isEmpty()) {
        return refuse(u"is not an address"_s);
    }
    Focus focus = now;
    if (!groups[1].isEmpty() || !groups[2].isEmpty()) {
        QString wrong;
        const auto row = rowOf(groups[1], groups[2], rows, wrong);
        if (!row) {
            return refuse(wrong);
        }
        // An address says all there is to say: what it does not name is as usual.
        focus = {};
        focus.row = *row;
    }
    if (focus.isNone()) {
        return refuse(u"names no event"_s);
    }
    QString element = groups[5].isEmpty() ? groups[4] : groups[5];
    if (!groups[3].isEmpty()) {
        focus.slot = groups[3];
        // in1[3] is the fourth of a list of tensors, or the fourth element: the event tells.
        const QString item = u"%1[%2]"_s.arg(focus.slot, groups[4]);
        if (!groups[5].isEmpty() || hasSlot(document, focus.row, item)) {
            focus.slot = item;
            element = groups[5];
        }
        focus.index.clear();
        focus.slice.clear();
    }
    if (!element.isEmpty()) {
        const auto index = parseList(element);
        if (!index || std::find(index->begin(), index->end(), -1) != index->end()) {
            return refuse(u"[%1] is not an element"_s.arg(element));
        }
        focus.index = *index;
    }
    if (const QString wrong = applyQuery(groups[6], focus); !wrong.isEmpty()) {
        return refuse(wrong);
    }
    return focus;
}

void FocusStore::setDocument(std::shared_ptr<const Document> document) {
    m_document = std::move(document);
    m_history.clear();
    m_place = 0;
    m_now = {};
}

void FocusStore::move(Focus focus) {
    const Focus old = std::exchange(m_now, std::move(focus));
    Q_EMIT changed(m_now, old);
}

void FocusStore::set(Focus focus, Reason reason) {
    if (!m_document || focus == m_now || focus.row >= m_document->rows().size()) {
        return;
    }
    if (reason == Reason::Nudge && !m_history.empty()) {
        m_history[m_place] = focus;
    } else {
        m_history.resize(m_history.empty() ? 0 : m_place + 1);
        m_history.push_back(focus);
        m_place = m_history.size() - 1;
    }
    move(std::move(focus));
}

void FocusStore::setRow(std::uint32_t row, Reason reason) {
    Focus focus = m_now;
    if (focus.row != row) {
        focus = Focus{.row = row, .slot = {}, .index = {}, .view = m_now.view, .slice = {}};
    }
    set(std::move(focus), reason);
}

void FocusStore::back() {
    if (canGoBack()) {
        move(m_history[--m_place]);
    }
}

void FocusStore::forward() {
    if (canGoForward()) {
        move(m_history[++m_place]);
    }
}

QString FocusStore::address() const {
    return m_document ? addressOf(m_now, m_document->rows()) : QString();
}

QString FocusStore::setAddress(QStringView address) {
    if (!m_document) {
        return u"%1: nothing is open"_s.arg(address.toString());
    }
    QString why;
    if (const auto focus = focusOf(address, m_now, *m_document, &why)) {
        set(*focus);
    }
    return why;
}

} // namespace repro::gui
