// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/code_highlighter.h"

#include <QRegularExpression>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

void CodeHighlighter::setTheme(const plot::PlotTheme& theme) {
    m_comment = theme.mutedText;
    rehighlight();
}

void CodeHighlighter::highlightBlock(const QString& text) {
    static const QRegularExpression cpp(
        uR"((//.*)|(/\*.*?(?:\*/|$))|("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])+')|\b(auto|bool|break|case|catch|char|class|const|constexpr|continue|default|delete|do|double|else|enum|explicit|false|float|for|if|inline|int|long|namespace|new|noexcept|nullptr|operator|override|private|protected|public|return|short|signed|sizeof|static|struct|switch|template|this|throw|true|try|typedef|typename|unsigned|using|virtual|void|while)\b)"_s);
    static const QRegularExpression python(
        uR"((#.*)|((?!))|("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|\b(and|as|assert|async|await|break|class|continue|def|del|elif|else|except|False|finally|for|from|global|if|import|in|is|lambda|None|nonlocal|not|or|pass|raise|return|True|try|while|with|yield)\b)"_s);
    enum State { Code = 0, Comment = 1 };
    QTextCharFormat comment, literal, keyword;
    comment.setForeground(m_comment);
    literal.setFontItalic(true);
    keyword.setFontWeight(QFont::Bold);
    setCurrentBlockState(Code);
    qsizetype from = 0;
    if (previousBlockState() == Comment) {
        const qsizetype end = text.indexOf(u"*/"_s);
        from = end < 0 ? text.size() : end + 2;
        setFormat(0, static_cast<int>(from), comment);
        setCurrentBlockState(end < 0 ? Comment : Code);
    }
    auto found = (m_isPython ? python : cpp).globalMatch(text, from);
    while (found.hasNext()) {
        const QRegularExpressionMatch match = found.next();
        const bool isComment = match.lastCapturedIndex() <= 2;
        setFormat(static_cast<int>(match.capturedStart()), static_cast<int>(match.capturedLength()),
                  isComment                        ? comment
                  : match.lastCapturedIndex() == 3 ? literal
                                                   : keyword);
        if (match.lastCapturedIndex() == 2 && !match.captured().endsWith(u"*/"_s)) {
            setCurrentBlockState(Comment);
        }
    }
}

} // namespace repro::gui
