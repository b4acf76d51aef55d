// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/flags.h"
#include "recorder/wire/producer.h"

#include <exception>
#include <utility>

/// The wall between the recorder and its host: nothing is thrown into it, our own work is unseen.
namespace repro::host {

/// Set while the recorder works on this thread: ops and hooks that it causes are not recorded.
extern thread_local bool t_busy __attribute__((tls_model("initial-exec")));

class Busy {
public:
    Busy() : m_before(t_busy) { t_busy = true; }
    ~Busy() { t_busy = m_before; }
    Busy(const Busy&) = delete;
    Busy& operator=(const Busy&) = delete;

private:
    bool m_before;
};

/// One line on stderr.
void say(const char* what) noexcept;

/// First failure: one line on stderr, recording off for good, the host goes on.
void fail(const char* where, const char* what) noexcept;

/// Runs `work` behind the wall. Not entered while this thread is busy or recording is over.
template <class Work>
void guarded(const char* where, Work&& work) noexcept {
    if (t_busy) {
        return;
    }
    if (!wire::Session::live()) {
        wire::Session::missed();
        return;
    }
    const Busy busy;
    try {
        std::forward<Work>(work)();
    } catch (const std::exception& error) {
        fail(where, error.what());
    } catch (...) {
        fail(where, "unknown exception");
    }
}

} // namespace repro::host
