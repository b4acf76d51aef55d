// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

/// The machine's memory: contents, who wrote them, and what the recorder would know of them.
namespace repro::property {

enum class By : std::uint8_t { Outside, Nobody, Op, Raw };

/// Who wrote an element last. `id` is the tensor that came from outside, or the instruction that
/// allocated or wrote. Of a raw write, `over` and `overId` are who did before it.
struct Author {
    By by = By::Outside;
    int id = 0;
    By over = By::Outside;
    int overId = 0;
    auto operator<=>(const Author&) const = default;
};

struct Element {
    std::uint64_t contents = 0;
    Author author;
};

trace::Fingerprint fingerprintOf(std::span<const Element> elements);

/// Elements of a storage.
struct View {
    int storage = -1;
    int first = 0;
    int count = 0;
    auto operator<=>(const View&) const = default;
};

/// When the recorder reads contents, in its own words (recorder/host/tensors.h).
enum class Hashing : std::uint8_t { Fresh, CachedOrFresh, CachedOrNew, CachedOnly, None };

/// What the recorder would say of one use.
struct Observation {
    std::optional<trace::Fingerprint> fingerprint;
    bool verified = false;
    bool unwritten = false;
};

/// Who wrote an element that is there at the end.
struct Survivor {
    int storage = 0;
    int index = 0;
    Author author;
};

class Memory {
public:
    [[nodiscard]] std::vector<Survivor> survivors() const;
    View allocate(int size);
    std::span<Element> at(const View& view);

    // What ops tell the recorder.
    void written(const View& view);
    void produced(const View& view);
    void allocated(const View& view);

    /// `since`: only what was read at that ordinal or later counts as cached, and as verified.
    Observation observe(const View& view, Hashing hashing, std::uint64_t since, std::uint64_t now);

    /// As the recorder numbers storages: when it first sees them.
    std::uint64_t numberOf(int storage);

private:
    struct Cached {
        View view;
        std::uint32_t epoch = 0;
        std::uint64_t readAt = 0;
        trace::Fingerprint fingerprint;
    };
    struct Storage {
        std::vector<Element> elements;
        std::vector<bool> unwritten;
        std::uint32_t epoch = 1;
        std::vector<Cached> cached;
        std::optional<std::uint64_t> number;
    };
    void mark(const View& view, bool unwritten);

    std::vector<Storage> m_storages;
    std::uint64_t m_numbered = 0;
};

} // namespace repro::property
