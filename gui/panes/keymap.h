// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/viewmodel/commands.h"
#include "gui/viewmodel/named_settings.h"

#include <QHash>
#include <QKeySequence>
#include <QObject>

namespace repro::gui {

/// The keys of each command: those of the registry, or what the user set instead. Whatever is set,
/// no key means two things. Belongs to the GUI thread.
class Keymap : public QObject {
    Q_OBJECT
public:
    /// `key`: where in the settings; empty: kept as long as this object. What is kept there and
    /// cannot be used is forgotten, and trouble() says so.
    explicit Keymap(const QString& key);

    [[nodiscard]] QList<QKeySequence> of(const Command& command) const;
    /// All keys of a command as the desktop writes them, separated by "; ".
    [[nodiscard]] QString text(const Command& command) const;
    /// How to call a command, for a sentence: its first key, or its text where it has none.
    [[nodiscard]] QString name(const char* id) const;
    [[nodiscard]] bool isOwn(const Command& command) const;
    /// One line on what was kept and is forgotten; empty: nothing.
    [[nodiscard]] const QString& trouble() const { return m_trouble; }

    /// Instead of all keys it has; empty: none. Returns: an empty string, or why not.
    QString set(const Command& command, const QKeySequence& keys);
    /// Back to the registry's. Returns: an empty string, or why not.
    QString reset(const Command& command);
    void resetAll();

Q_SIGNALS:
    void changed();

private:
    [[nodiscard]] QString against(const Command& command, const QKeySequence& keys) const;
    void read();
    bool dropContradiction();

    NamedSettings m_kept;               // portable texts, by the command's id
    QHash<QString, QKeySequence> m_own; // what of it can be used
    QString m_trouble;
};

} // namespace repro::gui
