// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <optional>

namespace repro::gui {

/// The file beside run B (of one run: beside it), `b.reproview.json`, that keeps what a user said
/// about a pair. The recordings themselves are never written to.
QString sidecarOf(const QString& a, const QString& b);
/// Empty where there is none yet; nothing where the file is not one of ours.
std::optional<QJsonObject> readSidecar(const QString& path);
/// Puts these keys in it and leaves the others. Returns: an empty string, or what went wrong.
QString writeSidecar(const QString& path, const QJsonObject& keys);

/// Pairs of events that are held together by hand, "event 3 = 5", the newest last. Those of another
/// run A say nothing.
QStringList heldPairs(const QString& a, const QString& b);
/// Returns: an empty string, or what went wrong.
QString keepHeldPairs(const QString& a, const QString& b, const QStringList& pairs);

} // namespace repro::gui
