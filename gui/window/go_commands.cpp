// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/rerun_pane.h"
#include "gui/panes/source_pane.h"
#include "gui/viewmodel/lineage.h"
#include "gui/window/dialogs.h"
#include "gui/window/main_window.h"
#include "gui/window/transport.h"
#include "gui/window/window_commands.h"

#include <QApplication>

#include <algorithm>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;
using trace::kNone32;

void WindowCommands::bindGo() {
    Context& context = m_window.context();
    FocusStore& focus = context.session.focus();
    bind("go.address", [this, &focus](const QString& argument) {
        const auto address =
            argument.isEmpty()
                ? askForText(&m_window, QObject::tr("Go to address"), focus.address())
                : std::optional(argument);
        return address ? focus.setAddress(*address) : QString();
    });
    bind("go.back", [&focus](const QString&) { return focus.back(), QString(); });
    bind("go.forward", [&focus](const QString&) { return focus.forward(), QString(); });
    bind("go.first", [&focus, &context](const QString&) {
        const bool origin = context.session.document()->rowOfOrigin(0) != kNone32;
        return focus.setAddress(origin ? u"origin" : u"first");
    });
    bind("go.last", [&focus](const QString&) { return focus.setAddress(u"last"); });
    const auto move = [&context](Session::Grain grain, int direction, const QString& atEnd) {
        return [&context, grain, direction, atEnd](const QString&) {
            if (context.session.move(grain, direction)) {
                return QString();
            }
            QApplication::beep();
            return direction > 0 ? atEnd.arg(context.keys.name("go.first")) : atEnd;
        };
    };
    using Grain = Session::Grain;
    bind("go.next-difference",
         move(Grain::Difference, 1, QObject::tr("Last difference; %1 goes to the first")));
    bind("go.previous-difference", move(Grain::Difference, -1, QObject::tr("First difference")));
    bind("go.next-origin",
         move(Grain::Origin, 1, QObject::tr("Last origin; %1 goes to the first")));
    bind("go.previous-origin", move(Grain::Origin, -1, QObject::tr("First origin")));
    // A job: the first of them indexes all writes of a run.
    const auto follow = [this, &context, &focus](auto relative, const QString& none) {
        return [this, &context, &focus, relative, none](const QString&) {
            const std::uint32_t row = focus.now().row;
            if (row == kNone32) {
                return none;
            }
            context.session.jobs().start(
                u"relative"_s,
                [document = context.session.document(), row, relative](const CancelFlag&) {
                    return relative(*document, row);
                },
                [this, &focus, row, none](std::uint32_t to) {
                    if (to == kNone32) {
                        m_window.message(none);
                    } else if (focus.now().row == row) {
                        focus.setRow(to);
                    }
                });
            return QString();
        };
    };
    bind("go.producer", follow(producerOf, QObject::tr("No recorded row wrote this input")));
    bind("go.consumer", follow(consumerOf, QObject::tr("No differing row reads this output")));
    bind("go.editor", [this](const QString&) { return m_window.panes().source->openInEditor(); });
    bind("go.next-bookmark", [this](const QString&) { return nextNote(1); });
    bind("go.previous-bookmark", [this](const QString&) { return nextNote(-1); });
}

QString WindowCommands::nextNote(int direction) {
    const std::vector<std::uint32_t> rows = m_window.context().notes.rows();
    FocusStore& focus = m_window.context().session.focus();
    const std::uint32_t now = focus.now().row;
    const auto after = std::upper_bound(rows.begin(), rows.end(), now);
    const auto at = std::lower_bound(rows.begin(), rows.end(), now);
    if (direction > 0 ? after == rows.end() : at == rows.begin()) {
        QApplication::beep();
        return QObject::tr("No more bookmarks; %1 adds one")
            .arg(m_window.context().keys.name("edit.bookmark"));
    }
    focus.setRow(direction > 0 ? *after : *(at - 1));
    return {};
}

void WindowCommands::bindRun() {
    Transport* transport = m_window.transport();
    bind("run.play", [transport](const QString&) {
        return transport->play(!transport->isPlaying()), QString();
    });
    bind("run.next", [transport](const QString&) { return transport->step(1), QString(); });
    bind("run.previous", [transport](const QString&) { return transport->step(-1), QString(); });
    bind("run.again", [this](const QString&) {
        m_window.showPane(u"rerun"_s);
        return m_window.panes().rerun->toggle();
    });
    const auto grain = [transport](Session::Grain of) {
        return [transport, of](const QString&) { return transport->setGrain(of), QString(); };
    };
    bind("run.grain-event", grain(Session::Grain::Event));
    bind("run.grain-layer", grain(Session::Grain::Layer));
    bind("run.grain-step", grain(Session::Grain::Step));
    bind("run.faster", [transport](const QString&) { return transport->setSpeed(2), QString(); });
    bind("run.slower", [transport](const QString&) { return transport->setSpeed(0.5), QString(); });
}

} // namespace repro::gui
