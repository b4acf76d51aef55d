// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/viewmodel/document.h"
#include "trace/pattern.h"

#include <QStringList>

#include <algorithm>
#include <iterator>
#include <string>

namespace repro::gui {

/// Pattern::groupsOf() in Qt's strings; empty where the pattern is not all of the text.
inline QStringList groupsOf(const Pattern& pattern, const QString& of) {
    QStringList groups;
    const std::string utf8 = of.toStdString(); // the groups are views of it
    if (const auto found = pattern.groupsOf(utf8)) {
        std::transform(found->begin(), found->end(), std::back_inserter(groups), text);
    }
    return groups;
}

} // namespace repro::gui
