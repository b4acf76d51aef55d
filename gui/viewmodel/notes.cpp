// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/notes.h"

#include "gui/viewmodel/focus.h"
#include "gui/viewmodel/sidecar.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

namespace {

auto lowerBound(auto& notes, std::uint32_t row) {
    return std::lower_bound(
        notes.begin(), notes.end(), row,
        [](const Notes::Note& note, std::uint32_t wanted) { return note.row < wanted; });
}

Focus focusOn(std::uint32_t row) {
    Focus focus;
    focus.row = row;
    return focus;
}

} // namespace

QString Notes::path() const {
    if (!m_document) {
        return {};
    }
    const trace::Reader& reader = m_document->isPair() ? m_document->b() : m_document->a();
    return sidecarOf({}, QString::fromStdString(reader.path().string()));
}

void Notes::open(std::shared_ptr<const Document> document) {
    m_document = std::move(document);
    m_notes.clear();
    m_viewed.clear();
    if (m_document) {
        read();
    }
    Q_EMIT changed();
}

void Notes::read() {
    const auto root = readSidecar(path());
    if (!root) {
        Q_EMIT failed(
            tr("%1: not a notes file; move it away to keep it, or the next note overwrites it")
                .arg(path()));
        return;
    }
    QString why;
    for (const QJsonValue& value : (*root)[u"notes"_s].toArray()) {
        const auto focus =
            focusOf(value[u"address"_s].toString(), focusOn(trace::kNone32), *m_document, &why);
        if (focus && !has(focus->row)) {
            m_notes.insert(lowerBound(m_notes, focus->row),
                           {focus->row, value[u"text"_s].toString()});
        }
    }
    for (const QJsonValue& value : (*root)[u"viewed"_s].toArray()) {
        if (const auto focus =
                focusOf(value.toString(), focusOn(trace::kNone32), *m_document, &why)) {
            m_viewed.insert(focus->row);
        }
    }
}

void Notes::write() {
    const Rows& rows = m_document->rows();
    QJsonArray notes, viewed;
    for (const Note& note : m_notes) {
        notes.append(QJsonObject{{u"address"_s, addressOf(focusOn(note.row), rows)},
                                 {u"text"_s, note.text}});
    }
    for (const std::uint32_t row : m_viewed) {
        viewed.append(addressOf(focusOn(row), rows));
    }
    const QString why = writeSidecar(path(), {{u"notes"_s, notes}, {u"viewed"_s, viewed}});
    if (!why.isEmpty()) {
        Q_EMIT failed(tr("%1: cannot save notes: %2").arg(path(), why));
    }
}

QString Notes::at(std::uint32_t row) const {
    const auto note = lowerBound(m_notes, row);
    if (note == m_notes.end() || note->row != row) {
        return {};
    }
    return note->text.isEmpty() ? tr("bookmark") : note->text;
}

bool Notes::has(std::uint32_t row) const {
    return !at(row).isEmpty();
}

void Notes::set(std::uint32_t row, const QString& text) {
    const auto note = lowerBound(m_notes, row);
    if (note != m_notes.end() && note->row == row) {
        note->text = text;
    } else {
        m_notes.insert(note, {row, text});
    }
    write();
    Q_EMIT changed();
}

void Notes::remove(std::uint32_t row) {
    if (has(row)) {
        m_notes.erase(lowerBound(m_notes, row));
        write();
        Q_EMIT changed();
    }
}

void Notes::view(std::uint32_t row) {
    const auto& origins = m_document->rows().origins;
    if (std::binary_search(origins.begin(), origins.end(), row) && m_viewed.insert(row).second &&
        QFileInfo::exists(path())) {
        write(); // looking alone leaves no file behind
    }
}

int Notes::viewedOrigins() const {
    return static_cast<int>(m_viewed.size());
}

std::vector<std::uint32_t> Notes::rows() const {
    std::vector<std::uint32_t> rows;
    for (const Note& note : m_notes) {
        rows.push_back(note.row);
    }
    return rows;
}

} // namespace repro::gui
