// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/session.h"

#include "recorder/collector/shared_memory.h"

#include <chrono>
#include <fstream>
#include <new>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

namespace repro::collector {
namespace {

constexpr std::size_t kBatch = 4096;
/// An ordinal that was taken and not handed over in this time belongs to a thread that was torn
/// away.
constexpr std::chrono::seconds kHolePatience{10};

std::uint64_t unixTimeNs() {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                          std::chrono::system_clock::now().time_since_epoch())
                                          .count());
}

std::string newRunId() {
    std::ifstream file("/proc/sys/kernel/random/uuid");
    std::string id;
    std::getline(file, id);
    return id;
}

template <class T>
T loadShared(T& field) {
    return std::atomic_ref<T>(field).load(std::memory_order_acquire);
}

std::optional<Pattern> patternOf(const char* text) {
    return text[0] == '\0' ? std::nullopt : std::optional<Pattern>(text);
}

} // namespace

bool Session::passes(wire::NameFilter filter, std::string_view name) const {
    const auto& pattern = filter == wire::NameFilter::Op ? m_ops : m_layers;
    return !pattern || pattern->isIn(name);
}

Session::Session(Process process, const SessionOptions& options, const OutputFactory& makeOutput)
    : m_process(std::move(process)), m_options(options), m_makeOutput(makeOutput),
      m_watch(m_process.pid), m_startedNs(unixTimeNs()),
      m_ops(patternOf(options.recording.captureOps)),
      m_layers(patternOf(options.recording.captureLayers)) {
    fillHeader();
    makeControl(options.recording);
}

Session::~Session() {
    controlSent();
    // Runs on the thread that locked it: the host may still look at its own mapping.
    pthread_mutex_unlock(reinterpret_cast<pthread_mutex_t*>(m_control->alive));
    munmap(m_control, sizeof(wire::Control));
}

void Session::makeControl(const wire::Options& options) {
    m_controlDescriptor = makeSharedMemory("reprorec control", sizeof(wire::Control));
    void* memory = mmap(nullptr, sizeof(wire::Control), PROT_READ | PROT_WRITE, MAP_SHARED,
                        m_controlDescriptor, 0);
    if (memory == MAP_FAILED) {
        controlSent();
        throw Error(ErrorKind::Io, "no memory for the control page");
    }
    m_control = new (memory) wire::Control();
    m_control->version = wire::kProtocolVersion;
    m_control->options = options;
    auto* alive = reinterpret_cast<pthread_mutex_t*>(m_control->alive);
    static_assert(sizeof(pthread_mutex_t) <= sizeof m_control->alive);
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(alive, &attributes);
    pthread_mutexattr_destroy(&attributes);
    pthread_mutex_lock(alive);
    m_control->ready = 1;
}

void Session::controlSent() {
    if (m_controlDescriptor >= 0) {
        close(m_controlDescriptor);
        m_controlDescriptor = -1;
    }
}

Session::Grant Session::grantRing(pid_t thread) {
    const std::lock_guard lock(m_ringsMutex);
    if (m_finished) {
        throw Error(ErrorKind::Io, "the recording of this process is over");
    }
    const bool visible = threadExists(m_process.pid, thread);
    for (std::size_t i = 0; i < m_rings.size(); ++i) {
        Ring& ring = m_rings[i];
        const bool ended =
            ring.visible && (ring.thread == thread || !threadExists(m_process.pid, ring.thread));
        if (ended && ring.reader->drained()) {
            ring.thread = thread;
            ring.visible = visible;
            // The host has it mapped; some descriptor must go with the reply all the same.
            return {i, true, makeSharedMemory("reprorec reply", 1)};
        }
    }
    auto reader = std::make_unique<RingReader>(m_options.ringBytes);
    const int descriptor = reader->descriptor();
    m_rings.push_back({std::move(reader), thread, visible});
    return {m_rings.size() - 1, false, descriptor};
}

void Session::ringSent(const Grant& grant) {
    const std::lock_guard lock(m_ringsMutex);
    if (grant.reused) {
        close(grant.descriptor);
    } else if (grant.ring < m_rings.size()) { // else the recording ended meanwhile
        m_rings[grant.ring].reader->closeDescriptor();
    }
}

void Session::adoptRings() {
    const std::lock_guard lock(m_ringsMutex);
    for (std::size_t i = m_merge->rings(); i < m_rings.size(); ++i) {
        m_merge->add(*m_rings[i].reader);
    }
}

bool Session::work() {
    if (m_finished) {
        return false;
    }
    try {
        if (m_sink == nullptr) {
            begin();
        }
        // Asked first: everything that the host sent before its death is then in the rings.
        const bool hostGone = m_superseded || m_stopped || hostEnded();
        adoptRings();
        if (m_merge->drain(kBatch) > 0 || ((hostGone || patienceIsOver()) && m_merge->skip())) {
            if (m_journal) {
                m_journal->commit();
            }
            return true;
        }
        if (hostGone) {
            finish();
        }
    } catch (const std::exception& error) {
        fail(error.what());
    }
    return false;
}

void Session::begin() {
    Output output = m_makeOutput(m_process);
    m_sink = std::move(output.sink);
    const bool lenient = m_options.recording.drop != 0;
    if (!output.journal.empty()) {
        m_journal.emplace(output.journal, m_result.header, lenient, m_options.environment);
    }
    m_decoder = std::make_unique<Decoder>(*m_sink, m_counts, lenient, m_options.environment);
    m_merge = std::make_unique<OrderedMerge>(*m_decoder, m_journal ? &*m_journal : nullptr);
}

/// A stopped process is slow, no more.
bool Session::patienceIsOver() const {
    return m_merge->waited() >= kHolePatience && !isStopped(m_process.pid);
}

bool Session::hostEnded() {
    const bool gone = m_watch.gone();
    if (gone && m_ending.empty()) {
        m_ending = m_watch.ending();
    }
    return gone;
}

void Session::stop() {
    std::atomic_ref<std::uint32_t>(m_control->stop).store(1, std::memory_order_release);
    m_stopped = true;
}

std::string Session::ending() const {
    if (m_stopped && !m_watch.gone()) {
        return "collector: stopped while the program went on";
    }
    if (m_superseded && !m_watch.gone()) {
        return "exec";
    }
    // Its parent told us before it reaped it, if the parent is ours.
    const std::string told = m_endingOf ? m_endingOf(m_process.pid) : std::string();
    if (!m_ending.empty() || !told.empty()) {
        return m_ending.empty() ? told : m_ending;
    }
    return m_decoder->saidBye() ? "ended" : "killed";
}

/// What is known from the beginning.
void Session::fillHeader() {
    constexpr const char* kCapture[] = {"fingerprints", "layers", "full"};
    constexpr const char* kVerify[] = {"none", "top", "all"};
    const wire::Options& options = m_options.recording;
    trace::Header& header = m_result.header;
    header.toolVersion = m_options.toolVersion;
    header.runId = newRunId();
    header.torchVersion = m_process.torchVersion;
    header.program = m_process.commandLine;
    header.startedNs = m_startedNs;
    header.capture = kCapture[static_cast<std::size_t>(options.capture)];
    header.filters = m_options.filters;
    header.verifyInputs = kVerify[static_cast<std::size_t>(options.verify)];
    m_result.process = m_process;
}

void Session::fillResult() {
    trace::Header& header = m_result.header;
    header.endedNs = unixTimeNs();
    header.drops = loadShared(m_control->dropped);
    header.gaps = m_merge != nullptr ? m_merge->gaps() : 0;
    header.skippedValues = m_counts.skipped;
    header.heldUpNs = loadShared(m_control->heldUpNs);
    header.unrecordedChildren = loadShared(m_control->unrecordedChildren);
    header.cutStacks = m_decoder != nullptr ? m_decoder->definitions().cutStacks() : 0;
    m_result.events = m_counts.events;
    m_result.values = m_counts.values;
    m_result.payloadBytes = m_counts.payloadBytes;
    m_result.wanted = m_counts.wanted;
}

void Session::finish() {
    const auto steps = m_decoder->close();
    fillResult();
    trace::Header& header = m_result.header;
    header.ending = ending();
    header.complete =
        header.gaps == 0 && (m_decoder->saidBye() || header.ending.starts_with("exit"));
    m_result.steps = m_decoder->stepCount();
    if (!m_options.symbols.empty()) {
        nameSites(*m_decoder, *m_sink, m_options.symbols, m_startedNs);
    }
    m_sink->finish(header, steps);
    discardJournal();
    release();
}

void Session::discardJournal() {
    if (m_journal) {
        m_journal->discard();
    }
}

/// A run may start thousands of processes: what only a living one needs goes at once.
void Session::release() {
    m_merge.reset();
    m_decoder.reset();
    m_sink.reset();
    m_journal.reset();
    const std::lock_guard lock(m_ringsMutex);
    m_rings.clear();
    m_finished = true;
}

/// The trace cannot go on; the host can, and must never wait for us again.
void Session::fail(const std::string& what) {
    stop();
    fillResult();
    m_result.error = what;
    m_result.header.ending = "collector: " + what;
    try {
        if (m_decoder != nullptr) {
            const auto steps = m_decoder->close();
            m_result.steps = m_decoder->stepCount();
            m_sink->finish(m_result.header, steps);
            discardJournal();
        }
    } catch (const std::exception&) {
        // The first reason is the one to tell; what was sent stays in the journal.
    }
    release();
}

} // namespace repro::collector
