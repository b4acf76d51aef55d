// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/helpers.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <pthread.h>
#include <sched.h>
#include <stdexcept>

namespace repro::host {
namespace {

/// Memory is read no faster by more.
constexpr int kMostHelpers = 4;

struct Job {
    std::size_t count;
    const std::function<void(std::size_t)>& work;
    int mostHelpers;
    std::atomic<std::size_t> next{0};
    std::atomic<int> helping{0};
    std::atomic<bool> failed{false};

    void run() {
        for (std::size_t i = next++; i < count; i = next++) {
            work(i);
        }
    }
};

/// Serves one job at a time. Leaked, for its threads outlive main.
class Helpers {
public:
    /// False: nothing was done.
    bool run(Job& job) {
        const std::unique_lock one(m_inUse, std::try_to_lock);
        if (!one || !haveThreads(job.mostHelpers)) {
            return false;
        }
        const Offer offer(*this, job);
        job.run();
        return true;
    }

private:
    /// While it lives, helpers may join; it does not go before they are done.
    class Offer {
    public:
        Offer(Helpers& helpers, Job& job) : m_helpers(helpers), m_job(job) {
            set(&job);
            helpers.m_wake.notify_all();
        }
        ~Offer() {
            m_job.next = m_job.count;
            set(nullptr);
            while (m_job.helping.load(std::memory_order_acquire) != 0) {
                sched_yield();
            }
        }
        Offer(const Offer&) = delete;
        Offer& operator=(const Offer&) = delete;

    private:
        void set(Job* job) {
            const std::lock_guard lock(m_helpers.m_mutex);
            m_helpers.m_job = job;
        }
        Helpers& m_helpers;
        Job& m_job;
    };

    bool haveThreads(int wanted) {
        if (m_threads >= wanted) {
            return true;
        }
        sigset_t all;
        sigset_t before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before); // the host's signals are the host's
        while (m_threads < wanted) {
            pthread_t thread;
            if (pthread_create(&thread, nullptr, help, this) != 0) {
                break;
            }
            pthread_detach(thread);
            ++m_threads;
        }
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
        return m_threads > 0;
    }

    Job* join() {
        std::unique_lock lock(m_mutex);
        m_wake.wait(lock, [this] {
            return m_job != nullptr && m_job->next < m_job->count &&
                   m_job->helping < m_job->mostHelpers;
        });
        ++m_job->helping;
        return m_job;
    }

    static void* help(void* helpers) {
        for (;;) {
            Job* job = static_cast<Helpers*>(helpers)->join();
            try {
                job->run();
            } catch (...) {
                job->failed = true;
            }
            job->helping.fetch_sub(1, std::memory_order_release);
        }
    }

    std::mutex m_inUse;
    int m_threads = 0;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    Job* m_job = nullptr;
};

} // namespace

void shareWork(std::size_t count, int mostHelpers, const std::function<void(std::size_t)>& work) {
    static auto* helpers = new Helpers();
    Job job{count, work, std::min(mostHelpers, kMostHelpers)};
    if (mostHelpers <= 0 || !helpers->run(job)) {
        job.run();
    }
    if (job.failed) {
        throw std::runtime_error("a helper thread could not read a tensor");
    }
}

} // namespace repro::host
