// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/panes/pane.h"

#include <QFrame>

class QPushButton;

namespace repro::gui {

/// The answer, above everything: one sentence, what was compared, what to press next.
class VerdictBar : public QFrame {
    Q_OBJECT
public:
    explicit VerdictBar(Context& context);
    [[nodiscard]] QString text() const;
    [[nodiscard]] QString coverage() const; ///< the line below
    void refresh();

Q_SIGNALS:
    void linkActivated(const QString& link); ///< "focus:ADDRESS", "pane:ID", "cancel:"

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void fitHeight();
    void say(const QString& sentence, const QString& coverage);
    [[nodiscard]] bool isComparing() const;

    Context& m_context;
    QLabel* m_sentence = nullptr;
    QLabel* m_coverage = nullptr;
};

} // namespace repro::gui
