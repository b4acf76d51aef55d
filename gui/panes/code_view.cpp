// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/code_view.h"

#include "gui/panes/code_highlighter.h"

#include <QPainter>
#include <QScrollBar>
#include <QTextBlock>

#include <algorithm>

namespace repro::gui {

namespace {

constexpr int kLinesAround = 1000;
constexpr std::size_t kLongestLine = 1000;
constexpr int kPad = 6;
constexpr int kVeil = 40; ///< of 255

} // namespace

/// The numbers beside the lines.
class CodeView::Gutter : public QWidget {
public:
    explicit Gutter(CodeView& view) : QWidget(&view), m_view(view) {}

protected:
    void paintEvent(QPaintEvent* event) override { m_view.paintNumbers(event); }

private:
    CodeView& m_view;
};

CodeView::CodeView() {
    setReadOnly(true);
    setLineWrapMode(NoWrap);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_highlighter = new CodeHighlighter(document());
    m_gutter = new Gutter(*this);
    connect(this, &QPlainTextEdit::updateRequest, m_gutter,
            [this](const QRect& area, int scrolled) {
                if (scrolled != 0) {
                    m_gutter->scroll(0, scrolled);
                } else {
                    m_gutter->update(0, area.y(), m_gutter->width(), area.height());
                }
            });
}

void CodeView::setSource(std::string_view source, int line, bool isPython) {
    m_line = line;
    m_first = std::max(1, line - kLinesAround);
    QString lines;
    int number = 1;
    for (std::size_t begin = 0; begin < source.size() && number <= line + kLinesAround; ++number) {
        const std::size_t end = std::min(source.find('\n', begin), source.size());
        if (number >= m_first) {
            const auto part = source.substr(begin, std::min(end - begin, kLongestLine));
            lines += QString::fromUtf8(part.data(), static_cast<qsizetype>(part.size()));
            lines += u'\n';
        }
        begin = end + 1;
    }
    lines.chop(1);
    m_highlighter->setPython(isPython);
    setPlainText(lines);
    placeGutter();
    mark();
}

void CodeView::setTheme(const plot::PlotTheme& theme) {
    m_theme = theme;
    setFont(theme.mono);
    m_highlighter->setTheme(theme);
    placeGutter();
    mark();
}

void CodeView::mark() {
    const QTextCursor at(document()->findBlockByNumber(std::max(0, m_line - m_first)));
    setTextCursor(at);
    QTextEdit::ExtraSelection marked;
    marked.cursor = at;
    QColor veil = m_theme.selection; // as strong as text: under text, thin
    veil.setAlpha(kVeil);
    marked.format.setBackground(veil);
    marked.format.setProperty(QTextFormat::FullWidthSelection, true);
    setExtraSelections({marked});
    centerCursor();
    m_gutter->update();
}

void CodeView::placeGutter() {
    const auto digits = static_cast<int>(QString::number(m_first + blockCount()).size());
    const int width = 2 * kPad + digits * fontMetrics().horizontalAdvance(u'9');
    setViewportMargins(width, 0, 0, 0);
    const QRect all = contentsRect();
    m_gutter->setGeometry(all.left(), all.top(), width, all.height());
}

void CodeView::resizeEvent(QResizeEvent* event) {
    QPlainTextEdit::resizeEvent(event);
    placeGutter();
    centerCursor();
}

void CodeView::paintNumbers(QPaintEvent* event) {
    QPainter painter(m_gutter);
    painter.fillRect(event->rect(), m_theme.panel);
    painter.setFont(font());
    for (QTextBlock block = firstVisibleBlock(); block.isValid(); block = block.next()) {
        const QRectF place = blockBoundingGeometry(block).translated(contentOffset());
        if (place.top() > event->rect().bottom()) {
            break;
        }
        const int number = m_first + block.blockNumber();
        painter.setPen(number == m_line ? m_theme.text : m_theme.mutedText);
        painter.drawText(QRectF(0, place.top(), m_gutter->width() - kPad, place.height()),
                         Qt::AlignRight | Qt::AlignVCenter, QString::number(number));
    }
}

} // namespace repro::gui
