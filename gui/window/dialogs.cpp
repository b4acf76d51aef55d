// SPDX-License-Identifier: BSD-3-Clause
#include "gui/window/dialogs.h"

#include "gui/panes/pane.h"
#include "trace/schema.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QInputDialog>
#include <QMessageBox>

#include <algorithm>
#include <numeric>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

QStringList exampleTraces() {
    const QDir folder(
        QDir::cleanPath(QCoreApplication::applicationDirPath() + u"/" REPROREC_EXAMPLE ""_s));
    return {folder.filePath(u"a.h5"_s), folder.filePath(u"b.h5"_s)};
}

QStringList askForTraces(QWidget* parent, int most) {
    const QString title =
        most == 1 ? QObject::tr("Open run B") : QObject::tr("Open one or two traces");
    return QFileDialog::getOpenFileNames(parent, title, {},
                                         QObject::tr("Traces (*.h5);;All files (*)"))
        .mid(0, most);
}

QString askForFile(QWidget* parent, const QString& title, const QString& filter) {
    return QFileDialog::getSaveFileName(parent, title, {}, filter);
}

QString askForFolder(QWidget* parent, const QString& title) {
    return QFileDialog::getExistingDirectory(parent, title);
}

std::optional<QString> askForText(QWidget* parent, const QString& title, const QString& text) {
    bool ok = false;
    const QString typed = QInputDialog::getText(parent, title, title, QLineEdit::Normal, text, &ok);
    return ok ? std::optional(typed) : std::nullopt;
}

void showAbout(QWidget* parent) {
    auto* box = new QMessageBox(QMessageBox::Information, QObject::tr("About reproview"),
                                QObject::tr("reproview %1\nreads trace format %2.%3\nBSD-3-Clause")
                                    .arg(QApplication::applicationVersion())
                                    .arg(trace::schema::kMajor)
                                    .arg(trace::schema::kMinor),
                                QMessageBox::Close, parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->show();
}

namespace {

QString tsv(const QAbstractItemModel& model, const std::vector<int>& rows) {
    QStringList lines;
    const auto line = [&](auto cell) {
        QStringList cells;
        for (int column = 0; column < model.columnCount(); ++column) {
            cells.append(cell(column).toString().replace(u'\t', u' '));
        }
        lines.append(cells.join(u'\t'));
    };
    line([&](int column) { return model.headerData(column, Qt::Horizontal); });
    for (const int row : rows) {
        line([&](int column) { return model.index(row, column).data(); });
    }
    return lines.join(u'\n') + u'\n';
}

} // namespace

void copySelection(const Pane& pane) {
    constexpr int kMost = 100'000;
    const auto* view = qobject_cast<QAbstractItemView*>(QApplication::focusWidget());
    const QAbstractItemModel* model = view != nullptr ? view->model() : pane.table();
    if (model == nullptr) {
        QApplication::clipboard()->setText(pane.sentence());
        return;
    }
    std::vector<int> rows;
    if (view != nullptr && view->selectionModel()->hasSelection()) {
        for (const QModelIndex& index : view->selectionModel()->selectedRows()) {
            rows.push_back(index.row());
        }
        std::sort(rows.begin(), rows.end());
    }
    if (rows.empty()) {
        rows.resize(static_cast<std::size_t>(std::min(model->rowCount(), kMost)));
        std::iota(rows.begin(), rows.end(), 0);
    }
    QApplication::clipboard()->setText(tsv(*model, rows));
}

} // namespace repro::gui
