// SPDX-License-Identifier: BSD-3-Clause
#include "gui/jobs/job_runner.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QEvent>
#include <QMetaObject>
#include <QTimer>

#include <algorithm>
#include <exception>

namespace repro::gui {

JobRunner::JobRunner(QObject* parent, int threads) : QObject(parent) {
    m_pool.setMaxThreadCount(threads);
}

JobRunner::~JobRunner() {
    for (const Job& job : m_jobs) {
        *job.cancel = true;
    }
    m_pool.waitForDone();
}

void JobRunner::startErased(const QString& tag,
                            std::function<std::function<void()>(const CancelFlag&)> work,
                            int priority) {
    cancel(tag);
    const quint64 id = ++m_lastId;
    auto flag = std::make_shared<CancelFlag>(false);
    m_jobs.push_back({id, tag, flag});
    m_pool.start(
        [this, id, flag, work = std::move(work)] {
            std::function<void()> done;
            QString error;
            try {
                if (!*flag) {
                    done = work(*flag);
                }
            } catch (const std::exception& failure) {
                error = QString::fromUtf8(failure.what());
            }
            QMetaObject::invokeMethod(
                this, [this, id, done, error] { deliver(id, done, error); }, Qt::QueuedConnection);
        },
        priority);
    Q_EMIT changed();
}

void JobRunner::deliver(quint64 id, const std::function<void()>& done, const QString& error) {
    const auto job =
        std::find_if(m_jobs.begin(), m_jobs.end(), [&](const Job& j) { return j.id == id; });
    if (job == m_jobs.end()) {
        return; // stale
    }
    const QString tag = job->tag;
    m_jobs.erase(job);
    if (!error.isEmpty()) {
        Q_EMIT failed(tag, error);
    } else if (done) {
        done();
    }
    Q_EMIT changed();
}

void JobRunner::cancel(const QString& tag) {
    const auto stale = std::stable_partition(m_jobs.begin(), m_jobs.end(),
                                             [&](const Job& job) { return job.tag != tag; });
    if (stale == m_jobs.end()) {
        return;
    }
    for (auto job = stale; job != m_jobs.end(); ++job) {
        *job->cancel = true;
    }
    m_jobs.erase(stale, m_jobs.end());
    Q_EMIT changed();
}

void JobRunner::cancelAll() {
    for (const Job& job : m_jobs) {
        *job.cancel = true;
    }
    if (!m_jobs.empty()) {
        m_jobs.clear();
        Q_EMIT changed();
    }
}

QStringList JobRunner::active() const {
    QStringList tags;
    for (const Job& job : m_jobs) {
        tags.append(job.tag);
    }
    return tags;
}

void JobRunner::finish() {
    m_pool.waitForDone();
    QCoreApplication::sendPostedEvents(this, QEvent::MetaCall);
}

bool JobRunner::waitUntilIdle(int timeoutMs) {
    constexpr int kSweepMs = 10, kTickMs = 20;
    const QDeadlineTimer deadline(timeoutMs);
    QTimer tick; // something to wait for besides the end of a job
    tick.start(kTickMs);
    while (true) {
        QCoreApplication::processEvents(QEventLoop::AllEvents, kSweepMs);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        if (idle() || deadline.hasExpired()) {
            return idle();
        }
        // Sleeps: the jobs want the processor.
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
    }
}

} // namespace repro::gui
