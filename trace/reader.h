// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"
#include "trace/packed_rows.h"

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

namespace repro::trace {

/// One column of a table, read from the file when a row of it is first asked for. Threads: safe.
template <class T>
class Column {
public:
    using Loader = std::function<PackedRows<T>()>;
    void setLoader(Loader loader) { m_loader = std::move(loader); }
    /// Reads the column now, if it was not yet.
    void load() const {
        std::call_once(m_once, [this] {
            m_rows = m_loader();
            m_loaded.store(true, std::memory_order_release);
        });
    }
    [[nodiscard]] T operator[](std::uint64_t row) const {
        if (!m_loaded.load(std::memory_order_acquire)) {
            load();
        }
        return m_rows[row];
    }

private:
    Loader m_loader;
    mutable PackedRows<T> m_rows;
    mutable std::once_flag m_once;
    mutable std::atomic<bool> m_loaded = false; ///< what call_once knows, at the cost of a read
};

struct EventColumns {
    std::uint64_t count = 0;
    Column<std::uint64_t> begin, end, beginNs, endNs, parent, forward, extra, firstUse;
    Column<std::uint8_t> kind, phase;
    Column<std::uint32_t> flags, op, layer, step, thread, context, arguments, site, parameter,
        useCount;
    /// From beginNs to endNs, in a fraction of their memory; kNone64 where it never ended.
    Column<std::uint64_t> durationNs;
};

struct ValueColumns {
    std::uint64_t count = 0;
    Column<std::uint64_t> fingerprintLow, fingerprintHigh, elements, storage, spanBegin, spanEnd,
        firstLeaf, payload;
    Column<std::uint8_t> dtype, deviceType;
    Column<std::int8_t> deviceIndex;
    Column<std::uint16_t> flags;
    Column<std::uint32_t> sizes, strides;
};

struct UseColumns {
    std::uint64_t count = 0;
    Column<std::uint64_t> event, value;
    Column<std::uint16_t> slot;
    Column<std::uint32_t> item, name;
    Column<std::uint8_t> direction, flags;
};

/// A trace opened for reading. Small interned tables are read at open, columns when touched.
/// Throws from every member that reads: Error (Io, Format or Version) with one line that names the
/// file, what is wrong and the remedy. Never returns contents whose checksum failed.
class Reader {
public:
    explicit Reader(const std::filesystem::path& path);
    ~Reader();
    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;

    /// Called before each block of a column is read, on the thread that reads; what it throws ends
    /// the reading, which may be tried again. Requires: no other thread reads meanwhile.
    void setPoll(std::function<void()> poll);
    /// Calls it, once in a few thousand rows: for whoever looks at one row after the other.
    void pollAt(std::uint64_t row) const {
        if (row % kRowsBetweenPolls == 0) {
            poll();
        }
    }

    [[nodiscard]] const std::filesystem::path& path() const;
    [[nodiscard]] const Header& header() const;
    /// Its recording ended, and its tables are held to a seal.
    [[nodiscard]] bool isSealed() const;

    [[nodiscard]] const EventColumns& events() const;
    [[nodiscard]] const ValueColumns& values() const;
    [[nodiscard]] const UseColumns& uses() const;

    [[nodiscard]] const std::vector<Op>& ops() const;
    [[nodiscard]] const std::vector<Layer>& layers() const;
    [[nodiscard]] const std::vector<Context>& contexts() const;
    [[nodiscard]] const std::vector<Thread>& threads() const;
    [[nodiscard]] const std::vector<Site>& sites() const;
    /// What was inlined into a site's function there, from the innermost.
    [[nodiscard]] std::span<const InlinedFrame> inlinedInto(SiteId site) const;
    [[nodiscard]] const std::vector<SourceFile>& sources() const;
    [[nodiscard]] const std::vector<Generator>& generators() const;
    [[nodiscard]] const std::vector<Draw>& draws() const;            ///< read when first asked for
    [[nodiscard]] const std::vector<RngState>& rngStates() const;    ///< likewise
    [[nodiscard]] const std::vector<Statistics>& statistics() const; ///< likewise
    /// Of one value; null where there are none.
    [[nodiscard]] const Statistics* statisticsOf(ValueId value) const;

    /// Empty for kNone32.
    [[nodiscard]] std::string_view text(TextId id) const;
    [[nodiscard]] std::size_t textCount() const;
    [[nodiscard]] std::span<const std::int64_t> list(ListId id) const;
    [[nodiscard]] std::span<const std::byte> arguments(ArgumentsId id) const;
    [[nodiscard]] std::size_t argumentsCount() const;

    /// Gathered rows, for code that looks at few of them.
    [[nodiscard]] Event event(EventId id) const;
    [[nodiscard]] Value value(ValueId id) const;
    [[nodiscard]] Use use(std::uint64_t row) const;

    /// Fingerprints of the 256 KiB leaves of a value; empty where it has none.
    [[nodiscard]] std::vector<Fingerprint> leaves(const Value& value) const;
    /// Bytes of a value, dense and row-major, checked against its fingerprint.
    /// Requires: value.payload != kNone64.
    [[nodiscard]] std::vector<std::byte> bytes(const Value& value) const;

    /// Reads everything and checks every checksum, the seal and every reference between tables.
    /// `progress` gets values from 0 to 1. Throws what it finds wrong.
    void verify(const std::function<void(double)>& progress = {}) const;

private:
    static constexpr std::uint64_t kRowsBetweenPolls = 65536;
    void poll() const;
    friend class Contents;
    friend class MemoryTrace;
    struct Impl;
    explicit Reader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace repro::trace
