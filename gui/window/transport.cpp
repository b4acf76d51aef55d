// SPDX-License-Identifier: BSD-3-Clause
#include "gui/window/transport.h"

#include "gui/viewmodel/texts.h"
#include "gui/window/icons.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QTimer>

#include <algorithm>
#include <utility>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::pair<const char*, Icon> kButtons[] = {
    {"go.back", Icon::Back},
    {"go.forward", Icon::Forward},
    {"go.previous-origin", Icon::PreviousOrigin},
    {"go.previous-difference", Icon::PreviousDifference},
    {"go.next-difference", Icon::NextDifference},
    {"go.next-origin", Icon::NextOrigin},
    {"run.previous", Icon::StepBack},
    {"run.play", Icon::Play},
    {"run.next", Icon::StepForward},
};

} // namespace

Transport::Transport(Context& context) : m_context(context) {
    setObjectName(u"transport"_s);
    setWindowTitle(tr("Playback"));
    setAccessibleName(tr("Playback"));
    setIconSize({18, 18});
    m_timer = new QTimer(this);
    m_timer->setInterval(250);
    connect(m_timer, &QTimer::timeout, this, [this] {
        if (!step(1)) {
            play(false);
        }
    });
}

void Transport::fill(const std::function<QAction*(const QString& id)>& action) {
    for (const auto& [id, icon] : kButtons) {
        addAction(action(QString::fromLatin1(id)));
    }
    m_place = new QLabel;
    m_place->setObjectName(u"place"_s);
    m_place->setAccessibleName(tr("Position among the differences"));
    m_place->setContentsMargins(6, 0, 6, 0);
    addWidget(m_place);
    addSeparator();
    addGrains();
    addSeparator();
    addAddress();
    connect(&m_context.session.focus(), &FocusStore::changed, this, &Transport::follow);
    connect(&m_context.session, &Session::stateChanged, this, &Transport::follow);
}

void Transport::addGrains() {
    m_grains = new QComboBox;
    m_grains->addItems({tr("by event"), tr("by layer"), tr("by step")});
    m_grains->setAccessibleName(tr("Step size"));
    m_grains->setToolTip(tr("How far one step forward or back goes"));
    connect(m_grains, &QComboBox::activated, this,
            [this](int index) { setGrain(static_cast<Session::Grain>(index)); });
    addWidget(m_grains);
}

void Transport::addAddress() {
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
        follow();
    });
}

void Transport::follow() {
    m_address->setText(m_context.session.focus().address());
    const auto& document = m_context.session.document();
    m_place->setText(document
                         ? placeAmongDifferences(*document, m_context.session.focus().now().row)
                         : QString());
}

void Transport::setTheme(const plot::PlotTheme& theme) {
    m_play = iconOf(Icon::Play, theme);
    m_pause = iconOf(Icon::Pause, theme);
    for (QAction* action : actions()) {
        for (const auto& [id, icon] : kButtons) {
            if (action->objectName() == QLatin1StringView(id)) {
                action->setIcon(iconOf(icon, theme));
            }
        }
    }
    showPlaying();
}

void Transport::showPlaying() {
    for (QAction* action : actions()) {
        if (action->objectName() == u"run.play") {
            action->setIcon(isPlaying() ? m_pause : m_play);
        }
    }
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
    showPlaying();
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
    Q_EMIT statusMessage(tr("%1 steps per second").arg(1000.0 / m_timer->interval(), 0, 'f', 1));
}

} // namespace repro::gui
