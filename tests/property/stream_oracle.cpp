// SPDX-License-Identifier: BSD-3-Clause
#include "tests/property/stream_oracle.h"

#include <algorithm>
#include <utility>

namespace repro::property {

using replay::CauseClass;
using trace::Direction;

bool isInput(const Slot& slot) {
    return slot.direction != Direction::Out;
}

bool isWrittenBy(const Slot& slot, int instruction) {
    return std::any_of(slot.elements.begin(), slot.elements.end(), [&](const Element& e) {
        const bool under = e.author.by == By::Raw && e.author.over == By::Op;
        return (e.author.by == By::Op && e.author.id == instruction) ||
               (under && e.author.overId == instruction);
    });
}

const Planted* plantedAt(const Program& program, int id) {
    for (const Planted& p : program.planted) {
        const bool elsewhere = p.plant == Plant::Data || p.plant == Plant::Unseeded;
        if (!elsewhere && p.at == id) {
            return &p;
        }
    }
    return nullptr;
}

namespace {

class StreamOracle {
public:
    StreamOracle(const Program& program, const Execution& a, const Execution& b,
                 const std::set<int>& alone, bool certain)
        : m_program(program), m_a(a), m_b(b), m_alone(alone), m_certain(certain) {}

    std::vector<Expectation> run() {
        for (int generator = 0; generator < m_program.generators; ++generator) {
            judgeStream(generator);
        }
        return std::move(m_expected);
    }

private:
    void judgeStream(int generator) {
        const auto of = [&](const Execution& run) {
            const auto found = run.draws.find(generator);
            return found == run.draws.end() ? std::vector<DrawDone>{} : found->second;
        };
        const std::vector<DrawDone> a = of(m_a);
        const std::vector<DrawDone> b = of(m_b);
        std::size_t k = 0;
        while (k < a.size() && k < b.size() && a[k].instruction == b[k].instruction &&
               a[k].before == b[k].before && a[k].after == b[k].after) {
            ++k;
        }
        if (k == a.size() && k == b.size()) {
            return;
        }
        judgeParting(a, b, k);
        later(a, b, k);
    }

    void judgeParting(const std::vector<DrawDone>& a, const std::vector<DrawDone>& b,
                      std::size_t k) {
        const int inA = k < a.size() ? a[k].instruction : 0;
        const int inB = k < b.size() ? b[k].instruction : 0;
        if (inA == inB) {
            std::set<CauseClass> classes = {a[k].before != b[k].before ? CauseClass::Unseeded
                                                                       : CauseClass::ExtraDraw};
            if (!isOfOneThread(a) || !isOfOneThread(b)) {
                classes.insert(CauseClass::RngRace); // which would have had to come next is chance
            }
            return add(classes, {inA}, m_certain);
        }
        const bool alone = m_alone.contains(inA) || m_alone.contains(inB);
        if (alone && !isNoticed(a, b, k)) {
            return;
        }
        if (k == 0 && !a.empty() && !b.empty() && a[0].before != b[0].before) {
            return add({CauseClass::Unseeded, CauseClass::ExtraDraw, CauseClass::RngRace},
                       {inA, inB}, m_certain);
        }
        if (!alone) {
            std::set<CauseClass> classes = {CauseClass::RngRace};
            if (plantedAt(m_program, inA) != nullptr || plantedAt(m_program, inB) != nullptr) {
                classes.insert(CauseClass::ExtraDraw); // which of the two came first is not told
            }
            std::set<int> places = {inA, inB};
            // Draws that look alike: which is whose is not seen, and the next may be the first to
            // differ.
            for (std::size_t n = k; n < std::min(a.size(), b.size()) && lookAlike(a[n], b[n]);
                 ++n) {
                for (const auto* draws : {&a, &b}) {
                    if (n + 1 < draws->size()) {
                        places.insert((*draws)[n + 1].instruction);
                    }
                }
            }
            if (isOfOneThread(a) && isOfOneThread(b)) {
                // A thread that does nothing is not recorded. So this is one thread that took its
                // work in another order, which the program may have chosen; and the numbers that it
                // drew are equal, so that the first to differ is who reads them.
                classes.insert(CauseClass::Unknown);
                places.merge(readersOf(a));
            }
            return add(classes, places, m_certain);
        }
        add({CauseClass::ExtraDraw}, {m_alone.contains(inA) ? inA : inB}, m_certain);
    }

    [[nodiscard]] bool lookAlike(const DrawDone& inA, const DrawDone& inB) const {
        const Done& a = m_a.done.at(inA.instruction);
        const Done& b = m_b.done.at(inB.instruction);
        return a.op == b.op && a.argument == b.argument && inA.before == inB.before;
    }

    std::set<int> readersOf(const std::vector<DrawDone>& draws) const {
        std::set<int> readers;
        for (const auto& [id, done] : m_a.done) {
            for (const Slot& slot : done.slots) {
                const bool reads = std::any_of(draws.begin(), draws.end(), [&](const DrawDone& d) {
                    return isInput(slot) && isWrittenBy(slot, d.instruction);
                });
                if (reads) {
                    readers.insert(id);
                }
            }
        }
        return readers;
    }

    static bool isOfOneThread(const std::vector<DrawDone>& draws) {
        return std::all_of(draws.begin(), draws.end(), [&](const DrawDone& draw) {
            return draw.thread == draws.front().thread;
        });
    }

    /// Does the next op of both runs draw from states that differ? A new seed heals the stream.
    static bool isNoticed(const std::vector<DrawDone>& a, const std::vector<DrawDone>& b,
                          std::size_t k) {
        for (std::size_t i = k; i < a.size(); ++i) {
            const auto other =
                std::find_if(b.begin() + static_cast<std::ptrdiff_t>(k), b.end(),
                             [&](const DrawDone& y) { return a[i].instruction == y.instruction; });
            if (other != b.end()) {
                return a[i].before != other->before;
            }
        }
        return false;
    }

    /// Whatever else happens to a stream that has parted cannot be told for sure.
    void later(const std::vector<DrawDone>& a, const std::vector<DrawDone>& b, std::size_t k) {
        std::set<int> all;
        for (const auto* stream : {&a, &b}) {
            for (std::size_t n = k; n < stream->size(); ++n) {
                all.insert((*stream)[n].instruction);
            }
        }
        if (m_program.planted.size() + m_alone.size() > 1) {
            for (const int id : all) {
                const bool cause = m_alone.contains(id) || plantedAt(m_program, id) != nullptr;
                if (cause) {
                    add({CauseClass::ExtraDraw, CauseClass::Structure}, {id}, false);
                }
            }
        }
    }

    void add(std::set<CauseClass> classes, std::set<int> instructions, bool required) {
        m_expected.push_back({std::move(classes), std::move(instructions), required});
    }

    const Program& m_program;
    const Execution& m_a;
    const Execution& m_b;
    const std::set<int>& m_alone;
    bool m_certain;
    std::vector<Expectation> m_expected;
};

} // namespace

std::vector<Expectation> expectStreams(const Program& program, const Execution& a,
                                       const Execution& b, const std::set<int>& alone,
                                       bool certain) {
    return StreamOracle(program, a, b, alone, certain).run();
}

} // namespace repro::property
