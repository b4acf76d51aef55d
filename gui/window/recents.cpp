// SPDX-License-Identifier: BSD-3-Clause
#include "gui/window/recents.h"

#include <QFileInfo>
#include <QSettings>
#include <QVariant>

namespace repro::gui {

namespace {
const QString kKey = QStringLiteral("recents");
constexpr qsizetype kMost = 12;
} // namespace

QList<QStringList> recents() {
    QList<QStringList> all;
    for (const QVariant& paths : QSettings().value(kKey).toList()) {
        all.append(paths.toStringList());
    }
    return all;
}

QList<QStringList> rememberRecent(const QStringList& paths) {
    QStringList now;
    for (const QString& path : paths) {
        if (!path.isEmpty()) {
            now.append(QFileInfo(path).absoluteFilePath());
        }
    }
    QList<QStringList> all = recents();
    all.removeAll(now);
    all.prepend(now);
    all = all.mid(0, kMost);
    QVariantList stored;
    for (const QStringList& kept : all) {
        stored.append(QVariant(kept));
    }
    QSettings().setValue(kKey, stored);
    return all;
}

} // namespace repro::gui
