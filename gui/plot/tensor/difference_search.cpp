// SPDX-License-Identifier: BSD-3-Clause
#include "gui/plot/tensor/difference_search.h"

#include <QCoreApplication>
#include <QEvent>

#include <utility>

namespace repro::gui::plot {

DifferenceSearch::DifferenceSearch(QObject* parent)
    : QObject(parent), m_cancel(std::make_shared<Cancel>(false)) {}

DifferenceSearch::~DifferenceSearch() {
    cancel();
    m_pool.waitForDone();
}

void DifferenceSearch::cancel() {
    *m_cancel = true;
    m_busy = false;
}

void DifferenceSearch::start(std::shared_ptr<const TensorSource> source, Element from,
                             Direction direction) {
    cancel();
    m_cancel = std::make_shared<Cancel>(false);
    m_busy = true;
    m_pool.start([this, source = std::move(source), from, direction, cancelled = m_cancel] {
        const auto element = nextDifference(*source, from, direction, *cancelled);
        QMetaObject::invokeMethod(
            this,
            [this, element, cancelled] {
                if (!*cancelled) {
                    m_busy = false;
                    Q_EMIT found(element);
                }
            },
            Qt::QueuedConnection);
    });
}

void DifferenceSearch::finish() {
    m_pool.waitForDone();
    QCoreApplication::sendPostedEvents(this, QEvent::MetaCall);
}

} // namespace repro::gui::plot
