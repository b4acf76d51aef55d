// SPDX-License-Identifier: BSD-3-Clause
#include "replay/reexec/plan.h"

#include "replay/provenance/cpu_stream.h"
#include "replay/run/rerecord.h"
#include "trace/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace repro::replay::exec {
namespace {

using trace::EventId;
using trace::kNone32;
using trace::kNone64;

/// Numbers of 32 bits that an op may be from the last state that was kept.
constexpr int kFarthest = 1 << 20;
/// LibTorch aligns storages to it; an operand keeps its place within.
constexpr std::uint64_t kAlignment = 64;

class Planner {
public:
    Planner(const trace::Reader& reader, EventId id)
        : m_reader(reader), m_id(id), m_event(reader.event(id)) {}

    Plan plan() {
        requireOp();
        const trace::Op& op = m_reader.ops()[m_event.op];
        m_plan.job.op = m_reader.text(op.name);
        m_plan.job.overload = m_reader.text(op.overload);
        const auto arguments = m_reader.arguments(m_event.arguments);
        m_plan.job.arguments.assign(arguments.begin(), arguments.end());
        const Conditions recorded = recordedConditions(m_reader, m_id, "");
        m_plan.job.threads = recorded.threads;
        m_plan.job.flags = recorded.flags;
        for (std::uint32_t i = 0; i < m_event.useCount; ++i) {
            addOperand(m_reader.use(m_event.firstUse + i));
        }
        placeOperands();
        findGeneratorState();
        return std::move(m_plan);
    }

private:
    [[noreturn]] void refuse(const std::string& why) const {
        throw Error(ErrorKind::Usage, fmt::format("{}: event {} cannot be run again: {}",
                                                  m_reader.path().string(), m_id, why));
    }

    void requireOp() const {
        if (m_event.kind != trace::EventKind::Op || m_event.op == kNone32) {
            refuse("it is no op; choose one with: reprorec ls " + m_reader.path().string());
        }
        // What may be a view and turned out to copy was hashed.
        if ((m_reader.ops()[m_event.op].flags & trace::op_flag::View) != 0 &&
            (m_event.flags & trace::event_flag::Verified) == 0) {
            refuse("it only makes another view of its input");
        }
        if ((m_event.flags & trace::event_flag::ArgumentsCut) != 0) {
            refuse("its arguments were too long to be kept");
        }
        if ((m_event.flags & trace::event_flag::Outermost) == 0) {
            refuse("another op runs it, and only of outermost ops are bytes kept; choose the op "
                   "around it");
        }
    }

    void addOperand(const trace::Use& use) {
        const trace::Value value = m_reader.value(use.value);
        namespace flag = trace::value_flag;
        if (use.direction == trace::Direction::Out || (value.flags & flag::Undefined) != 0) {
            return;
        }
        constexpr std::uint16_t kOddities = flag::Sparse | flag::Quantised | flag::Conj | flag::Neg;
        if ((value.flags & kOddities) != 0) {
            refuse("a tensor that it takes is sparse, quantised, conjugate or negated");
        }
        if (value.deviceType != 0) {
            refuse("it ran on another device than the CPU");
        }
        Operand operand;
        operand.argument = use.slot;
        operand.item = use.item;
        operand.dtype = value.dtype;
        const auto sizes = m_reader.list(value.sizes);
        const auto strides = m_reader.list(value.strides);
        operand.sizes.assign(sizes.begin(), sizes.end());
        operand.strides.assign(strides.begin(), strides.end());
        operand.requiresGrad = (value.flags & flag::RequiresGrad) != 0;
        operand.isNumber = (value.flags & flag::WrappedNumber) != 0;
        operand.isWritten = (use.flags & trace::use_flag::Written) != 0;
        if (value.payload != kNone64) {
            operand.contents = m_reader.bytes(value);
        } else if (value.elements > 0) {
            requireUnread(use);
        }
        m_plan.job.operands.push_back(std::move(operand));
        m_values.push_back(value);
    }

    /// What an op overwrites needs no bytes, if it carries no meaning.
    void requireUnread(const trace::Use& use) const {
        if ((use.flags & trace::use_flag::Workspace) != 0) {
            refuse("it reads a workspace of another op, whose bytes are not kept");
        }
        if ((use.flags & trace::use_flag::Meaningless) == 0) {
            refuse("the bytes that it read were not recorded; record them with: " +
                   rerecordCommand(m_reader, m_id));
        }
    }

    /// Operands that shared a storage share one again, at the same distance.
    void placeOperands() {
        struct Storage {
            std::uint32_t row;
            std::uint64_t begin;
            std::uint64_t end;
        };
        std::map<std::uint64_t, Storage> storages;
        std::uint32_t rows = 0;
        for (const trace::Value& value : m_values) {
            const auto [found, isNew] =
                storages.try_emplace(value.storage, Storage{rows, value.spanBegin, value.spanEnd});
            rows += isNew ? 1 : 0;
            found->second.begin = std::min(found->second.begin, value.spanBegin);
            found->second.end = std::max(found->second.end, value.spanEnd);
        }
        m_plan.job.storages.resize(rows);
        for (std::size_t i = 0; i < m_values.size(); ++i) {
            const Storage& storage = storages.at(m_values[i].storage);
            const std::uint64_t base = storage.begin / kAlignment * kAlignment;
            m_plan.job.operands[i].storage = storage.row;
            m_plan.job.operands[i].offset = m_values[i].spanBegin - base;
            m_plan.job.storages[storage.row] = storage.end - base;
        }
    }

    /// The draw belongs to the innermost op: this one, or one that it runs.
    [[nodiscard]] const trace::Draw* firstDraw() const {
        for (const trace::Draw& draw : m_reader.draws()) {
            if (draw.event >= m_id && isWithin(draw.event) &&
                !isForeign(m_reader, draw.generator)) {
                return &draw;
            }
        }
        return nullptr;
    }

    [[nodiscard]] bool isWithin(EventId inner) const {
        while (inner != kNone64 && inner > m_id) {
            inner = m_reader.events().parent[inner];
        }
        return inner == m_id;
    }

    void findGeneratorState() {
        const trace::Draw* const draw = firstDraw();
        if (draw == nullptr) {
            return;
        }
        m_plan.isReseeded = true;
        for (const trace::RngState& kept : m_reader.rngStates()) {
            if (kept.generator == draw->generator &&
                (kept.event == kNone64 || kept.event <= m_id)) {
                followStream(kept, draw->before);
            }
        }
    }

    void followStream(const trace::RngState& kept, const trace::Fingerprint& wanted) {
        auto stream = CpuStream::from(kept.bytes);
        for (int i = 0; stream && i < kFarthest; ++i, stream->advance()) {
            if (stream->fingerprint() == wanted) {
                m_plan.job.generatorState = stream->saved();
                m_plan.isReseeded = false;
                return;
            }
        }
    }

    const trace::Reader& m_reader;
    EventId m_id;
    trace::Event m_event;
    Plan m_plan;
    std::vector<trace::Value> m_values; ///< of the job's operands
};

} // namespace

Plan planOf(const trace::Reader& reader, EventId event) {
    return Planner(reader, event).plan();
}

Conditions recordedConditions(const trace::Reader& reader, EventId id, std::string name) {
    const std::uint32_t context = reader.event(id).context;
    if (context == kNone32) {
        return {std::move(name), 0, 0};
    }
    return {std::move(name), reader.contexts()[context].threads, reader.contexts()[context].flags};
}

std::vector<Conditions> usualConditions(const Job& job) {
    using namespace trace::context_flag;
    std::vector<Conditions> conditions{{"as recorded", job.threads, job.flags}};
    if (job.threads > 1) {
        conditions.push_back({"1 thread", 1, job.flags});
    }
    if ((job.flags & Deterministic) == 0) {
        conditions.push_back({"deterministic", job.threads, job.flags | Deterministic});
    }
    return conditions;
}

} // namespace repro::replay::exec
