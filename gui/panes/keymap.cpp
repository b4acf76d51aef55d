// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/keymap.h"

#include <algorithm>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

namespace {

QString idOf(const Command& command) {
    return QString::fromLatin1(command.id);
}

QList<QKeySequence> shippedKeys(const Command& command) {
    return *command.keys == 0 // of no text Qt makes one empty sequence
               ? QList<QKeySequence>()
               : QKeySequence::listFromString(QString::fromLatin1(command.keys));
}

QString written(const QKeySequence& keys) {
    return keys.toString(QKeySequence::NativeText);
}

/// Letters, arrows and the like are for the pane or the line that has the keyboard.
bool isOfThePane(QKeyCombination key) {
    const bool isFunction = key.key() >= Qt::Key_F1 && key.key() <= Qt::Key_F35;
    return !isFunction &&
           !(key.keyboardModifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier));
}

/// Equal, or one the beginning of the other: Qt would call neither.
bool clash(const QKeySequence& one, const QKeySequence& other) {
    return one.matches(other) != QKeySequence::NoMatch ||
           other.matches(one) != QKeySequence::NoMatch;
}

} // namespace

Keymap::Keymap(const QString& key) : m_kept(key) {
    read();
}

void Keymap::read() {
    const QStringList names = m_kept.names();
    for (const QString& name : names) {
        const QKeySequence keys(m_kept.value(name).toString(), QKeySequence::PortableText);
        const bool meantNone = m_kept.value(name) == QVariant(QString());
        if (findCommand(name) != nullptr && (!keys.isEmpty() || meantNone)) {
            m_own.insert(name, keys);
        }
    }
    while (dropContradiction()) {
    }
    QStringList bad;
    for (const QString& name : names) {
        if (!m_own.contains(name)) {
            bad.append(u"%1 = %2"_s.arg(name, m_kept.value(name).toString()));
            m_kept.remove(name);
        }
    }
    m_trouble =
        m_kept.isDamaged() ? tr("The saved shortcuts cannot be read; the defaults are used")
        : bad.isEmpty()
            ? QString()
            : tr("Saved shortcuts that cannot be used were removed: %1").arg(bad.join(u", "_s));
}

bool Keymap::dropContradiction() {
    return std::any_of(commands().begin(), commands().end(), [this](const Command& command) {
        return isOwn(command) && !against(command, m_own.value(idOf(command))).isEmpty() &&
               m_own.remove(idOf(command));
    });
}

QList<QKeySequence> Keymap::of(const Command& command) const {
    const auto own = m_own.constFind(idOf(command));
    if (own == m_own.cend()) {
        return shippedKeys(command);
    }
    return own->isEmpty() ? QList<QKeySequence>() : QList{*own};
}

QString Keymap::text(const Command& command) const {
    return QKeySequence::listToString(of(command), QKeySequence::NativeText);
}

QString Keymap::name(const char* id) const {
    const Command& command = *findCommand(QString::fromLatin1(id));
    const QList<QKeySequence> keys = of(command);
    return keys.isEmpty() ? u"\u201c%1\u201d"_s.arg(plainText(command)) : written(keys.front());
}

bool Keymap::isOwn(const Command& command) const {
    return m_own.contains(idOf(command));
}

QString Keymap::against(const Command& command, const QKeySequence& keys) const {
    if (idOf(command) == u"job.cancel") {
        return tr("Esc always cancels");
    }
    for (int i = 0; i < keys.count(); ++i) {
        if (keys[static_cast<uint>(i)].key() == Qt::Key_unknown) {
            return tr("That is not a key");
        }
    }
    if (keys.isEmpty()) {
        return {};
    }
    if (isOfThePane(keys[0])) {
        return tr("%1 belongs to the pane with the keyboard focus; add Ctrl or Alt")
            .arg(written(keys));
    }
    for (const Command& other : commands()) {
        if (*other.menu != 0 &&
            clash(keys, QKeySequence::mnemonic(u'&' + QString::fromLatin1(other.menu)))) {
            return tr("%1 opens the %2 menu").arg(written(keys), QString::fromLatin1(other.menu));
        }
        for (const QKeySequence& taken : of(other)) {
            if (&other != &command && clash(keys, taken)) {
                return tr("%1 is taken by \u201c%2\u201d (%3)")
                    .arg(written(keys), plainText(other), written(taken));
            }
        }
    }
    return {};
}

QString Keymap::set(const Command& command, const QKeySequence& keys) {
    QString why = against(command, keys);
    if (why.isEmpty()) {
        m_own.insert(idOf(command), keys);
        m_kept.set(idOf(command), keys.toString(QKeySequence::PortableText));
        Q_EMIT changed();
    }
    return why;
}

QString Keymap::reset(const Command& command) {
    for (const QKeySequence& keys : shippedKeys(command)) {
        if (QString why = isOwn(command) ? against(command, keys) : QString(); !why.isEmpty()) {
            return why;
        }
    }
    m_own.remove(idOf(command));
    m_kept.remove(idOf(command));
    Q_EMIT changed();
    return {};
}

void Keymap::resetAll() {
    for (const QString& name : m_kept.names()) {
        m_kept.remove(name);
    }
    m_own.clear();
    Q_EMIT changed();
}

} // namespace repro::gui
