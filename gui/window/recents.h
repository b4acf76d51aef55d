// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QList>
#include <QStringList>

namespace repro::gui {

/// What was opened last, the newest first: a path, or two. Kept in the settings.
[[nodiscard]] QList<QStringList> recents();
/// Puts what is open now first; an empty path does not count. Returns: recents() with it.
QList<QStringList> rememberRecent(const QStringList& paths);

} // namespace repro::gui
