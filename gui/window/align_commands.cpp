// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/pattern_groups.h"
#include "gui/window/banner.h"
#include "gui/window/main_window.h"
#include "gui/window/window_commands.h"

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;
using trace::kNone32;

void WindowCommands::bindAlign() {
    Session& session = m_window.context().session;
    bind("edit.align", [this, &session](const QString& argument) {
        static const Pattern two(R"(\s*(\d+)\s*=\s*(\d+)\s*)");
        if (const QStringList groups = groupsOf(two, argument); !groups.isEmpty()) {
            return session.align(groups[1].toULongLong(), groups[2].toULongLong());
        }
        return argument.isEmpty()
                   ? alignFocus()
                   : u"%1: write an event of A and one of B, such as 123 = 125"_s.arg(argument);
    });
    bind("edit.unalign", [&session](const QString&) { return session.unalign(); });
}

/// The first time the row in focus is held, the second time that in focus then is its partner.
QString WindowCommands::alignFocus() {
    Session& session = m_window.context().session;
    const auto& rows = session.document()->rows().all;
    const std::uint32_t now = session.focus().now().row;
    if (now == kNone32) {
        return QObject::tr("Go to an event first");
    }
    if (m_held == kNone32) {
        m_held = now;
        m_window.banner()->say(
            QObject::tr("%1 is pinned. Go to its counterpart in the other run and press %2 again "
                        "to align the runs on the two. Esc unpins it.")
                .arg(session.focus().address(), m_window.context().keys.name("edit.align")),
            false);
        return {};
    }
    const RowEntry& first = rows[m_held];
    const RowEntry& second = rows[now];
    letGo();
    return first.a != kNone32 && second.b != kNone32 ? session.align(first.a, second.b)
           : first.b != kNone32 && second.a != kNone32
               ? session.align(second.a, first.b)
               : QObject::tr("Both events are in the same run");
}

void WindowCommands::letGo() {
    if (m_held != kNone32) {
        m_held = kNone32;
        m_window.banner()->hide();
    }
}

} // namespace repro::gui
