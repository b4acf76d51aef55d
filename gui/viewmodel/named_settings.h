// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QString>
#include <QStringList>
#include <QVariantMap>

namespace repro::gui {

/// What a user keeps by names of their own, over all recordings: filters, layouts.
class NamedSettings {
public:
    /// `key`: where in the settings; empty: kept as long as this object.
    explicit NamedSettings(QString key) : m_key(std::move(key)) {}

    [[nodiscard]] QStringList names() const { return values().keys(); }
    /// Something is kept, but no names with values.
    [[nodiscard]] bool isDamaged() const;
    [[nodiscard]] bool contains(const QString& name) const { return values().contains(name); }
    /// Returns: an invalid one where there is none of this name.
    [[nodiscard]] QVariant value(const QString& name) const { return values().value(name); }
    void set(const QString& name, const QVariant& value);
    void remove(const QString& name);

private:
    /// Read anew each time: another window may have kept some.
    [[nodiscard]] QVariantMap values() const;
    void store(const QVariantMap& values);

    const QString m_key;
    QVariantMap m_values; // without a key
};

} // namespace repro::gui
