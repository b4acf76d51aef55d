// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/wire/producer.h"

#include "recorder/wire/request.h"
#include "recorder/wire/ring.h"

#include <climits>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <linux/futex.h>
#include <new>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace repro::wire {

struct Producer::Shared : RingPage {};

namespace {

constexpr int kSpins = 200;
constexpr long kWaitNs = 20'000'000; ///< the collector's death is noticed after this at the latest

/// A host's errno survives whatever we call.
class ErrnoKeeper {
public:
    ErrnoKeeper() : m_saved(errno) {}
    ~ErrnoKeeper() { errno = m_saved; }
    ErrnoKeeper(const ErrnoKeeper&) = delete;
    ErrnoKeeper& operator=(const ErrnoKeeper&) = delete;

private:
    int m_saved;
};

/// Constant-initialised: nothing runs when the library is loaded, nothing is destroyed at exit.
std::uint32_t g_over = 1;
std::atomic<std::uint32_t*> g_stop{&g_over}; ///< the collector's stop word, or g_over
std::atomic<Control*> g_control{nullptr};
std::atomic<Producer*> g_producers{nullptr};
std::atomic<bool> g_uncounted{false}; ///< a forked child that ran no op yet
std::uint64_t g_session = 0;
char g_socketPath[108] = {};

template <class T>
std::uint64_t addRelaxed(T& to, std::uint64_t amount) {
    return std::atomic_ref<T>(to).fetch_add(amount, std::memory_order_relaxed);
}

std::uint64_t nowNs() {
    timespec now = {};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U +
           static_cast<std::uint64_t>(now.tv_nsec);
}

void copyText(char* to, std::size_t size, const char* from) {
    std::strncpy(to, from, size - 1);
    to[size - 1] = '\0';
}

Request makeRequest(RequestKind kind, const char* torchVersion) {
    Request request;
    request.kind = kind;
    request.pid = getpid();
    request.threadId = static_cast<std::int32_t>(syscall(SYS_gettid));
    request.session = g_session;
    copyText(request.torchVersion, sizeof request.torchVersion, torchVersion);
    for (const char* name : {"RANK", "OMPI_COMM_WORLD_RANK", "SLURM_PROCID"}) {
        if (const char* rank = std::getenv(name); rank != nullptr) {
            copyText(request.rank, sizeof request.rank, rank);
            break;
        }
    }
    return request;
}

/// The collector holds the mutex for its life; whoever gets it learns that it is no more.
bool collectorDied() {
    auto* alive = reinterpret_cast<pthread_mutex_t*>(Session::control()->alive);
    const int result = pthread_mutex_trylock(alive);
    if (result == EBUSY) {
        return false;
    }
    if (result == 0 || result == EOWNERDEAD) {
        // Left inconsistent, so that every other thread is told too.
        pthread_mutex_unlock(alive);
    }
    return true;
}

void waitForWake(std::atomic<std::uint32_t>& word) {
    const timespec limit = {0, kWaitNs};
    syscall(SYS_futex, &word, FUTEX_WAIT, 1, &limit, nullptr, 0);
}

void pauseBriefly() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#else
    std::atomic_signal_fence(std::memory_order_seq_cst);
#endif
}

} // namespace

bool Session::attach(const char* socketPath, const char* torchVersion) {
    const ErrnoKeeper keeper;
    if (std::strlen(socketPath) >= sizeof g_socketPath) {
        return false;
    }
    Reply reply;
    const int descriptor = ask(socketPath, makeRequest(RequestKind::Attach, torchVersion), &reply);
    if (descriptor < 0) {
        return false;
    }
    void* memory = MAP_FAILED;
    if (reply.version == kProtocolVersion && reply.status == 0) {
        memory = mmap(nullptr, sizeof(Control), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    }
    close(descriptor);
    if (memory == MAP_FAILED) {
        return false;
    }
    auto* shared = static_cast<Control*>(memory);
    if (shared->version != kProtocolVersion || shared->ready == 0) {
        munmap(memory, sizeof(Control));
        return false;
    }
    copyText(g_socketPath, sizeof g_socketPath, socketPath);
    g_session = reply.session;
    g_producers.store(nullptr, std::memory_order_relaxed);
    g_control.store(shared, std::memory_order_release);
    g_stop.store(&shared->stop, std::memory_order_release);
    return true;
}

void Session::refuse(const char* socketPath, const char* torchVersion) {
    const ErrnoKeeper keeper;
    tell(socketPath, makeRequest(RequestKind::Refused, torchVersion));
}

bool Session::passes(NameFilter filter, const char* name, std::size_t length) {
    const ErrnoKeeper keeper;
    if (!live() || length > kLongestName) {
        return false;
    }
    Request request = makeRequest(RequestKind::Passes, "");
    request.filter = filter;
    request.nameLength = static_cast<std::uint32_t>(length);
    Reply reply;
    reply.status = 1;
    ask(g_socketPath, request, &reply, name);
    return reply.status == 0;
}

const Options* Session::options() {
    const Control* shared = control();
    return shared != nullptr ? &shared->options : nullptr;
}

Control* Session::control() {
    return g_control.load(std::memory_order_acquire);
}

std::uint64_t Session::ordinal() {
    return std::atomic_ref<std::uint64_t>(control()->ordinal).load(std::memory_order_relaxed);
}

bool Session::live() {
    return std::atomic_ref<std::uint32_t>(*g_stop.load(std::memory_order_relaxed))
               .load(std::memory_order_relaxed) == 0;
}

void Session::abandon() {
    g_stop.store(&g_over, std::memory_order_relaxed);
}

void Session::becomeChild() {
    abandon();
    g_uncounted.store(true, std::memory_order_relaxed);
}

void Session::accountFor() {
    g_uncounted.store(false, std::memory_order_relaxed);
}

void Session::missed() {
    if (g_uncounted.load(std::memory_order_relaxed) &&
        g_uncounted.exchange(false, std::memory_order_relaxed)) {
        addRelaxed(control()->unrecordedChildren, 1);
    }
}

Producer* Producer::open() {
    const ErrnoKeeper keeper;
    if (!Session::live()) {
        return nullptr;
    }
    Reply reply;
    const int descriptor = ask(g_socketPath, makeRequest(RequestKind::Ring, ""), &reply);
    if (descriptor < 0) {
        if (collectorDied()) {
            Session::abandon();
        }
        return nullptr;
    }
    if (reply.status != 0 || reply.reused != 0) {
        close(descriptor);
        Producer* known = reply.status == 0 ? g_producers.load(std::memory_order_acquire) : nullptr;
        while (known != nullptr && known->m_ring != reply.ring) {
            known = known->m_next;
        }
        return known;
    }
    const RingMapping mapping = mapRing(descriptor, reply.ringBytes, sizeof(Producer));
    close(descriptor);
    if (mapping.base == nullptr) {
        return nullptr;
    }
    auto* made = new (mapping.base) Producer();
    made->m_shared = static_cast<Shared*>(mapping.page);
    made->m_data = mapping.data;
    made->m_capacity = reply.ringBytes;
    made->m_ring = reply.ring;
    made->m_next = g_producers.load(std::memory_order_relaxed);
    while (!g_producers.compare_exchange_weak(made->m_next, made, std::memory_order_release)) {
    }
    return made;
}

std::byte* Producer::reserve(std::size_t size) {
    if (!Session::live()) {
        return nullptr;
    }
    if (m_head + size - m_tailSeen > m_capacity && !makeRoom(size)) {
        return nullptr;
    }
    return m_data + (m_head & (m_capacity - 1));
}

bool Producer::makeRoom(std::size_t size) {
    const auto fits = [this, size] {
        m_tailSeen = m_shared->tail.load(std::memory_order_acquire);
        return m_head + size - m_tailSeen <= m_capacity;
    };
    if (fits()) {
        return true;
    }
    const ErrnoKeeper keeper;
    Control& shared = *Session::control();
    if (shared.options.drop != 0) {
        addRelaxed(shared.dropped, 1);
        return false;
    }
    const std::uint64_t began = nowNs();
    for (int spin = 0; spin < kSpins && !fits(); ++spin) {
        pauseBriefly();
    }
    while (!fits() && Session::live()) {
        m_shared->waiting.store(1, std::memory_order_seq_cst);
        if (fits()) {
            break;
        }
        waitForWake(m_shared->waiting);
        if (collectorDied()) {
            Session::abandon();
        }
    }
    addRelaxed(shared.heldUpNs, nowNs() - began);
    return Session::live();
}

std::uint64_t Producer::commit(std::size_t size) {
    auto* header = reinterpret_cast<RecordHeader*>(m_data + (m_head & (m_capacity - 1)));
    header->size = static_cast<std::uint32_t>(size);
    // Taken last: from here to the store below a killed thread would leave a hole in the order.
    const std::uint64_t ordinal = addRelaxed(Session::control()->ordinal, 1);
    header->ordinal = ordinal;
    m_head += size;
    m_shared->head.store(m_head, std::memory_order_release);
    return ordinal;
}

std::size_t Producer::maxRecord() const {
    return m_capacity / 4;
}

} // namespace repro::wire
