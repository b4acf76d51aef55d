// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/sidecar.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

namespace {
const QString kSchema = u"reprorec.notes/1"_s;
}

QString sidecarOf(const QString& a, const QString& b) {
    const QFileInfo file(b.isEmpty() ? a : b);
    return file.path() + u'/' + file.completeBaseName() + u".reproview.json"_s;
}

std::optional<QJsonObject> readSidecar(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return QJsonObject();
    }
    const QJsonObject root = QJsonDocument::fromJson(file.readAll()).object();
    return root[u"schema"_s].toString() == kSchema ? std::optional(root) : std::nullopt;
}

QString writeSidecar(const QString& path, const QJsonObject& keys) {
    QJsonObject root = readSidecar(path).value_or(QJsonObject());
    root[u"schema"_s] = kSchema;
    for (auto key = keys.begin(); key != keys.end(); ++key) {
        root[key.key()] = key.value();
    }
    QSaveFile file(path);
    const QByteArray text = QJsonDocument(root).toJson();
    const bool written =
        file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit();
    return written ? QString() : file.errorString();
}

QStringList heldPairs(const QString& a, const QString& b) {
    const QJsonObject kept =
        readSidecar(sidecarOf(a, b)).value_or(QJsonObject())[u"alignment"_s].toObject();
    QStringList pairs;
    if (kept[u"a"_s].toString() == QFileInfo(a).fileName()) {
        for (const QJsonValue& pair : kept[u"pairs"_s].toArray()) {
            pairs.append(pair.toString());
        }
    }
    return pairs;
}

QString keepHeldPairs(const QString& a, const QString& b, const QStringList& pairs) {
    const QString path = sidecarOf(a, b);
    const QString why = writeSidecar(
        path, {{u"alignment"_s, QJsonObject{{u"a"_s, QFileInfo(a).fileName()},
                                            {u"pairs"_s, QJsonArray::fromStringList(pairs)}}}});
    return why.isEmpty() ? why : u"%1: cannot save the alignment: %2"_s.arg(path, why);
}

} // namespace repro::gui
