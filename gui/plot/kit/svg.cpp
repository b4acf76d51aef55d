// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/kit/svg.h"

#include <QBuffer>
#include <QFontInfo>
#include <QImage>
#include <QPaintEngine>
#include <QPainter>
#include <QPainterPath>

namespace repro::gui::plot {
namespace {

QByteArray num(qreal value) {
    QByteArray text = QByteArray::number(value, 'f', 3);
    while (text.endsWith('0')) {
        text.chop(1);
    }
    if (text.endsWith('.')) {
        text.chop(1);
    }
    return text == "-0" ? QByteArray("0") : text;
}

QByteArray pathData(const QPainterPath& path) {
    QByteArray data;
    for (int i = 0; i < path.elementCount(); ++i) {
        const QPainterPath::Element element = path.elementAt(i);
        switch (element.type) {
        case QPainterPath::MoveToElement:
            data += 'M';
            break;
        case QPainterPath::LineToElement:
            data += 'L';
            break;
        case QPainterPath::CurveToElement:
            data += 'C';
            break;
        case QPainterPath::CurveToDataElement:
            data += ' ';
            break;
        }
        data += num(element.x) + ' ' + num(element.y);
    }
    return data;
}

QByteArray escaped(const QString& text) {
    return text.toHtmlEscaped().toUtf8();
}

QByteArray paint(const char* what, const QColor& colour) {
    QByteArray text = ' ' + QByteArray(what) + "=\"" + colour.name().toLatin1() + '"';
    if (colour.alpha() != 255) {
        text += ' ' + QByteArray(what) + "-opacity=\"" + num(colour.alphaF()) + '"';
    }
    return text;
}

} // namespace

class SvgEngine : public QPaintEngine {
public:
    SvgEngine() : QPaintEngine(PaintEngineFeatures(AllFeatures & ~LinearGradientFill)) {}

    bool begin(QPaintDevice*) override { return true; }
    bool end() override {
        closeGroup();
        return true;
    }
    [[nodiscard]] Type type() const override { return User; }

    void updateState(const QPaintEngineState& changed) override {
        const auto flags = changed.state();
        if (flags & DirtyPen) {
            m_pen = changed.pen();
        }
        if (flags & DirtyBrush) {
            m_brush = changed.brush();
        }
        if (flags &
            (DirtyTransform | DirtyClipPath | DirtyClipRegion | DirtyClipEnabled | DirtyOpacity)) {
            m_transform = changed.transform();
            m_opacity = changed.opacity();
            m_groupIsStale = true;
        }
    }

    void drawPath(const QPainterPath& path) override {
        openGroup();
        m_body += "<path d=\"" + pathData(path) + '"' + fill(m_brush) + stroke();
        m_body += path.fillRule() == Qt::OddEvenFill ? " fill-rule=\"evenodd\"/>\n" : "/>\n";
    }

    void drawPolygon(const QPointF* points, int size, PolygonDrawMode mode) override {
        QPainterPath path(points[0]);
        for (int i = 1; i < size; ++i) {
            path.lineTo(points[i]);
        }
        if (mode != PolylineMode) {
            path.closeSubpath();
        }
        openGroup();
        m_body += "<path d=\"" + pathData(path) + '"' +
                  (mode == PolylineMode ? QByteArray(" fill=\"none\"") : fill(m_brush)) + stroke() +
                  "/>\n";
    }

    void drawTextItem(const QPointF& at, const QTextItem& item) override {
        openGroup();
        const QFont font = item.font();
        m_body += "<text x=\"" + num(at.x()) + "\" y=\"" + num(at.y()) + "\" font-family=\"" +
                  escaped(font.family()) + "\" font-size=\"" + num(QFontInfo(font).pixelSize()) +
                  '"';
        m_body += font.bold() ? " font-weight=\"bold\"" : "";
        // So that a viewer with other fonts keeps the layout.
        if (item.text().size() > 1) {
            m_body += " textLength=\"" + num(item.width()) + '"';
        }
        m_body += paint("fill", m_pen.color()) + " xml:space=\"preserve\">" + escaped(item.text()) +
                  "</text>\n";
    }

    void drawImage(const QRectF& target, const QImage& image, const QRectF& source,
                   Qt::ImageConversionFlags) override {
        openGroup();
        QByteArray png;
        QBuffer buffer(&png);
        buffer.open(QIODevice::WriteOnly);
        image.copy(source.toAlignedRect()).save(&buffer, "PNG");
        m_body += "<image x=\"" + num(target.x()) + "\" y=\"" + num(target.y()) + "\" width=\"" +
                  num(target.width()) + "\" height=\"" + num(target.height()) +
                  "\" preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" "
                  "xlink:href=\"data:image/png;base64," +
                  png.toBase64() + "\"/>\n";
    }

    void drawPixmap(const QRectF& target, const QPixmap& pixmap, const QRectF& source) override {
        drawImage(target, pixmap.toImage(), source, Qt::AutoColor);
    }

    [[nodiscard]] QByteArray body() const { return "<defs>\n" + m_clips + "</defs>\n" + m_body; }

private:
    [[nodiscard]] static QByteArray fill(const QBrush& brush) {
        return brush.style() == Qt::NoBrush ? QByteArray(" fill=\"none\"")
                                            : paint("fill", brush.color());
    }

    [[nodiscard]] QByteArray stroke() const {
        if (m_pen.style() == Qt::NoPen) {
            return {};
        }
        const qreal width = m_pen.widthF() > 0 ? m_pen.widthF() : 1;
        QByteArray text = paint("stroke", m_pen.color()) + " stroke-width=\"" + num(width) + '"';
        if (m_pen.style() != Qt::SolidLine) {
            QByteArray dashes;
            for (const qreal length : m_pen.dashPattern()) {
                dashes += (dashes.isEmpty() ? "" : " ") + num(length * width);
            }
            text += " stroke-dasharray=\"" + dashes + '"';
        }
        return text + (m_pen.capStyle() == Qt::RoundCap ? " stroke-linecap=\"round\"" : "");
    }

    void closeGroup() {
        m_body += m_groupIsOpen ? "</g>\n" : "";
        m_groupIsOpen = false;
        m_groupIsStale = true;
    }

    // One group for each run of equal transform, clip and opacity.
    void openGroup() {
        if (!m_groupIsStale) {
            return;
        }
        closeGroup();
        m_body += "<g";
        if (!m_transform.isIdentity()) {
            m_body += " transform=\"matrix(" + num(m_transform.m11()) + ' ' +
                      num(m_transform.m12()) + ' ' + num(m_transform.m21()) + ' ' +
                      num(m_transform.m22()) + ' ' + num(m_transform.dx()) + ' ' +
                      num(m_transform.dy()) + ")\"";
        }
        if (painter()->hasClipping()) {
            const QByteArray data = pathData(painter()->clipPath()); // in the group's coordinates
            if (data != m_clipData) {
                m_clipData = data;
                ++m_clipCount;
                m_clips += "<clipPath id=\"c" + QByteArray::number(m_clipCount) + "\"><path d=\"" +
                           data + "\"/></clipPath>\n";
            }
            m_body += " clip-path=\"url(#c" + QByteArray::number(m_clipCount) + ")\"";
        }
        m_body += m_opacity < 1 ? " opacity=\"" + num(m_opacity) + '"' : QByteArray();
        m_body += ">\n";
        m_groupIsOpen = true;
        m_groupIsStale = false;
    }

    QByteArray m_clips, m_body, m_clipData;
    QPen m_pen;
    QBrush m_brush;
    QTransform m_transform;
    qreal m_opacity = 1;
    int m_clipCount = 0;
    bool m_groupIsOpen = false, m_groupIsStale = true;
};

SvgDevice::SvgDevice(QSizeF size, const QString& title, const QString& description)
    : m_size(size), m_title(title), m_description(description),
      m_engine(std::make_unique<SvgEngine>()) {}

SvgDevice::~SvgDevice() = default;

QPaintEngine* SvgDevice::paintEngine() const {
    return m_engine.get();
}

QByteArray SvgDevice::finish() const {
    const QByteArray width = num(m_size.width()), height = num(m_size.height());
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" "
           "xmlns:xlink=\"http://www.w3.org/1999/xlink\" role=\"img\" width=\"" +
           width + "\" height=\"" + height + "\" viewBox=\"0 0 " + width + ' ' + height +
           "\">\n<title>" + escaped(m_title) + "</title>\n<desc>" + escaped(m_description) +
           "</desc>\n" + m_engine->body() + "</svg>\n";
}

int SvgDevice::metric(PaintDeviceMetric metric) const {
    constexpr int kDpi = 96;
    switch (metric) {
    case PdmWidth:
        return qRound(m_size.width());
    case PdmHeight:
        return qRound(m_size.height());
    case PdmWidthMM:
        return qRound(m_size.width() / kDpi * 25.4);
    case PdmHeightMM:
        return qRound(m_size.height() / kDpi * 25.4);
    case PdmDpiX:
    case PdmDpiY:
    case PdmPhysicalDpiX:
    case PdmPhysicalDpiY:
        return kDpi;
    case PdmNumColors:
        return 0;
    case PdmDepth:
        return 32;
    case PdmDevicePixelRatio:
        return 1;
    case PdmDevicePixelRatioScaled:
        return int(devicePixelRatioFScale());
    }
    return 0;
}

} // namespace repro::gui::plot
