// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/pane.h"
#include "gui/plot/kit/canvas.h"
#include "gui/window/main_window.h"

#include <QApplication>
#include <QDeadlineTimer>
#include <QDockWidget>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

QImage MainWindow::pictureOf(const QString& id, QSize size, qreal scale) {
    QWidget* shown = id.isEmpty() ? static_cast<QWidget*>(this) : pane(id);
    QDockWidget* dock = m_docks->of(id);
    if (dock != nullptr) { // by itself, so that it has the whole size
        dock->setFloating(true);
        dock->show();
        dock->resize(size);
        (void)settle(60'000);
        if (QWidget* typing = QApplication::focusWidget()) {
            typing->clearFocus(); // no frame around the picture
        }
    }
    QImage image(shown->size() * scale, QImage::Format_RGB32);
    image.setDevicePixelRatio(scale);
    do {
        image.fill(palette().color(QPalette::Window));
        shown->render(&image);
    } while (finishPictures()); // another scale may have needed more than was there
    if (dock != nullptr) {
        dock->setFloating(false);
    }
    return image;
}

bool MainWindow::finishPictures() {
    bool wasBusy = false;
    for (const Pane* shown : m_panes.docked) {
        if (shown->isVisible() && shown->canvas() != nullptr && shown->canvas()->busy()) {
            shown->canvas()->settle();
            wasBusy = true;
        }
    }
    return wasBusy;
}

QString MainWindow::settle(int timeoutMs) {
    const QDeadlineTimer deadline(timeoutMs);
    const JobRunner& jobs = m_context->session.jobs();
    do {
        if (!m_context->session.jobs().waitUntilIdle(static_cast<int>(deadline.remainingTime()))) {
            return tr("still working after %1 s: %2")
                .arg(timeoutMs / 1000)
                .arg(jobs.active().join(u", "_s));
        }
        // What a picture still needs is known once it has been laid out and painted.
        (void)grab();
        QApplication::processEvents();
    } while (finishPictures() || !jobs.idle());
    return {};
}

} // namespace repro::gui
