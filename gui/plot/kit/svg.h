// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QPaintDevice>
#include <QSizeF>
#include <QString>

#include <memory>

namespace repro::gui::plot {

class SvgEngine;

/// A QPainter on this writes SVG 1.1: paths, text as text, images embedded, clips kept (which Qt's
/// own generator drops). Solid brushes only.
class SvgDevice : public QPaintDevice {
public:
    SvgDevice(QSizeF size, const QString& title, const QString& description);
    ~SvgDevice() override;

    /// The whole document. Requires: no painter is active on it.
    [[nodiscard]] QByteArray finish() const;
    [[nodiscard]] QPaintEngine* paintEngine() const override;

protected:
    [[nodiscard]] int metric(PaintDeviceMetric metric) const override;

private:
    QSizeF m_size;
    QString m_title, m_description;
    std::unique_ptr<SvgEngine> m_engine;
};

} // namespace repro::gui::plot
