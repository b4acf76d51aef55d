// SPDX-License-Identifier: BSD-3-Clause
#include "gui/window/palette.h"

#include "gui/viewmodel/commands.h"
#include "gui/window/main_window.h"
#include "gui/window/window_settings.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

int fuzzyScore(const QString& typed, const QString& text) {
    int score = 0;
    qsizetype at = -1;
    for (const QChar letter : typed) {
        if (letter.isSpace()) {
            continue;
        }
        const qsizetype next = text.indexOf(letter, at + 1, Qt::CaseInsensitive);
        if (next < 0) {
            return -1;
        }
        const bool begins = next == 0 || !text[next - 1].isLetterOrNumber();
        score += begins ? 8 : next == at + 1 ? 6 : 1;
        at = next;
    }
    // Of two that fit alike the shorter was meant.
    return score * 16 - static_cast<int>(std::min<qsizetype>(text.size(), 200)) + 256;
}

namespace {

std::vector<PaletteEntry> settingEntries(MainWindow& window) {
    std::vector<PaletteEntry> entries;
    for (const WindowSetting& setting : windowSettings(window)) {
        for (const QString& choice : setting.choices) {
            const QString text = u"%1: %2"_s.arg(setting.name, choice);
            entries.push_back({QObject::tr("Setting: %1").arg(text),
                               choice == setting.now ? QObject::tr("current") : QString(),
                               u"view.set"_s, text});
        }
    }
    return entries;
}

std::vector<PaletteEntry> keptEntries(MainWindow& window) {
    std::vector<PaletteEntry> entries;
    for (const QString& name : window.filters().names()) {
        const QString filter = window.filters().value(name).toString();
        entries.push_back(
            {QObject::tr("Filter: %1").arg(name), filter, u"edit.filter-load"_s, name});
        entries.push_back(
            {QObject::tr("Delete filter: %1").arg(name), filter, u"edit.filter-forget"_s, name});
    }
    for (const QString& name : window.layouts().names()) {
        entries.push_back({QObject::tr("Layout: %1").arg(name), {}, u"window.load-layout"_s, name});
        entries.push_back(
            {QObject::tr("Delete layout: %1").arg(name), {}, u"window.forget-layout"_s, name});
    }
    return entries;
}

} // namespace

std::vector<PaletteEntry> paletteEntries(MainWindow& window, const QString& typed) {
    constexpr std::size_t kMost = 60;
    std::vector<std::pair<int, PaletteEntry>> found;
    const auto offer = [&](PaletteEntry entry, int bonus) {
        if (const int score = fuzzyScore(typed, entry.text); score >= 0) {
            found.emplace_back(score + bonus, std::move(entry));
        }
    };
    for (const Command& command : commands()) {
        const QString id = QString::fromLatin1(command.id);
        if (window.action(id)->isEnabled() && id != u"help.palette" && id != u"window.pane" &&
            id != u"view.set") {
            offer({plainText(command), window.context().keys.text(command), id, {}}, 64);
        }
    }
    for (const Pane* pane : window.panes().docked) {
        offer({QObject::tr("Pane: %1").arg(pane->title()), {}, u"window.pane"_s, pane->id()}, 32);
    }
    for (PaletteEntry& entry : settingEntries(window)) {
        offer(std::move(entry), 16);
    }
    for (PaletteEntry& entry : keptEntries(window)) {
        offer(std::move(entry), 48);
    }
    if (const auto& document = window.context().session.document()) {
        const Rows& rows = document->rows();
        for (const QString& name : rows.names) {
            offer({QObject::tr("Op: %1").arg(name), QObject::tr("find"), u"edit.find"_s,
                   u"op:"_s + name},
                  0);
        }
        for (const QString& layer : rows.layers) {
            if (!layer.isEmpty()) {
                offer({QObject::tr("Layer: %1").arg(layer), QObject::tr("find"), u"edit.find"_s,
                       u"layer:"_s + layer},
                      0);
            }
        }
        bool isStep = false;
        typed.toUInt(&isStep);
        if (isStep) {
            found.emplace_back(
                1 << 20,
                PaletteEntry{QObject::tr("Step %1").arg(typed), {}, u"go.address"_s, typed + u':'});
        }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& x, const auto& y) { return x.first > y.first; });
    std::vector<PaletteEntry> entries;
    for (std::size_t i = 0; i < std::min(found.size(), kMost); ++i) {
        entries.push_back(std::move(found[i].second));
    }
    return entries;
}

Palette::Palette(MainWindow& window, const QString& typed) : QDialog(&window), m_window(window) {
    setObjectName(u"palette"_s);
    setWindowTitle(tr("Commands"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(620, 420);
    auto* layout = new QVBoxLayout(this);
    m_line = new QLineEdit;
    m_line->setAccessibleName(tr("Command, setting, pane, op, layer, or step"));
    m_line->setPlaceholderText(tr("command, setting, pane, op, layer, or step"));
    m_list = new QListWidget;
    m_list->setAccessibleName(tr("Results"));
    m_list->setFocusPolicy(Qt::NoFocus);
    layout->addWidget(m_line);
    layout->addWidget(m_list);
    m_line->installEventFilter(this);
    connect(m_line, &QLineEdit::textChanged, this, &Palette::search);
    connect(m_line, &QLineEdit::returnPressed, this, &Palette::choose);
    connect(m_list, &QListWidget::itemClicked, this, &Palette::choose);
    m_line->setText(typed);
    search(typed);
}

bool Palette::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_line && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const int step = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : 0;
        if (step != 0 && m_list->count() > 0) {
            m_list->setCurrentRow(std::clamp(m_list->currentRow() + step, 0, m_list->count() - 1));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

void Palette::search(const QString& typed) {
    m_entries = paletteEntries(m_window, typed);
    m_list->clear();
    for (const PaletteEntry& entry : m_entries) {
        m_list->addItem(entry.hint.isEmpty() ? entry.text
                                             : u"%1    %2"_s.arg(entry.text, entry.hint));
    }
    m_list->setCurrentRow(m_entries.empty() ? -1 : 0);
}

void Palette::choose() {
    const int row = m_list->currentRow();
    if (row < 0) {
        return;
    }
    const PaletteEntry entry = m_entries[static_cast<std::size_t>(row)];
    accept();
    m_window.run(entry.command, entry.argument);
}

void showPalette(MainWindow& window, const QString& typed) {
    (new Palette(window, typed))->show();
}

} // namespace repro::gui
