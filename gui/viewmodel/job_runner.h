// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <QThreadPool>

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

namespace repro::gui {

/// Set when nobody wants a job's result any more; polled by the job.
using CancelFlag = std::atomic<bool>;

/// All slow work of the viewer. A job runs on a thread of a small pool; its result is delivered on
/// the GUI thread, unless a newer job with the same tag, or cancel(), has made it stale. A job that
/// throws ends in failed(), never in silence. Belongs to the GUI thread.
class JobRunner : public QObject {
    Q_OBJECT
public:
    explicit JobRunner(QObject* parent = nullptr);
    /// Cancels and waits for everything.
    ~JobRunner() override;

    /// `work(flag)` runs in a thread and may throw; `done(result)` runs in the GUI thread.
    template <class Work, class Done>
    void start(const QString& tag, Work work, Done done) {
        startErased(tag,
                    [work = std::move(work), done = std::move(done)](const CancelFlag& cancel) {
                        auto result = std::make_shared<decltype(work(cancel))>(work(cancel));
                        return std::function<void()>([done, result] { done(std::move(*result)); });
                    });
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
                     std::function<std::function<void()>(const CancelFlag&)> work);
    void finish(quint64 id, const std::function<void()>& deliver, const QString& error);

    QThreadPool m_pool;
    std::vector<Job> m_jobs;
    quint64 m_lastId = 0;
};

} // namespace repro::gui
