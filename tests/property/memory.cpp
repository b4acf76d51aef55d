// SPDX-License-Identifier: BSD-3-Clause
#include "tests/property/memory.h"

#include "tests/property/program.h"

#include <algorithm>

namespace repro::property {

trace::Fingerprint fingerprintOf(std::span<const Element> elements) {
    trace::Fingerprint result{elements.size(), ~elements.size()};
    for (const Element& element : elements) {
        result.low = mixed(result.low, element.contents);
        result.high = mixed(element.contents, result.high);
    }
    return result;
}

std::vector<Survivor> Memory::survivors() const {
    std::vector<Survivor> all;
    for (std::size_t s = 0; s < m_storages.size(); ++s) {
        const auto& elements = m_storages[s].elements;
        for (std::size_t k = 0; k < elements.size(); ++k) {
            all.push_back({static_cast<int>(s), static_cast<int>(k), elements[k].author});
        }
    }
    return all;
}

View Memory::allocate(int size) {
    Storage storage;
    storage.elements.resize(static_cast<std::size_t>(size));
    storage.unwritten.resize(static_cast<std::size_t>(size));
    m_storages.push_back(std::move(storage));
    return {static_cast<int>(m_storages.size()) - 1, 0, size};
}

std::span<Element> Memory::at(const View& view) {
    return std::span(m_storages.at(static_cast<std::size_t>(view.storage)).elements)
        .subspan(static_cast<std::size_t>(view.first), static_cast<std::size_t>(view.count));
}

void Memory::mark(const View& view, bool unwritten) {
    auto& marks = m_storages.at(static_cast<std::size_t>(view.storage)).unwritten;
    std::fill_n(marks.begin() + view.first, view.count, unwritten);
}

void Memory::written(const View& view) {
    mark(view, false);
    ++m_storages.at(static_cast<std::size_t>(view.storage)).epoch;
}

void Memory::produced(const View& view) {
    mark(view, false);
}

void Memory::allocated(const View& view) {
    mark(view, true);
    ++m_storages.at(static_cast<std::size_t>(view.storage)).epoch;
}

Observation Memory::observe(const View& view, Hashing hashing, std::uint64_t since,
                            std::uint64_t now) {
    Storage& storage = m_storages.at(static_cast<std::size_t>(view.storage));
    Observation seen;
    const auto from = storage.unwritten.begin() + view.first;
    seen.unwritten = std::find(from, from + view.count, true) != from + view.count;
    const auto cached =
        std::find_if(storage.cached.begin(), storage.cached.end(), [&](const Cached& c) {
            return c.view == view && c.epoch == storage.epoch && c.readAt >= since;
        });
    if (hashing != Hashing::Fresh && cached != storage.cached.end()) {
        seen.fingerprint = cached->fingerprint;
    }
    const bool wasRead = std::any_of(storage.cached.begin(), storage.cached.end(),
                                     [&](const Cached& c) { return c.epoch == storage.epoch; });
    if (hashing == Hashing::CachedOrNew && wasRead) {
        hashing = Hashing::CachedOnly;
    }
    if (seen.unwritten && hashing != Hashing::Fresh) {
        seen.fingerprint.reset();
        hashing = Hashing::None;
    }
    if (seen.fingerprint) {
        seen.verified = since != 0;
        return seen;
    }
    if (hashing == Hashing::CachedOnly || hashing == Hashing::None) {
        return seen;
    }
    seen.fingerprint = fingerprintOf(at(view));
    seen.verified = true;
    // Other contents than the cached ones show that somebody wrote unseen.
    const bool unseen =
        std::any_of(storage.cached.begin(), storage.cached.end(), [&](const Cached& c) {
            return c.view == view && c.epoch == storage.epoch && c.fingerprint != *seen.fingerprint;
        });
    storage.epoch += unseen ? 1 : 0;
    std::erase_if(storage.cached,
                  [&](const Cached& c) { return c.view == view || c.epoch != storage.epoch; });
    storage.cached.push_back({view, storage.epoch, now, *seen.fingerprint});
    return seen;
}

std::uint64_t Memory::numberOf(int storage) {
    auto& number = m_storages.at(static_cast<std::size_t>(storage)).number;
    if (!number) {
        number = m_numbered++;
    }
    return *number;
}

} // namespace repro::property
