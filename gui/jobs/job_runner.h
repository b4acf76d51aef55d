// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <QThread>
#include <QThreadPool>

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

namespace repro::gui {

/// Set when nobody wants a job's result any more; polled by the job.
using CancelFlag = std::atomic<bool>;

/// All slow work of the viewer. A job runs on a thread of a pool; its result is delivered on the
/// GUI thread, unless a newer job with the same tag, or cancel(), has made it stale. A job that
/// throws ends in failed(), never in silence, unless it is stale. Belongs to the GUI thread.
class JobRunner : public QObject {
    Q_OBJECT
public:
    explicit JobRunner(QObject* parent = nullptr, int threads = QThread::idealThreadCount());
    /// Cancels and waits for everything.
    ~JobRunner() override;

    /// `work(flag)` runs in a thread and may throw; `done(result)` runs in the GUI thread. Of jobs
    /// that wait for a thread the one of the highest `priority` comes first.
    template <class Work, class Done>
    void start(const QString& tag, Work work, Done done, int priority = 0) {
        startErased(
            tag,
            [work = std::move(work), done = std::move(done)](const CancelFlag& cancel) {
                auto result = std::make_shared<decltype(work(cancel))>(work(cancel));
                return std::function<void()>([done, result] { done(std::move(*result)); });
            },
            priority);
    }
    void cancel(const QString& tag);
    void cancelAll();
    [[nodiscard]] bool idle() const { return m_jobs.empty(); }
    /// Does any thread still run a job, wanted or not?
    [[nodiscard]] bool working() const { return m_pool.activeThreadCount() > 0; }
    /// Tags of the jobs whose results are still wanted.
    [[nodiscard]] QStringList active() const;
    /// Runs the event loop until there is no job left. Returns: whether it got there in time.
    bool waitUntilIdle(int timeoutMs);
    /// Waits without the event loop, and delivers the results.
    void finish();

Q_SIGNALS:
    void changed();
    void failed(const QString& tag, const QString& message);

private:
    struct Job {
        quint64 id = 0;
        QString tag;
        std::shared_ptr<CancelFlag> cancel;
    };
    void startErased(const QString& tag,
                     std::function<std::function<void()>(const CancelFlag&)> work, int priority);
    void deliver(quint64 id, const std::function<void()>& done, const QString& error);

    QThreadPool m_pool;
    std::vector<Job> m_jobs;
    quint64 m_lastId = 0;
};

} // namespace repro::gui
