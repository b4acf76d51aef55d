// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/viewmodel/document.h"

#include <QObject>
#include <QString>
#include <QStringView>

#include <optional>
#include <vector>

namespace repro::gui {

enum class View { A, B, Delta, Ulp };

/// What everything on screen is about. Its text is an address:
///
///     12:3417/out0[17,101,44]?view=delta&slice=17,:,:
///
/// step, event of run A (of run B alone: b3417), slot, element, and how the tensor is looked at.
struct Focus {
    std::uint32_t row = trace::kNone32;
    QString slot;                    ///< "out0"; empty: the first that differs, else the first
    std::vector<std::int64_t> index; ///< an element; empty: none picked
    View view = View::Delta;
    std::vector<std::int64_t> slice; ///< a fixed index for each dimension, -1 for the two shown

    bool operator==(const Focus&) const = default;
    [[nodiscard]] bool isNone() const { return row == trace::kNone32; }
};

/// "12:3417/out0[17]"; empty for no focus.
[[nodiscard]] QString addressOf(const Focus& focus, const Rows& rows);
/// Understands addresses, parts of them ("12:", "3417", "/out1", "[3,4]" keep what they do not
/// name), and first, last, origin[:n]. `why` gets one line when it is none.
[[nodiscard]] std::optional<Focus> focusOf(QStringView address, const Focus& now,
                                           const Document& document, QString* why);

/// The only selection in the program, with its history. Belongs to the GUI thread.
class FocusStore : public QObject {
    Q_OBJECT
public:
    enum class Reason { Jump, Nudge }; ///< a nudge replaces the newest entry of the history

    using QObject::QObject;
    /// Forgets the history: other rows. A null document: nothing can be focused.
    void setDocument(std::shared_ptr<const Document> document);

    [[nodiscard]] const Focus& now() const { return m_now; }
    void set(Focus focus, Reason reason = Reason::Jump);
    /// Keeps view, and the slot only if the row stays.
    void setRow(std::uint32_t row, Reason reason = Reason::Jump);
    void back();
    void forward();
    [[nodiscard]] bool canGoBack() const { return m_place > 0; }
    [[nodiscard]] bool canGoForward() const { return m_place + 1 < m_history.size(); }

    [[nodiscard]] QString address() const;
    /// Returns: an empty string, or why the address leads nowhere.
    QString setAddress(QStringView address);

Q_SIGNALS:
    void changed(const repro::gui::Focus& now, const repro::gui::Focus& old);

private:
    void move(Focus focus);

    std::shared_ptr<const Document> m_document; // shared with the workers that read it
    Focus m_now;
    std::vector<Focus> m_history;
    std::size_t m_place = 0;
};

} // namespace repro::gui
