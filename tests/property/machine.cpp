// SPDX-License-Identifier: BSD-3-Clause
#include "tests/property/machine.h"

#include "tests/property/recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <optional>

namespace repro::property {
namespace {

using trace::Direction;
using trace::EventKind;
namespace use_flag = trace::use_flag;
namespace event_flag = trace::event_flag;

/// What every schedule and run has of its own: what chance leaves in fresh memory.
constexpr std::uint64_t kGarbage = 0x6761726261676521ULL;

struct Worker {
    Lane lane;
    int pool = -1; ///< -1 = main
    const std::vector<Instruction>* code = nullptr;
    std::size_t next = 0;
    int stage = 0; ///< of the instruction: 0 begins, 1 runs others, 2 ends
};

struct PoolRun {
    std::deque<const std::vector<Instruction>*> waiting;
    std::size_t running = 0;
    bool started = false;
};

class Machine {
public:
    Machine(const Program& program, Side side, std::uint64_t schedule, const Renaming& renaming,
            trace::Sink& sink)
        : m_program(program), m_side(side), m_schedule(schedule),
          m_garbage(mixed(schedule, kGarbage)), m_recording(sink, m_memory, threads(), renaming),
          m_pools(program.pools.size()) {
        for (const Foreign& foreign : program.foreign) {
            fetch(foreign);
        }
        for (int generator = 0; generator < program.generators; ++generator) {
            const std::uint64_t salt = plantedAt(Plant::Unseeded, generator) ? 1 : 0;
            m_seeds.push_back(mixed(static_cast<std::uint64_t>(generator), salt));
            m_states.push_back(mixed(m_seeds.back(), 7));
        }
        Worker main;
        main.lane.name = main.lane.pool = "main";
        main.code = &program.main;
        m_workers.push_back(std::move(main));
    }

    Execution run() {
        std::size_t current = 0;
        for (;;) {
            std::vector<std::size_t> ready;
            for (std::size_t w = 0; w < m_workers.size(); ++w) {
                if (isReady(m_workers[w])) {
                    ready.push_back(w);
                }
            }
            if (ready.empty()) {
                break;
            }
            const bool stays = std::find(ready.begin(), ready.end(), current) != ready.end();
            if (!stays || m_schedule.chance(40)) {
                current = ready[m_schedule.below(ready.size())];
            }
            advance(m_workers[current]);
        }
        m_recording.finish(
            fmt::format(R"({{"threads":{},"cpu_capability":"{}"}})", threads(),
                        hasPlant(Plant::Isa) && m_side == Side::B ? "DEFAULT" : "AVX2"));
        return std::move(m_execution);
    }

private:
    // Causes.

    bool hasPlant(Plant plant) const {
        return std::any_of(m_program.planted.begin(), m_program.planted.end(),
                           [&](const Planted& p) { return p.plant == plant; });
    }
    bool plantedAt(Plant plant, int at) const {
        return m_side == Side::B &&
               std::any_of(m_program.planted.begin(), m_program.planted.end(),
                           [&](const Planted& p) { return p.plant == plant && p.at == at; });
    }
    const Planted* kernelPlant(const Instruction& i) const {
        for (const Planted& p : m_program.planted) {
            const bool kernel = p.plant <= Plant::Isa;
            if (m_side == Side::B && kernel && p.at == i.id) {
                return &p;
            }
        }
        return nullptr;
    }
    int threads() const {
        return hasPlant(Plant::Threads) && m_side == Side::B ? m_program.threads * 2
                                                             : m_program.threads;
    }
    bool happens(const Instruction& i) const {
        return i.only == In::Both || (i.only == In::A) == (m_side == Side::A);
    }
    const std::vector<int>& readsOf(const Instruction& i) const {
        const bool alternative = !i.altIn.empty() && (i.altRun == In::A) == (m_side == Side::A);
        return alternative ? i.altIn : i.in;
    }
    const std::string& opOf(const Instruction& i) const {
        return m_side == Side::B && !i.opOfB.empty() ? i.opOfB : i.op;
    }
    std::int64_t argumentOf(const Instruction& i) const {
        const std::int64_t number =
            i.form != Form::Item && i.scalar >= 0 ? m_numbers.at(i.scalar) : 0;
        return i.argument + number + (plantedAt(Plant::Argument, i.id) ? 1000 + i.id : 0);
    }

    // Scheduling.

    bool isReady(const Worker& worker) const {
        if (worker.pool < 0) {
            if (worker.next == worker.code->size()) {
                return false;
            }
            const Instruction& i = (*worker.code)[worker.next];
            if (i.form != Form::Join) {
                return true;
            }
            const PoolRun& pool = m_pools.at(static_cast<std::size_t>(i.pool));
            return pool.waiting.empty() && pool.running == 0;
        }
        return worker.code != nullptr ||
               !m_pools.at(static_cast<std::size_t>(worker.pool)).waiting.empty();
    }

    void advance(Worker& worker) {
        if (worker.code == nullptr) {
            takeItem(worker);
        }
        if (worker.next < worker.code->size()) {
            const Instruction& i = (*worker.code)[worker.next];
            if (!happens(i)) {
                ++worker.next;
            } else {
                step(worker, i);
            }
        }
        if (worker.pool >= 0 && worker.next == worker.code->size()) {
            worker.code = nullptr;
            --m_pools.at(static_cast<std::size_t>(worker.pool)).running;
        }
    }

    void takeItem(Worker& worker) {
        PoolRun& pool = m_pools.at(static_cast<std::size_t>(worker.pool));
        const bool many = m_program.pools[static_cast<std::size_t>(worker.pool)].threads > 1;
        const std::size_t k =
            many ? m_schedule.below(std::min<std::size_t>(pool.waiting.size(), 3)) : 0;
        worker.code = pool.waiting[k];
        pool.waiting.erase(pool.waiting.begin() + static_cast<std::ptrdiff_t>(k));
        worker.next = 0;
        ++pool.running;
    }

    void spawn(int index) {
        const Pool& pool = m_program.pools.at(static_cast<std::size_t>(index));
        PoolRun& run = m_pools.at(static_cast<std::size_t>(index));
        for (const auto& item : pool.items) {
            run.waiting.push_back(&item);
        }
        const std::string name = fmt::format("main/worker{}", index);
        for (int k = 0; k < pool.threads; ++k) {
            Worker worker;
            worker.lane.name = fmt::format("{}#{}", name, k);
            worker.lane.pool = name;
            worker.pool = index;
            m_workers.push_back(std::move(worker));
        }
    }

    /// One piece of an instruction; other threads may come between two of them.
    void step(Worker& worker, const Instruction& i) {
        const bool isOp = i.form < Form::Watch;
        if (!isOp) {
            ++worker.next;
            mark(worker.lane, i);
            return;
        }
        const bool atOnce = i.generator >= 0; // the generator's mutex
        do {
            switch (worker.stage++) {
            case 0:
                begin(worker.lane, i);
                break;
            case 1:
                runNested(worker.lane, i);
                break;
            default:
                end(worker.lane, i);
                worker.stage = 0;
                ++worker.next;
            }
        } while (atOnce && worker.stage != 0);
    }

    // Memory.

    void fetch(const Foreign& foreign) {
        const View view = m_memory.allocate(foreign.size);
        m_tensors[foreign.tensor] = view;
        const bool other = plantedAt(Plant::Data, foreign.tensor);
        std::uint64_t k = mixed(static_cast<std::uint64_t>(foreign.tensor), other ? 1 : 0);
        for (Element& element : m_memory.at(view)) {
            element = {k = mixed(k, 0), {By::Outside, foreign.tensor}};
        }
    }

    View make(int tensor, int size, int by) {
        const View view = m_memory.allocate(size);
        m_tensors[tensor] = view;
        std::uint64_t k = mixed(m_garbage, static_cast<std::uint64_t>(tensor));
        for (Element& element : m_memory.at(view)) {
            element = {k = mixed(k, 0), {By::Nobody, by}};
        }
        return view;
    }

    int sizeOf(const Instruction& i) const {
        return i.count > 0 ? i.count : m_tensors.at(readsOf(i).at(0)).count;
    }

    void write(const View& view, const std::vector<std::uint64_t>& contents, int by) {
        auto elements = m_memory.at(view);
        for (std::size_t k = 0; k < elements.size(); ++k) {
            elements[k] = {contents[k], {By::Op, by}};
        }
    }

    // What ops compute.

    std::uint64_t baseOf(const Instruction& i) const {
        std::uint64_t base = mixed(static_cast<std::uint64_t>(argumentOf(i)), 3);
        for (const char c : opOf(i)) {
            base = mixed(base, static_cast<std::uint64_t>(c));
        }
        return base;
    }

    std::vector<std::uint64_t> result(const Instruction& i, const std::vector<int>& reads,
                                      std::size_t size, std::uint64_t salt) {
        std::uint64_t base = mixed(baseOf(i), salt);
        std::vector<std::uint64_t> out(size, base);
        const bool whole = i.form == Form::Mix || i.form == Form::Pair;
        for (const int tensor : reads) {
            const auto elements = m_memory.at(m_tensors.at(tensor));
            for (std::size_t k = 0; k < (whole ? elements.size() : size); ++k) {
                const std::uint64_t read = elements[k % elements.size()].contents;
                whole ? base = mixed(base, read) : out[k] = mixed(out[k], read);
            }
        }
        for (std::size_t k = 0; whole && k < size; ++k) {
            out[k] = mixed(base, k);
        }
        return out;
    }

    std::vector<std::uint64_t> compute(const Instruction& i, const View& target, std::size_t nth) {
        const auto size = static_cast<std::size_t>(target.count);
        const std::vector<int>& reads = readsOf(i);
        std::vector<std::uint64_t> out;
        switch (i.form) {
        case Form::Heal:
        case Form::Full:
        case Form::Fill:
            out = result(i, {}, size, 0);
            break;
        case Form::Draw:
            out = result(i, {}, size, m_drawn);
            break;
        case Form::Copying:
            for (const Element& element : m_memory.at(m_tensors.at(reads[0]))) {
                out.push_back(element.contents);
            }
            break;
        case Form::Copy:
            for (std::size_t k = 0; k < size; ++k) {
                const auto from = m_memory.at(m_tensors.at(reads[1]));
                out.push_back(from[k % from.size()].contents);
            }
            break;
        case Form::Out:
            out = result(i, {reads.begin() + 1, reads.end()}, size, 0);
            break;
        case Form::Foreach:
            out = result(i, {reads[nth]}, size, 0);
            break;
        case Form::Norm:
            out = nth == 0 ? result(i, {reads[0]}, size, 0)
                           : result(i, {reads[1], reads[0]}, size, 1);
            break;
        default:
            out = result(i, reads, size, nth);
        }
        const Planted* plant = kernelPlant(i);
        if (plant != nullptr && plant->second == (nth > 0) && !out.empty()) {
            std::uint64_t& hit = out[static_cast<std::size_t>(i.id) % out.size()];
            hit = mixed(hit, 99);
        }
        return out;
    }

    /// What the instruction writes, in the order of compute()'s `nth`.
    std::vector<View> targetsOf(const Instruction& i) {
        const std::vector<int>& reads = readsOf(i);
        switch (i.form) {
        case Form::InPlace:
        case Form::Fill:
        case Form::Copy:
        case Form::Out:
            return {m_tensors.at(reads[0])};
        case Form::Foreach: {
            std::vector<View> all;
            for (const int tensor : reads) {
                all.push_back(m_tensors.at(tensor));
            }
            return all;
        }
        case Form::Norm:
            return {m_tensors.at(i.out[0]), m_tensors.at(reads[1])};
        case Form::Draw:
            return {m_tensors.at(i.out.empty() ? reads[0] : i.out[0])};
        case Form::View:
        case Form::Item:
            return {};
        default: {
            std::vector<View> all;
            for (const int tensor : i.out) {
                all.push_back(m_tensors.at(tensor));
            }
            return all;
        }
        }
    }

    void runKernel(const Instruction& i) {
        if (i.form == Form::Alloc) {
            return;
        }
        // All of it before any of it is written: outputs may be inputs.
        const std::vector<View> targets = targetsOf(i);
        std::vector<std::vector<std::uint64_t>> results;
        for (std::size_t nth = 0; nth < targets.size(); ++nth) {
            results.push_back(compute(i, targets[nth], nth));
        }
        for (std::size_t nth = 0; nth < targets.size(); ++nth) {
            write(targets[nth], results[nth], i.id);
        }
        if (i.form == Form::Item) {
            m_numbers[i.scalar] = static_cast<std::int64_t>(
                m_memory.at(m_tensors.at(readsOf(i)[0]))[0].contents >> 2U);
        }
    }

    void drawFrom(Lane& lane, const Instruction& i) {
        const auto g = static_cast<std::size_t>(i.generator);
        const std::uint64_t before = m_states[g];
        m_drawn = mixed(before, 5);
        m_states[g] = mixed(before, plantedAt(Plant::DrawTwice, i.id) ? 13 : 11);
        m_recording.draw(lane, i.generator, before, m_states[g]);
        m_execution.draws[i.generator].push_back({i.id, before, m_states[g], lane.name});
    }

    // What the recorder sees.

    void remember(const Instruction& i, Direction direction, int slot, int item, bool argument,
                  const View& view) {
        const auto elements = m_memory.at(view);
        m_execution.done[i.id].slots.push_back(
            {direction, slot, item, argument, view, {elements.begin(), elements.end()}});
    }

    void input(Lane& lane, const Instruction& i, int slot, int tensor) {
        m_recording.use(lane, Direction::In, slot, 0, 0, m_tensors.at(tensor), Hashing::Fresh);
        remember(i, Direction::In, slot, 0, false, m_tensors.at(tensor));
    }

    /// `extra`: flags beside Written.
    void before(Lane& lane, const Instruction& i, int slot, int item, int tensor,
                std::uint8_t extra = 0) {
        m_recording.use(lane, Direction::Before, slot, item,
                        static_cast<std::uint8_t>(use_flag::Written | extra), m_tensors.at(tensor),
                        Hashing::Fresh);
        if ((extra & use_flag::Meaningless) == 0) {
            remember(i, Direction::Before, slot, item, false, m_tensors.at(tensor));
        }
    }

    void output(Lane& lane, const Instruction& i, int slot, int item, const View& view,
                std::uint8_t flags = 0) {
        const bool alone = i.nested != Nested::Kernel || !opOf(i).starts_with("aten::");
        m_recording.use(lane, Direction::Out, slot, item, flags, view,
                        alone ? Hashing::Fresh : Hashing::CachedOrFresh,
                        alone ? 0 : lane.open.back().begin);
        remember(i, Direction::Out, slot, item, (flags & use_flag::Written) != 0, view);
    }

    void begin(Lane& lane, const Instruction& i) {
        OpCall call;
        call.op = opOf(i);
        const bool inner = i.nested == Nested::Kernel;
        call.eventFlags = (i.alerted && !inner ? event_flag::Alerted : 0U) |
                          (i.asked && !inner ? event_flag::Asked : 0U);
        const bool deferred = i.form == Form::View || i.form == Form::Copying;
        call.opFlags = deferred ? trace::op_flag::View : 0U;
        if (i.form == Form::Draw) {
            call.opFlags |= trace::op_flag::Draws;
            call.eventFlags |= event_flag::CanDraw;
            m_recording.probe(i.generator, m_seeds.at(static_cast<std::size_t>(i.generator)));
        }
        call.contextFlags = plantedAt(Plant::Flags, i.id) ? trace::context_flag::Mkldnn : 0U;
        const std::vector<int>& reads = readsOf(i);
        call.tensors = i.form == Form::Foreach ? 1 : reads.size();
        call.argument = argumentOf(i);
        const Open& open = m_recording.beginOp(lane, call);
        m_execution.done[i.id] = {open.id,
                                  {},
                                  call.op,
                                  call.argument,
                                  m_recording.layerOf(open),
                                  m_recording.step(),
                                  open.phase == trace::Phase::Backward};
        for (std::size_t k = 0; k < reads.size() && !deferred; ++k) {
            beginInput(lane, i, k, reads[k]);
        }
    }

    void beginInput(Lane& lane, const Instruction& i, std::size_t k, int tensor) {
        const int slot = static_cast<int>(k);
        const auto last = static_cast<int>(readsOf(i).size()) - 1;
        switch (i.form) {
        case Form::InPlace:
            return k == 0 ? before(lane, i, 0, 0, tensor) : input(lane, i, slot, tensor);
        case Form::Fill:
        case Form::Draw:
            return before(lane, i, 0, 0, tensor, use_flag::Meaningless);
        case Form::Copy:
            return k == 0 ? before(lane, i, 0, 0, tensor, use_flag::Meaningless)
                          : input(lane, i, slot, tensor);
        case Form::Out: // the argument that is written comes last
            return k == 0 ? before(lane, i, last, 0, tensor, use_flag::Meaningless)
                          : input(lane, i, slot - 1, tensor);
        case Form::Foreach:
            return before(lane, i, 0, slot, tensor);
        case Form::Norm:
            return k == 0 ? input(lane, i, 0, tensor)
                          : before(lane, i, 3, 0, tensor, use_flag::Unannotated);
        default:
            return input(lane, i, slot, tensor);
        }
    }

    void allocateOutputs(const Instruction& i) {
        if (i.form == Form::View) {
            View view = m_tensors.at(readsOf(i)[0]);
            view.first += i.first;
            view.count = i.count;
            m_tensors[i.out[0]] = view;
            return;
        }
        for (const int tensor : i.out) {
            make(tensor, sizeOf(i), i.id);
        }
    }

    void runNested(Lane& lane, const Instruction& i) {
        allocateOutputs(i);
        if (i.nested == Nested::OwnRows) {
            runOwnRow(lane, i);
        } else if (i.nested == Nested::AllocAndWrite && !i.out.empty()) {
            m_recording.beginOp(lane, {"aten::empty"});
            m_memory.allocated(m_tensors.at(i.out[0]));
            m_recording.use(lane, Direction::Out, 0, 0, use_flag::Meaningless,
                            m_tensors.at(i.out[0]), Hashing::None);
            m_recording.end(lane);
        } else if (i.nested == Nested::Kernel) {
            runInner(lane, i);
            return;
        }
        work(lane, i);
    }

    void work(Lane& lane, const Instruction& i) {
        if (i.form == Form::Draw) {
            drawFrom(lane, i);
        }
        runKernel(i);
    }

    /// The op that does the work, inside the one that was called.
    void runInner(Lane& lane, const Instruction& i) {
        OpCall call;
        call.op = opOf(i) + "_impl";
        call.tensors = readsOf(i).size();
        call.eventFlags =
            (i.alerted ? event_flag::Alerted : 0U) | (i.asked ? event_flag::Asked : 0U);
        if (i.form == Form::Draw) {
            call.opFlags = trace::op_flag::Draws;
            call.eventFlags |= event_flag::CanDraw;
        }
        m_recording.beginOp(lane, call);
        const bool writes = i.out.empty();
        int slot = 0;
        for (const int tensor : readsOf(i)) {
            const bool target = writes && slot == 0;
            m_recording.use(lane, target ? Direction::Before : Direction::In, slot++, 0,
                            target ? use_flag::Written : std::uint8_t{0}, m_tensors.at(tensor),
                            Hashing::CachedOnly);
        }
        work(lane, i);
        slot = 0;
        for (const View& view : targetsOf(i)) {
            writes ? m_memory.written(view) : m_memory.produced(view);
            m_recording.use(lane, Direction::Out, slot++, 0, 0, view, Hashing::CachedOrFresh);
        }
        m_recording.end(lane);
    }

    /// An op that is not ATen's is transparent: what it calls are rows.
    void runOwnRow(Lane& lane, const Instruction& i) {
        Instruction row;
        row.id = -i.id;
        row.op = "aten::neg";
        row.in = {readsOf(i)[0]};
        row.out = {-i.id};
        begin(lane, row);
        allocateOutputs(row);
        runKernel(row);
        end(lane, row);
    }

    void end(Lane& lane, const Instruction& i) {
        const std::vector<int>& reads = readsOf(i);
        const std::vector<View> targets = targetsOf(i);
        if (i.form == Form::View) {
            m_recording.use(lane, Direction::In, 0, 0, 0, m_tensors.at(reads[0]),
                            Hashing::CachedOnly);
            m_recording.use(lane, Direction::Out, 0, 0, 0, m_tensors.at(i.out[0]),
                            Hashing::CachedOnly);
        } else if (i.form == Form::Copying) {
            lane.open.back().flags |= event_flag::Verified;
            input(lane, i, 0, reads[0]);
        } else if (i.form == Form::Alloc) {
            m_memory.allocated(targets[0]);
            m_recording.use(lane, Direction::Out, 0, 0, use_flag::Meaningless, targets[0],
                            Hashing::Fresh);
        }
        endOutputs(lane, i, targets);
        m_recording.end(lane);
    }

    void endOutputs(Lane& lane, const Instruction& i, const std::vector<View>& targets) {
        constexpr auto kUnannotated =
            static_cast<std::uint8_t>(use_flag::Written | use_flag::Unannotated);
        if (i.form == Form::Alloc) {
            return;
        }
        const bool writes = i.out.empty();
        for (std::size_t k = 0; k < targets.size(); ++k) {
            writes || (i.form == Form::Norm && k == 1) ? m_memory.written(targets[k])
                                                       : m_memory.produced(targets[k]);
        }
        for (std::size_t k = 0; k < targets.size(); ++k) {
            const int n = static_cast<int>(k);
            if (i.form == Form::Foreach) {
                output(lane, i, 0, n, targets[k], use_flag::Written);
            } else if (i.form == Form::Norm && k == 1) {
                output(lane, i, 3, 0, targets[k], kUnannotated);
            } else {
                output(lane, i, n, 0, targets[k]);
            }
        }
    }

    void mark(Lane& lane, const Instruction& i) {
        switch (i.form) {
        case Form::Watch:
        case Form::Gradient:
            m_execution.done[i.id].event =
                m_recording
                    .beginMark(lane, i.form == Form::Watch ? EventKind::Watch : EventKind::Gradient,
                               "")
                    .id;
            m_recording.use(lane, Direction::In, 0, 0, 0, m_tensors.at(i.in[0]),
                            i.form == Form::Watch ? Hashing::Fresh : Hashing::CachedOrFresh);
            remember(i, Direction::In, 0, 0, false, m_tensors.at(i.in[0]));
            return m_recording.end(lane);
        case Form::LayerBegin:
            m_execution.done[i.id].event = m_recording.beginMark(lane, EventKind::Layer, i.op).id;
            for (const int tensor : i.in) {
                remember(i, Direction::In, 0, 0, false, m_tensors.at(tensor));
                m_recording.use(lane, Direction::In, 0, 0, 0, m_tensors.at(tensor),
                                Hashing::CachedOrFresh);
            }
            return;
        case Form::NodeBegin:
            m_recording.beginMark(lane, EventKind::Node, i.op);
            return;
        case Form::LayerEnd:
        case Form::NodeEnd:
            return m_recording.end(lane);
        case Form::OptimizerStep:
            m_recording.beginMark(lane, EventKind::OptimizerStep, "");
            m_recording.end(lane);
            return m_recording.stepEnds();
        case Form::RawWrite:
            for (Element& element : m_memory.at(m_tensors.at(i.in[0]))) {
                const Author& author = element.author;
                const bool again = author.by == By::Raw;
                element = {mixed(element.contents, static_cast<std::uint64_t>(i.argument)),
                           {By::Raw, i.id, again ? author.over : author.by,
                            again ? author.overId : author.id}};
            }
            return;
        case Form::Reseed:
            m_seeds.at(static_cast<std::size_t>(i.generator)) =
                static_cast<std::uint64_t>(i.argument);
            m_states.at(static_cast<std::size_t>(i.generator)) =
                mixed(static_cast<std::uint64_t>(i.argument), 7);
            return;
        case Form::Spawn:
            return spawn(i.pool);
        default:
            return;
        }
    }

    const Program& m_program;
    Side m_side;
    Random m_schedule;
    std::uint64_t m_garbage;
    Memory m_memory;
    Recording m_recording;
    std::vector<PoolRun> m_pools;
    std::deque<Worker> m_workers; ///< whose references stay
    std::map<int, View> m_tensors;
    std::map<int, std::int64_t> m_numbers;
    std::vector<std::uint64_t> m_seeds, m_states;
    std::uint64_t m_drawn = 0;
    Execution m_execution;
};

} // namespace

Execution execute(const Program& program, Side side, std::uint64_t schedule,
                  const Renaming& renaming, trace::Sink& sink) {
    return Machine(program, side, schedule, renaming, sink).run();
}

} // namespace repro::property
