// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/synthetic_trace.h"

#include "trace/fingerprint.h"
#include "trace/writer.h"

#include <fmt/format.h>

#include <array>
#include <vector>

namespace repro::bench {
namespace {

using namespace trace;

constexpr std::uint64_t kLayers = 12;
constexpr std::uint64_t kOpsOfLayer = 4;
constexpr std::array kOpNames = {
    "aten::addmm", "aten::relu", "aten::convolution",       "aten::add",
    "aten::mul",   "aten::tanh", "aten::native_batch_norm", "aten::softmax"};

/// The finaliser of SplitMix64: every input its own, well mixed output.
std::uint64_t mixed(std::uint64_t x) {
    x += 0x9E3779B97F4A7C15ULL;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31U);
}

class SyntheticWriter {
public:
    SyntheticWriter(const std::filesystem::path& path, const SyntheticRun& run)
        : m_writer(path, {.overwrite = true}), m_run(run) {
        addInterned();
    }

    EventId write() {
        for (std::uint64_t call = 0; m_events < m_run.events; ++call) {
            m_step = static_cast<std::uint32_t>(call / kLayers);
            if (call % kLayers == 0 && call != 0) {
                m_stepStarts.push_back(m_events);
            }
            layerCall(static_cast<LayerId>(call % kLayers));
        }
        Header header;
        header.runId = fmt::format("synthetic {}", m_run.model);
        header.program = "synthetic";
        header.complete = true;
        header.ending = "exit 0";
        header.capture = "fingerprints";
        header.verifyInputs = "top";
        header.environment = "{}";
        m_writer.environment(header.environment);
        m_writer.finish(header, m_stepStarts);
        return m_firstDivergence;
    }

private:
    void addInterned() {
        const TextId main = m_writer.text("main");
        m_writer.add(Thread{main, main, kNone32, 1});
        m_writer.add(Context{1, context_flag::GradMode});
        const TextId noOverload = m_writer.text("");
        for (const char* name : kOpNames) {
            const TextId id = m_writer.text(name);
            m_writer.add(Op{id, noOverload, id, op_flag::Aten | op_flag::Schema});
        }
        for (std::uint64_t layer = 0; layer < kLayers; ++layer) {
            m_writer.add(Layer{m_writer.text(fmt::format("Net{}.{}", m_run.model, layer)),
                               m_writer.text("BlockImpl"), kNone32});
            m_weights.push_back(
                addValue(mixed(layer) ^ m_run.model, kLayers * kOpsOfLayer + layer));
        }
        m_flowing = addValue(m_run.model, 2 * kLayers * kOpsOfLayer);
    }

    ValueId addValue(std::uint64_t contents, std::uint64_t storage) {
        const std::int64_t columns =
            16 + static_cast<std::int64_t>(mixed(storage + m_run.model) % 8);
        const std::array<std::int64_t, 2> sizes{32, columns};
        const std::array<std::int64_t, 2> strides{columns, 1};
        Value value;
        value.fingerprint = {mixed(contents), mixed(~contents)};
        value.dtype = DType::Float32;
        value.sizes = m_writer.list(sizes);
        value.strides = m_writer.list(strides);
        value.elements = static_cast<std::uint64_t>(32 * columns);
        value.storage = storage;
        value.spanEnd = value.elements * sizeof(float);
        const ValueId id = m_writer.add(value, {});
        if (m_run.statistics) {
            m_writer.add(Statistics{id, -1, 1, 0, 1, 0, 0, 0, 0});
        }
        return id;
    }

    /// The data that the next origin reads; kNone64 where this op is none.
    ValueId foreignData(EventId event) {
        if (m_run.origins == 0 || m_events * m_run.origins < m_run.events * m_origins) {
            return kNone64;
        }
        constexpr std::uint64_t kFirstStorage = 1000;
        if (m_run.diverges && m_firstDivergence == kNone64) {
            m_firstDivergence = event;
        }
        const std::uint64_t contents = m_origins + (m_run.diverges ? 1ULL << 62U : 0);
        return addValue(contents, kFirstStorage + m_origins++);
    }

    Event beginning(EventKind kind, LayerId layer, EventId parent) {
        ++m_events;
        ++m_ordinal;
        return {.begin = m_ordinal,
                .beginNs = m_ordinal * 1000,
                .kind = kind,
                .phase = Phase::Forward,
                .layer = layer,
                .parent = parent,
                .step = m_step,
                .thread = 0,
                .context = 0};
    }

    void end(EventId event, std::uint32_t flags, LayerId layer, std::uint64_t firstUse,
             std::uint32_t uses) {
        ++m_ordinal;
        m_writer.end(event, {m_ordinal, m_ordinal * 1000, flags, Phase::Forward, layer, kNone32,
                             firstUse, uses});
    }

    void layerCall(LayerId layer) {
        const EventId event = m_writer.begin(beginning(EventKind::Layer, layer, kNone64));
        for (std::uint64_t op = 0; op < kOpsOfLayer; ++op) {
            outermostOp(layer, layer * kOpsOfLayer + op, event);
        }
        end(event, 0, layer, 0, 0);
    }

    /// An op and the one that it runs to do its work.
    void outermostOp(LayerId layer, std::uint64_t place, EventId parent) {
        constexpr std::uint32_t kFlags = event_flag::Outermost | event_flag::Verified;
        const auto op = static_cast<OpId>(mixed(place ^ (m_run.model << 32U)) % kOpNames.size());
        Event row = beginning(EventKind::Op, layer, parent);
        row.op = op;
        row.flags = kFlags;
        const EventId outer = m_writer.begin(row);
        const ValueId foreign = foreignData(outer);
        if (m_run.origins == 0 && m_run.diverges && m_firstDivergence == kNone64 &&
            m_events >= m_run.events / 2) {
            m_firstDivergence = outer;
        }
        row = beginning(EventKind::Op, layer, outer);
        row.op = (op + 1) % static_cast<OpId>(kOpNames.size());
        const EventId inner = m_writer.begin(row);

        const ValueId read = m_flowing;
        const std::uint64_t other = m_firstDivergence != kNone64 ? 1ULL << 63U : 0;
        m_flowing = addValue(m_ordinal | other, place);
        const ValueId second = foreign != kNone64 ? foreign : m_weights[layer];
        addUses(inner, 0, layer, {read, second}, use_flag::Assumed);
        addUses(outer, kFlags, layer, {read, second}, use_flag::Verified);
    }

    void addUses(EventId event, std::uint32_t flags, LayerId layer, std::array<ValueId, 2> read,
                 std::uint8_t certainty) {
        const std::array<Use, 3> uses = {
            Use{event, read[0], 0, 0, Direction::In, certainty, kNone32},
            Use{event, read[1], 1, 0, Direction::In, certainty, kNone32},
            Use{event, m_flowing, 0, 0, Direction::Out, use_flag::Verified, kNone32}};
        end(event, flags, layer, m_writer.add(uses), static_cast<std::uint32_t>(uses.size()));
    }

    Writer m_writer;
    SyntheticRun m_run;
    std::vector<EventId> m_stepStarts;
    std::vector<ValueId> m_weights;
    ValueId m_flowing = kNone64; ///< what the last op wrote and the next one reads
    EventId m_firstDivergence = kNone64;
    std::uint64_t m_events = 0;
    std::uint64_t m_origins = 0;
    std::uint64_t m_ordinal = 0;
    std::uint32_t m_step = 0;
};

} // namespace

EventId writeSyntheticRun(const std::filesystem::path& path, const SyntheticRun& run) {
    return SyntheticWriter(path, run).write();
}

void writeTensorRun(const std::filesystem::path& path, std::span<const float> numbers,
                    std::size_t columns) {
    const auto bytes = std::as_bytes(numbers);
    Writer writer(path, {.overwrite = true});
    const TextId main = writer.text("main");
    writer.add(Thread{main, main, kNone32, 1});
    const TextId name = writer.text("aten::mul");
    writer.add(Op{name, writer.text(""), name, op_flag::Aten | op_flag::Schema});
    const std::int64_t sizes[] = {static_cast<std::int64_t>(numbers.size() / columns),
                                  static_cast<std::int64_t>(columns)};
    const std::int64_t strides[] = {sizes[1], 1};
    Value value;
    value.fingerprint = fingerprintOfContents(bytes);
    value.dtype = DType::Float32;
    value.sizes = writer.list(sizes);
    value.strides = writer.list(strides);
    value.elements = numbers.size();
    value.storage = 0;
    value.spanEnd = bytes.size();
    value.payload = writer.payload(DType::Float32, bytes);
    const Use written{.event = 0,
                      .value = writer.add(value, leavesOf(bytes)),
                      .direction = Direction::Out,
                      .flags = use_flag::Verified};
    constexpr std::uint32_t kFlags = event_flag::Outermost | event_flag::Verified;
    const EventId event = writer.begin({.begin = 1, .flags = kFlags, .op = 0, .thread = 0});
    writer.end(event, {2, 2, kFlags, Phase::Other, kNone32, kNone32,
                       writer.add(std::span(&written, 1)), 1});
    Header header;
    header.complete = true;
    header.ending = "exit 0";
    header.capture = "full";
    header.environment = "{}";
    writer.finish(header, {});
}

} // namespace repro::bench
