// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/events_pane.h"
#include "gui/window/dialogs.h"
#include "gui/window/main_window.h"
#include "gui/window/palette.h"
#include "gui/window/window_commands.h"

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Calls `use` with a name that is kept; without a name, lists those that are.
template <typename Use>
auto ofKept(MainWindow& window, NamedSettings& kept, const QString& list, Use use) {
    return [&window, &kept, list, use](const QString& name) -> QString {
        const QStringList names = kept.names();
        if (names.isEmpty() || (!name.isEmpty() && !names.contains(name))) {
            return QObject::tr("%1%2: no such name; saved: %3")
                .arg(list, name, names.isEmpty() ? QObject::tr("none yet") : names.join(u", "_s));
        }
        if (name.isEmpty()) {
            showPalette(window, list);
            return {};
        }
        return use(name);
    };
}

/// Calls `keep` with a name, asked for where none was given.
template <typename Keep>
auto byName(MainWindow& window, const QString& title, Keep keep) {
    return [&window, title, keep](const QString& given) -> QString {
        const QString name =
            given.isEmpty() ? askForText(&window, title, {}).value_or(QString()) : given;
        return name.isEmpty() ? QString() : keep(name);
    };
}

} // namespace

void WindowCommands::bindKeeping() {
    NamedSettings& filters = m_window.filters();
    NamedSettings& layouts = m_window.layouts();
    EventsPane* events = m_window.events();
    bind("edit.filter-save",
         byName(m_window, QObject::tr("Name of the filter"),
                [this, &filters, events](const QString& name) {
                    const QString text = events->filter().text();
                    if (text.isEmpty()) {
                        return QObject::tr("There is no filter to save; press %1 to type one")
                            .arg(m_window.context().keys.name("edit.filter"));
                    }
                    filters.set(name, text);
                    return QString();
                }));
    bind("edit.filter-load", ofKept(m_window, filters, QObject::tr("Filter: "),
                                    [&filters, events](const QString& name) {
                                        return events->setFilter(filters.value(name).toString());
                                    }));
    bind("edit.filter-forget",
         ofKept(m_window, filters, QObject::tr("Delete filter: "),
                [&filters](const QString& name) { return filters.remove(name), QString(); }));
    bind("window.save-layout",
         byName(m_window, QObject::tr("Name of the layout"),
                [this](const QString& name) { return m_window.saveLayout(name), QString(); }));
    bind("window.load-layout",
         ofKept(m_window, layouts, QObject::tr("Layout: "), [this, &layouts](const QString& name) {
             return m_window.docks().restore(layouts.value(name).toByteArray()), QString();
         }));
    bind("window.forget-layout",
         ofKept(m_window, layouts, QObject::tr("Delete layout: "),
                [&layouts](const QString& name) { return layouts.remove(name), QString(); }));
}

} // namespace repro::gui
