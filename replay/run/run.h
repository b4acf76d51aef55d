// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/run/liveness.h"
#include "trace/reader.h"

#include <cstdint>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace repro::replay {

/// What a key is made of: the whole identity of a row, or less, for rows that were changed.
enum class KeyLevel {
    Full,      ///< kind, layer or parameter, op, overload, shapes and dtypes
    NoLayer,   ///< ... without layer and parameter; the type of a layer that is called remains
    NoShapes,  ///< ... without shapes and dtypes
    ShapesOnly ///< kind, shapes and dtypes
};

/// The rows of one thread, or of all threads of one pool, in order of their beginnings.
struct Lane {
    std::string name;    ///< by who created its threads, and to run what
    std::string label;   ///< "main/worker": in the order in which they appeared
    bool isPool = false; ///< even if only one of its threads ever had work
    std::vector<trace::EventId> events;
};

/// What an op does with its tensor arguments, beyond what each event shows.
struct OpNature {
    bool isAten = false;
    bool replacesStorage = false; ///< gives argument 0 another storage and writes no bytes: set_
    bool isReplacement = false;   ///< set_data begins: argument 0 gets the storage of argument 1
    bool adoptsStorage = false;   ///< ... one that comes by an argument which is no tensor
    std::uint64_t shapeOnly = 0;  ///< by argument: only its shape, dtype or device is asked
    [[nodiscard]] bool reads(std::uint16_t slot) const {
        return slot >= 64 || (shapeOnly >> slot & 1U) == 0;
    }
};

/// Hashes of names of another run by which rows go in place of their own, by id.
struct OtherNames {
    std::unordered_map<std::uint32_t, std::uint64_t> ops, layers, parameters;
};

/// One trace, indexed for comparison: its columns, ids turned into hashes that are
/// equal across traces, its rows by lane, its uses by storage. Borrows the reader.
/// Rows are numbered in 32 bits: the index by storage is what a large run needs most memory for.
/// Threads: const members are safe but for the indexes built on demand (`usesNearStorage`,
/// `liveness`).
class Run {
public:
    explicit Run(const trace::Reader& reader);

    const trace::EventColumns& events;
    const trace::UseColumns& uses;
    const trace::ValueColumns& values;

    [[nodiscard]] const trace::Reader& reader() const { return m_reader; }

    /// Is this event aligned: an outermost op, a layer call, a gradient or a mark?
    [[nodiscard]] bool isRow(trace::EventId event) const;
    /// The row that encloses an event, or is it; kNone64 where there is none.
    [[nodiscard]] trace::EventId enclosingRow(trace::EventId event) const;
    [[nodiscard]] const std::vector<Lane>& lanes() const { return m_lanes; }
    /// For whoever keeps a run beyond its comparison: eight bytes a row.
    void forgetLanes() { m_lanes = {}; }
    /// "main/worker#2"; the lane's name is that of the pool, where the thread is of one. Empty
    /// where the thread is not known.
    [[nodiscard]] std::string_view threadName(trace::EventId event) const;
    [[nodiscard]] std::string_view laneName(trace::EventId event) const;
    [[nodiscard]] std::uint64_t rowCount() const { return m_rowCount; }
    [[nodiscard]] std::uint32_t lastStep() const { return m_lastStep; }

    /// From now on keys are made of these names.
    void rename(OtherNames names);
    /// Does the event's key have a name of the other run in it?
    [[nodiscard]] bool isRenamed(trace::EventId event) const;

    /// Equal for rows of two traces that do the same, as far as the level tells.
    [[nodiscard]] std::uint64_t key(trace::EventId event, KeyLevel level) const;
    /// Key and the contents that the row read; of a row that reads nothing, what it wrote. Contents
    /// in storages that are in `chance` do not count; 0 = there are no others.
    [[nodiscard]] std::uint64_t contentKey(trace::EventId event,
                                           const std::unordered_set<std::uint64_t>& chance) const;
    [[nodiscard]] std::uint64_t argumentsHash(trace::EventId event) const;
    [[nodiscard]] std::uint64_t sizesHash(trace::ValueId value) const;

    [[nodiscard]] trace::Op op(trace::EventId event) const; ///< all none for events without an op
    [[nodiscard]] std::string_view opName(trace::EventId event) const;
    [[nodiscard]] const OpNature& nature(trace::EventId event) const;
    [[nodiscard]] bool isAten(trace::EventId event) const { return nature(event).isAten; }

    [[nodiscard]] std::uint64_t usesBegin(trace::EventId e) const { return events.firstUse[e]; }
    [[nodiscard]] std::uint64_t usesEnd(trace::EventId e) const {
        return events.firstUse[e] + events.useCount[e];
    }
    /// Rows of `uses`, for a loop.
    [[nodiscard]] auto usesOf(trace::EventId e) const {
        const std::uint64_t first = events.firstUse[e];
        return std::views::iota(first, first + events.useCount[e]);
    }
    [[nodiscard]] bool isOutput(std::uint64_t use) const {
        return static_cast<trace::Direction>(uses.direction[use]) == trace::Direction::Out;
    }
    [[nodiscard]] std::uint64_t storageOf(std::uint64_t use) const {
        return values.storage[uses.value[use]];
    }

    /// Rows of `uses` (of aligned events only) in order that touch the storage, and maybe a few
    /// that touch another: the caller compares. Builds the index at the first call.
    [[nodiscard]] std::span<const std::uint32_t> usesNearStorage(std::uint64_t storage);

    /// Which written bytes somebody can see. Told at the first call; two runs' may be told at once.
    const Liveness& liveness();

    /// Contexts by value, for events of two traces.
    [[nodiscard]] trace::Context context(trace::EventId event) const;

private:
    void hashTables();
    void collectLanes();
    void indexStorages();
    [[nodiscard]] std::uint64_t placeKey(trace::EventId event, std::uint64_t seed) const;
    [[nodiscard]] std::uint64_t shapesKey(trace::EventId event, std::uint64_t seed) const;

    const trace::Reader& m_reader;
    std::vector<std::uint64_t> m_opHash, m_layerHash, m_layerTypeHash, m_listHash, m_argumentsHash;
    std::vector<OpNature> m_natures; ///< by op
    OtherNames m_names;
    std::vector<Lane> m_lanes;
    std::uint64_t m_rowCount = 0;
    std::uint32_t m_lastStep = 0;
    std::vector<std::uint32_t> m_bucketStart, m_bucketUses;
    std::optional<Liveness> m_liveness;
};

/// Not LibTorch's: its moves were noticed later, and are no op's.
bool isForeign(const trace::Reader& reader, trace::GeneratorId generator);

/// Rows that drew from a generator, each with the generator's number. Where threads draw at the
/// same time a draw may pass unseen: an op that can draw, in a thread that draws, counts as one of
/// the thread's generator.
std::unordered_map<trace::EventId, trace::GeneratorId> drawingRows(const Run& run);

std::uint64_t hashOp(std::string_view name, std::string_view overload);
/// Of a layer or parameter. "Net#2.fc" as "Net.fc": roots of one type are numbered as they appear,
/// which is chance where several threads make or use them.
std::uint64_t hashPath(std::string_view path);

/// Mixes two hashes into one; the order counts.
inline std::uint64_t mixHash(std::uint64_t a, std::uint64_t b) {
    std::uint64_t x = (a ^ (b + 0x9E3779B97F4A7C15ULL + (a << 6U) + (a >> 2U)));
    x ^= x >> 32U;
    x *= 0xD6E8FEB86659FD93ULL;
    x ^= x >> 32U;
    return x;
}

} // namespace repro::replay
