// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/named_settings.h"

#include <QSettings>

namespace repro::gui {

QVariantMap NamedSettings::values() const {
    return m_key.isEmpty() ? m_values : QSettings().value(m_key).toMap();
}

bool NamedSettings::isDamaged() const {
    const QSettings settings;
    return !m_key.isEmpty() && settings.contains(m_key) &&
           settings.value(m_key).typeId() != QMetaType::QVariantMap;
}

void NamedSettings::store(const QVariantMap& values) {
    if (m_key.isEmpty()) {
        m_values = values;
    } else {
        QSettings().setValue(m_key, values);
    }
}

void NamedSettings::set(const QString& name, const QVariant& value) {
    QVariantMap all = values();
    all[name] = value;
    store(all);
}

void NamedSettings::remove(const QString& name) {
    QVariantMap all = values();
    all.remove(name);
    store(all);
}

} // namespace repro::gui
