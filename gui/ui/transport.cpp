// SPDX-License-Identifier: BSD-3-Clause
#include "gui/ui/transport.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QStyle>
#include <QTimer>

#include <algorithm>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

Transport::Transport(Context& context) : m_context(context) {
    setObjectName(u"transport"_s);
    setWindowTitle(tr("Transport"));
    setAccessibleName(tr("Transport"));
    setIconSize({16, 16});
    m_timer = new QTimer(this);
    m_timer->setInterval(250);
    connect(m_timer, &QTimer::timeout, this, [this] {
        if (!step(1)) {
            play(false);
        }
    });
}

void Transport::addButton(QAction* action, QStyle::StandardPixmap icon) {
    action->setIcon(style()->standardIcon(icon));
    addAction(action);
}

void Transport::finish() {
    addSeparator();
    m_grains = new QComboBox;
    m_grains->addItems({tr("event"), tr("layer"), tr("step")});
    m_grains->setAccessibleName(tr("Grain of a step"));
    connect(m_grains, &QComboBox::activated, this,
            [this](int index) { setGrain(static_cast<Session::Grain>(index)); });
    addWidget(m_grains);
    addSeparator();
    auto* label = new QLabel(tr(" Address "));
    m_address = new QLineEdit;
    m_address->setObjectName(u"address"_s);
    m_address->setAccessibleName(tr("Address of the focus"));
    m_address->setPlaceholderText(u"12:3417/out0[17]"_s);
    m_address->setMinimumWidth(220);
    label->setBuddy(m_address);
    addWidget(label);
    addWidget(m_address);
    connect(m_address, &QLineEdit::returnPressed, this, [this] {
        if (const QString why = m_context.session.focus().setAddress(m_address->text());
            !why.isEmpty()) {
            Q_EMIT statusMessage(why);
        }
        m_address->setText(m_context.session.focus().address());
    });
    connect(&m_context.session.focus(), &FocusStore::changed, m_address,
            [this] { m_address->setText(m_context.session.focus().address()); });
    connect(&m_context.session, &Session::stateChanged, m_address,
            [this] { m_address->setText(m_context.session.focus().address()); });
}

bool Transport::isPlaying() const {
    return m_timer->isActive();
}

void Transport::play(bool on) {
    if (on == isPlaying()) {
        return;
    }
    if (on) {
        m_timer->start();
    } else {
        m_timer->stop();
    }
    Q_EMIT playingChanged(on);
}

bool Transport::step(int direction) {
    const bool moved = m_context.session.move(m_grain, direction);
    if (!moved) {
        Q_EMIT atEnd();
    }
    return moved;
}

void Transport::setGrain(Session::Grain grain) {
    m_grain = grain;
    m_grains->setCurrentIndex(static_cast<int>(grain));
}

void Transport::setSpeed(double factor) {
    m_timer->setInterval(std::clamp(static_cast<int>(m_timer->interval() / factor), 10, 4000));
    Q_EMIT statusMessage(tr("%1 moves a second").arg(1000.0 / m_timer->interval(), 0, 'f', 1));
}

} // namespace repro::gui
