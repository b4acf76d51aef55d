// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/wire/protocol.h"

#include <cstddef>
#include <cstdint>

/// The host's end of a ring. No torch, no exceptions, no allocation after attach.
namespace repro::wire {

/// The process's connection: control page and the address of the collector. All static, for it must
/// outlive every thread of the host.
class Session {
public:
    /// Asks the collector at `socketPath` for a control page. False: stay silent.
    static bool attach(const char* socketPath, const char* torchVersion);
    /// Tells the collector that no recorder library fits this process's LibTorch.
    static void refuse(const char* socketPath, const char* torchVersion);
    /// Null before attach.
    static const Options* options();
    /// Asks the collector whether a name passes a filter of the options; false also where it does
    /// not answer. Costs a connection: to be asked once for each name.
    static bool passes(NameFilter filter, const char* name, std::size_t length);
    static Control* control();
    /// Of the next record of the process.
    static std::uint64_t ordinal();
    /// False once the collector died or said stop; costs one relaxed load when nothing happened.
    static bool live();
    /// Recording ends here for good, in this process.
    static void abandon();
    /// The same in a forked child. The first that it runs of LibTorch is counted for its parent's
    /// trace.
    static void becomeChild();
    /// What this child computes comes back to its parent, whose trace has it: it does not count.
    static void accountFor();
    /// Something of LibTorch runs and is not recorded. Lock-free, for a child may find every lock
    /// taken.
    static void missed();
};

/// A thread's ring: one producer. Not copyable; leaked on purpose when its thread ends. A later
/// thread may get it again, once the collector has read it to the end and seen that its thread is
/// gone.
class Producer {
public:
    /// Asks the collector for a ring. Null when it cannot be had.
    static Producer* open();

    /// A place for a record of at most `size` bytes (header included, a multiple of 8), or null
    /// when recording is over or the record was dropped. Waits while the ring is full, and notices
    /// that the collector died. Requires: size <= maxRecord().
    std::byte* reserve(std::size_t size);
    /// Gives the reserved record its ordinal and hands it over. `size` <= what was reserved; the
    /// header's kind and flags are already written. Returns the ordinal.
    std::uint64_t commit(std::size_t size);
    /// A quarter of the ring: longer things go in pieces.
    [[nodiscard]] std::size_t maxRecord() const;

    Producer(const Producer&) = delete;
    Producer& operator=(const Producer&) = delete;

private:
    Producer() = default;
    bool makeRoom(std::size_t size);

    struct Shared;
    Shared* m_shared = nullptr;
    std::byte* m_data = nullptr;
    std::uint64_t m_capacity = 0;
    std::uint64_t m_head = 0; ///< our own copy of what was produced
    std::uint64_t m_tailSeen = 0;
    std::uint64_t m_ring = 0;   ///< number of the ring in its session
    Producer* m_next = nullptr; ///< all producers of the process, for reuse
};

} // namespace repro::wire
