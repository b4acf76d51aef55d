// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/viewmodel/document.h"

#include <QObject>
#include <QString>

#include <memory>
#include <set>
#include <vector>

namespace repro::gui {

/// Notes, bookmarks and which origins were viewed, kept in the sidecar of a pair or run. Written
/// at each change.
class Notes : public QObject {
    Q_OBJECT
public:
    struct Note {
        std::uint32_t row = 0;
        QString text; ///< empty: a bookmark
    };

    using QObject::QObject;
    /// Reads the file of a document; of a damaged one, fails() once and starts empty.
    void open(std::shared_ptr<const Document> document);
    [[nodiscard]] const std::vector<Note>& all() const { return m_notes; } ///< by row
    [[nodiscard]] QString at(std::uint32_t row) const; ///< "bookmark" where there is no text
    void set(std::uint32_t row, const QString& text);
    void remove(std::uint32_t row);
    [[nodiscard]] bool has(std::uint32_t row) const;
    /// An origin was looked at.
    void view(std::uint32_t row);
    [[nodiscard]] int viewedOrigins() const;
    /// Rows that have a note, rising.
    [[nodiscard]] std::vector<std::uint32_t> rows() const;
    [[nodiscard]] QString path() const;

Q_SIGNALS:
    void changed();
    void failed(const QString& message);

private:
    void read();
    void write();

    std::shared_ptr<const Document> m_document;
    std::vector<Note> m_notes;
    std::set<std::uint32_t> m_viewed;
};

} // namespace repro::gui
