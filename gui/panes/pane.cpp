// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/pane.h"

#include "gui/plot/kit/canvas.h"

#include <QAbstractTableModel>
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStackedLayout>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace repro::gui {

Pane::Pane(Context& context, const QString& id, const QString& title, Of of)
    : m_context(context), m_title(title) {
    setObjectName(id);
    setAccessibleName(title);
    m_stack = new QStackedLayout(this);
    m_card = new QWidget;
    auto* card = new QVBoxLayout(m_card);
    m_message = new QLabel;
    m_message->setWordWrap(true);
    m_message->setMinimumWidth(1);
    m_message->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_message->setAccessibleName(tr("%1: message").arg(title));
    m_command = new QPlainTextEdit;
    m_command->setReadOnly(true);
    m_command->setMaximumHeight(72);
    m_command->setAccessibleName(tr("Command to copy"));
    auto* copy = new QPushButton(tr("Copy command"));
    connect(copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_command->toPlainText()); });
    card->addStretch(1);
    card->addWidget(m_message);
    card->addWidget(m_command);
    card->addWidget(copy, 0, Qt::AlignLeft);
    card->addStretch(2);
    copy->setObjectName(QStringLiteral("copy"));
    m_stack->addWidget(m_card);
    if (of == Of::Focus) {
        connect(&context.session.focus(), &FocusStore::changed, this,
                [this](const Focus& now, const Focus& old) {
                    outdate(now.row == old.row ? Stale::Focus : Stale::All);
                });
        connect(&context.session, &Session::stateChanged, this, &Pane::invalidate);
    }
}

QAbstractItemModel* Pane::table() const {
    return canvas() != nullptr ? canvas()->table() : nullptr;
}

QString Pane::sentence() const {
    return canvas() != nullptr ? canvas()->sentence() : m_message->text();
}

void Pane::setTheme(const plot::PlotTheme& theme) {
    if (canvas() != nullptr) {
        canvas()->setTheme(theme);
    }
}

void Pane::outdate(Stale reason) {
    m_stale = std::max(m_stale, reason);
    if (!isVisible() || std::exchange(m_isDue, true)) {
        return;
    }
    const auto whenAllIsSaid = [this] {
        m_isDue = false;
        ensureCurrent();
    };
    QMetaObject::invokeMethod(this, whenAllIsSaid, Qt::QueuedConnection);
}

void Pane::ensureCurrent() {
    const Stale stale = std::exchange(m_stale, Stale::No);
    if (stale == Stale::All) {
        rebuild();
    } else if (stale == Stale::Focus) {
        follow();
    }
    if (stale != Stale::No) {
        Q_EMIT updated();
    }
}

void Pane::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    ensureCurrent();
}

void Pane::setContent(QWidget* content) {
    m_content = content;
    m_stack->addWidget(content);
    m_stack->setCurrentWidget(content);
}

std::optional<std::uint32_t> Pane::focusedRow() {
    const auto& document = m_context.session.document();
    const std::uint32_t row = m_context.session.focus().now().row;
    const bool isThere = document && row < document->rows().size();
    setMessage(isThere    ? QString()
               : document ? tr("No event has the focus.")
                          : tr("Nothing is open."));
    return isThere ? std::optional(row) : std::nullopt;
}

void Pane::setMessage(const QString& message, const QString& command) {
    m_message->setText(message);
    m_command->setPlainText(command);
    m_command->setVisible(!command.isEmpty());
    m_card->findChild<QPushButton*>(QStringLiteral("copy"))->setVisible(!command.isEmpty());
    m_stack->setCurrentWidget(!message.isEmpty()                        ? m_card
                              : m_tableView != nullptr && m_tableWanted ? m_tableView
                                                                        : m_content);
}

bool Pane::showsTable() const {
    return m_tableWanted;
}

void Pane::showTable(bool wanted) {
    if (canvas() == nullptr) {
        return;
    }
    if (m_tableView == nullptr) {
        auto* view = new QTableView;
        view->setModel(canvas()->table());
        view->setAccessibleName(tr("%1 as a table").arg(m_title));
        m_tableView = view;
        m_stack->addWidget(view);
    }
    m_tableWanted = wanted;
    if (m_stack->currentWidget() != m_card) {
        m_stack->setCurrentWidget(wanted ? m_tableView : m_content);
    }
}

} // namespace repro::gui
