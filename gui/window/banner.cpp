// SPDX-License-Identifier: BSD-3-Clause
#include "gui/window/banner.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace repro::gui {

Banner::Banner(QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("banner"));
    setFrameShape(QFrame::StyledPanel);
    m_text = new QLabel;
    m_text->setWordWrap(true);
    m_text->setMinimumWidth(1);
    m_text->setAccessibleName(tr("Notice"));
    auto* reload = new QPushButton(tr("Reload"));
    auto* dismiss = new QPushButton(tr("Dismiss"));
    m_reload = reload;
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 2, 8, 2);
    layout->addWidget(m_text, 1);
    layout->addWidget(reload);
    layout->addWidget(dismiss);
    connect(reload, &QPushButton::clicked, this, &Banner::reloadRequested);
    connect(dismiss, &QPushButton::clicked, this, &QWidget::hide);
    hide();
}

void Banner::say(const QString& text, bool canReload) {
    m_text->setText(text);
    m_reload->setVisible(canReload);
    show();
}

QString Banner::text() const {
    return isHidden() ? QString() : m_text->text();
}

} // namespace repro::gui
