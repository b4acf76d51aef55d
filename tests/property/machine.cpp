// SPDX-License-Identifier: BSD-3-Clause
#include "tests/property/machine.h"

#include "tests/property/calls.h"
#include "tests/property/compute.h"
#include "tests/property/recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

namespace repro::property {
namespace {

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
};

class Machine {
public:
    Machine(const Program& program, Side side, std::uint64_t schedule, const Renaming& renaming,
            trace::Sink& sink)
        : m_program(program), m_side(side), m_schedule(schedule),
          m_computer(program, side, schedule),
          m_recording(sink, m_computer.memory(), m_computer.threads(), renaming),
          m_calls(m_computer, m_recording, m_execution), m_pools(program.pools.size()) {
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
            fmt::format(R"({{"threads":{},"cpu_capability":"{}"}})", m_computer.threads(),
                        m_computer.hasPlant(Plant::Isa) && m_side == Side::B ? "DEFAULT" : "AVX2"));
        m_execution.last = m_computer.memory().survivors();
        return std::move(m_execution);
    }

private:
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
            if (!m_computer.happens(i)) {
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
            i.form == Form::Spawn ? spawn(i.pool) : m_calls.mark(worker.lane, i);
            return;
        }
        const bool atOnce = i.generator >= 0; // the generator's mutex
        do {
            switch (worker.stage++) {
            case 0:
                m_calls.begin(worker.lane, i);
                break;
            case 1:
                m_calls.runNested(worker.lane, i);
                break;
            default:
                m_calls.end(worker.lane, i);
                worker.stage = 0;
                ++worker.next;
            }
        } while (atOnce && worker.stage != 0);
    }

    const Program& m_program;
    Side m_side;
    Random m_schedule;
    Computer m_computer;
    Recording m_recording;
    Execution m_execution;
    Calls m_calls;
    std::vector<PoolRun> m_pools;
    std::deque<Worker> m_workers; ///< whose references stay
};

} // namespace

Execution execute(const Program& program, Side side, std::uint64_t schedule,
                  const Renaming& renaming, trace::Sink& sink) {
    return Machine(program, side, schedule, renaming, sink).run();
}

} // namespace repro::property
