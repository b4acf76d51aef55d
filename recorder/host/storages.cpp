// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/storages.h"

#include <algorithm>
#include <atomic>
#include <unordered_map>

namespace repro::host {
namespace {

constexpr std::size_t kShards = 64;
constexpr std::size_t kFirstPurge =
    4; ///< dead storages keep memory of the host's heap apart: with 256, LibTorch's buffers no
       ///< longer fitted where they had been, and page faults tripled

} // namespace

struct alignas(64) Storages::Shard {
    std::atomic_flag locked = ATOMIC_FLAG_INIT;
    std::size_t purgeAt = kFirstPurge;
    std::unordered_map<const c10::StorageImpl*, StorageState> states;
};

Storages::Lock::Lock(Shard& shard) : m_shard(shard) {
    while (m_shard.locked.test_and_set(std::memory_order_acquire)) {
        __builtin_ia32_pause();
    }
}

Storages::Lock::~Lock() {
    m_shard.locked.clear(std::memory_order_release);
}

Storages::Shard& Storages::shardOf(const c10::StorageImpl* impl) {
    // Leaked: ops may run in destructors of statics.
    static auto* shards = new Shard[kShards];
    return shards[(reinterpret_cast<std::uintptr_t>(impl) >> 6U) % kShards];
}

StorageState& Storages::find(Shard& shard, const c10::Storage& storage) {
    static std::atomic<std::uint64_t> nextId{0};
    const auto* impl = storage.unsafeGetStorageImpl();
    const auto known = shard.states.find(impl);
    if (known != shard.states.end()) {
        return known->second;
    }
    if (shard.states.size() >= shard.purgeAt) {
        std::erase_if(shard.states, [](const auto& entry) { return entry.second.expired(); });
        shard.purgeAt = std::max(kFirstPurge, 2 * shard.states.size());
    }
    const std::uint64_t id = nextId.fetch_add(1, std::memory_order_relaxed);
    return shard.states.try_emplace(impl, id, storage).first->second;
}

void StorageState::written(Interval bytes) {
    doubted();
    produced(bytes);
}

void StorageState::produced(Interval bytes) {
    if (m_unwritten.empty()) {
        return;
    }
    std::vector<Interval> left;
    for (const Interval& piece : m_unwritten) {
        if (piece.begin < std::min(piece.end, bytes.begin)) {
            left.push_back({piece.begin, std::min(piece.end, bytes.begin)});
        }
        if (std::max(piece.begin, bytes.end) < piece.end) {
            left.push_back({std::max(piece.begin, bytes.end), piece.end});
        }
    }
    m_unwritten = std::move(left);
}

void StorageState::allocated(Interval bytes) {
    written(bytes);
    m_unwritten.push_back(bytes);
    std::sort(m_unwritten.begin(), m_unwritten.end(),
              [](const Interval& a, const Interval& b) { return a.begin < b.begin; });
}

bool StorageState::hasUnwritten(Interval bytes) const {
    return std::any_of(m_unwritten.begin(), m_unwritten.end(), [&](const Interval& piece) {
        return piece.begin < bytes.end && bytes.begin < piece.end;
    });
}

const trace::Fingerprint* StorageState::cached(const ViewKey& key, std::uint64_t since) const {
    for (const Cached& entry : m_cached) {
        if (entry.epoch == m_epoch && entry.key.layout == key.layout &&
            entry.key.version == key.version && entry.readAt >= since) {
            return &entry.fingerprint;
        }
    }
    return nullptr;
}

bool StorageState::wasRead() const {
    return std::any_of(std::begin(m_cached), std::end(m_cached),
                       [&](const Cached& entry) { return entry.epoch == m_epoch; });
}

void StorageState::cache(const ViewKey& key, const trace::Fingerprint& fingerprint,
                         std::uint64_t now) {
    const trace::Fingerprint* before = cached(key, 0);
    if (before != nullptr && *before != fingerprint) {
        ++m_epoch;
    }
    for (Cached& entry : m_cached) {
        if (entry.key.layout == key.layout) {
            entry = {key, m_epoch, now, fingerprint};
            return;
        }
    }
    m_cached[m_next] = {key, m_epoch, now, fingerprint};
    m_next = (m_next + 1) % kCached;
}

} // namespace repro::host
