// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"

#include <c10/core/Storage.h>

#include <cstdint>
#include <utility>
#include <vector>

/// What the recorder knows of a storage: its number, when it was last written, which of its bytes
/// nobody wrote, whose parameter it is, and the fingerprints of recent views of it.
namespace repro::host {

/// Half-open byte interval of a storage.
struct Interval {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

/// One view of a storage, as a key of cached fingerprints.
struct ViewKey {
    std::uint64_t layout = 0;  ///< hash of offset, sizes, strides, dtype
    std::uint32_t version = 0; ///< LibTorch's version counter; may only invalidate further
};

/// Not locked by itself: used through Storages::with.
class StorageState {
public:
    StorageState(std::uint64_t id, const c10::Storage& storage)
        : m_weak(storage.getWeakStorageImpl()), m_id(id) {}

    [[nodiscard]] std::uint64_t id() const { return m_id; }
    /// True once nobody but us remembers the storage.
    [[nodiscard]] bool expired() const { return m_weak.use_count() == 0; }

    /// Somebody wrote `bytes`: cached fingerprints are void, the bytes are written.
    void written(Interval bytes);
    /// Somebody may have written here, or still will: cached fingerprints are void.
    void doubted() { ++m_epoch; }
    /// An op returned `bytes` as its new result: they are written. Fingerprints taken inside that
    /// op stay.
    void produced(Interval bytes);
    /// Allocated or resized: nobody wrote `bytes` yet.
    void allocated(Interval bytes);
    [[nodiscard]] bool hasUnwritten(Interval bytes) const;

    /// Null when the view's contents are not known to be unchanged, or were read before the ordinal
    /// `since`.
    [[nodiscard]] const trace::Fingerprint* cached(const ViewKey& key, std::uint64_t since) const;
    /// A view was read since the last write.
    [[nodiscard]] bool wasRead() const;
    /// Contents that differ from the cached ones show that somebody wrote unseen: other views are
    /// void too.
    void cache(const ViewKey& key, const trace::Fingerprint& fingerprint, std::uint64_t now);

    /// Text id of the parameter, gradient or optimizer state that lives here; kNone32 = none.
    std::uint32_t name = trace::kNone32;

private:
    static constexpr int kCached = 3;
    struct Cached {
        ViewKey key;
        std::uint32_t epoch = 0;
        std::uint64_t readAt = 0; ///< ordinal
        trace::Fingerprint fingerprint;
    };
    c10::weak_intrusive_ptr<c10::StorageImpl> m_weak;
    std::uint64_t m_id;
    std::uint32_t m_epoch = 1; ///< raised by every write; 0 marks an empty cache slot
    int m_next = 0;
    Cached m_cached[kCached];
    std::vector<Interval> m_unwritten; ///< sorted, disjoint
};

/// All storages of the process. A weak reference keeps the address of a dead one from being reused,
/// so that an address names one storage; dead ones are dropped from time to time. Threads: safe.
class Storages {
public:
    /// Calls `use(StorageState&)` under the lock of the storage's shard; makes the state when new.
    template <class Use>
    static decltype(auto) with(const c10::Storage& storage, Use&& use) {
        Shard& shard = shardOf(storage.unsafeGetStorageImpl());
        const Lock lock(shard);
        return std::forward<Use>(use)(find(shard, storage));
    }
    /// Calls `use()` under the same lock, for a state that `with` gave: it stays where it is while
    /// its storage lives.
    template <class Use>
    static void again(const c10::Storage& storage, Use&& use) {
        const Lock lock(shardOf(storage.unsafeGetStorageImpl()));
        std::forward<Use>(use)();
    }

private:
    struct Shard;
    class Lock {
    public:
        explicit Lock(Shard& shard);
        ~Lock();
        Lock(const Lock&) = delete;
        Lock& operator=(const Lock&) = delete;

    private:
        Shard& m_shard;
    };
    static Shard& shardOf(const c10::StorageImpl* impl);
    static StorageState& find(Shard& shard, const c10::Storage& storage);
};

} // namespace repro::host
