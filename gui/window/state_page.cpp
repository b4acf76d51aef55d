// SPDX-License-Identifier: BSD-3-Clause
#include "gui/window/state_page.h"

#include <QEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

StatePage::StatePage(Context& context) : m_context(context) {
    setObjectName(u"state"_s);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(80, 40, 80, 40);
    m_title = new QLabel;
    m_title->setAccessibleName(tr("Status"));
    m_text = new QLabel;
    m_text->setWordWrap(true);
    m_text->setAccessibleName(tr("Details"));
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_progress = new QProgressBar;
    m_progress->setAccessibleName(tr("Loading progress"));
    m_open = new QPushButton(tr("&Open..."));
    m_example = new QPushButton(tr("Open the e&xample"));
    m_again = new QPushButton(tr("Try &again"));
    m_cancel = new QPushButton(tr("&Cancel (Esc)"));
    m_recents = new QListWidget;
    m_recents->setAccessibleName(tr("Recent traces"));
    auto* buttons = new QHBoxLayout;
    for (QPushButton* button : {m_open, m_example, m_again, m_cancel}) {
        buttons->addWidget(button);
    }
    buttons->addStretch(1);
    layout->addStretch(1);
    layout->addWidget(m_title);
    layout->addWidget(m_text);
    layout->addWidget(m_progress);
    layout->addLayout(buttons);
    layout->addWidget(m_recents, 1);
    layout->addStretch(1);
    connect(m_open, &QPushButton::clicked, this, &StatePage::openRequested);
    connect(m_example, &QPushButton::clicked, this, &StatePage::exampleRequested);
    connect(m_again, &QPushButton::clicked, this, [this] { m_context.session.reload(); });
    connect(m_cancel, &QPushButton::clicked, this, [this] { m_context.session.cancel(); });
    connect(m_recents, &QListWidget::itemActivated, this, [this](const QListWidgetItem* item) {
        Q_EMIT recentChosen(item->data(Qt::UserRole).toStringList());
    });
    enlargeTitle();
    refresh();
}

void StatePage::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        enlargeTitle();
    }
}

void StatePage::enlargeTitle() {
    QFont large = font();
    large.setPixelSize(large.pixelSize() * 8 / 5);
    large.setBold(true);
    m_title->setFont(large);
}

void StatePage::setRecents(const QList<QStringList>& recents) {
    m_recents->clear();
    for (const QStringList& paths : recents) {
        auto* item = new QListWidgetItem(paths.join(u"   \u21c4   "_s), m_recents);
        item->setData(Qt::UserRole, paths);
    }
    refresh();
}

void StatePage::refresh() {
    const Session& session = m_context.session;
    const Session::State state = session.state();
    const bool loading = state == Session::State::Loading;
    m_progress->setVisible(loading);
    m_cancel->setVisible(loading);
    m_open->setVisible(!loading);
    m_example->setVisible(state == Session::State::Empty);
    m_again->setVisible(state == Session::State::Failed);
    m_recents->setVisible(!loading && m_recents->count() > 0);
    switch (state) {
    case Session::State::Empty:
    case Session::State::Ready:
        m_title->setText(tr("Drop two traces to compare, one to inspect"));
        m_text->setText(tr("Record them with\n\n"
                           "    reprorec -o a.h5 ./train\n    reprorec -o b.h5 ./train\n\n"
                           "and open both with: reproview a.h5 b.h5"));
        break;
    case Session::State::Loading: {
        const replay::DiffProgress& progress = session.progress().diff;
        m_title->setText(session.pathB().isEmpty()
                             ? tr("Loading %1").arg(QFileInfo(session.pathA()).fileName())
                             : tr("Loading %1 \u21c4 %2")
                                   .arg(QFileInfo(session.pathA()).fileName(),
                                        QFileInfo(session.pathB()).fileName()));
        m_text->setText(session.progressSentence());
        m_progress->setRange(0, progress.rows == 0 ? 0 : 1000);
        if (progress.rows > 0) {
            m_progress->setValue(static_cast<int>(progress.rowsDone * 1000 / progress.rows));
        }
        break;
    }
    case Session::State::Failed:
        m_title->setText(tr("Cannot open"));
        m_text->setText(session.error() +
                        tr("\n\nRun `reprorec verify FILE` to see what is damaged."));
        break;
    }
}

} // namespace repro::gui
