// SPDX-License-Identifier: BSD-3-Clause
#include "tests/property/property.h"

#include "replay/diff.h"
#include "tests/property/machine.h"
#include "tests/property/oracle.h"
#include "tests/support/memory_trace.h"

#include <algorithm>
#include <cctype>
#include <exception>
#include <functional>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

namespace repro::property {
namespace {

struct Run {
    Execution execution;
    trace::Reader reader;
};

Run runOnce(const Program& program, Side side, std::uint64_t schedule, const Renaming& renaming) {
    trace::MemoryTrace memory;
    Execution execution = execute(program, side, schedule, renaming, memory);
    return {std::move(execution), memory.read(side == Side::A ? "a.h5" : "b.h5")};
}

std::string compare(const Program& program, const Run& a, const Run& b) {
    return judge(expect(program, a.execution, b.execution), a.execution, b.execution,
                 replay::diff(a.reader, b.reader));
}

using Places = std::vector<std::pair<std::optional<trace::EventId>, std::optional<trace::EventId>>>;

Places placesOf(const replay::DiffResult& result) {
    Places places;
    for (const replay::Origin& origin : result.origins) {
        places.emplace_back(origin.first.eventA, origin.first.eventB);
    }
    return places;
}

/// The same runs with other names: ops of both, layers of B alone.
std::string compareRenamed(const Program& program, std::uint64_t schedule, const Places& places) {
    const Run a = runOnce(program, Side::A, schedule, {.ops = true});
    const Run b = runOnce(program, Side::B, schedule + 1, {.ops = true, .layers = true});
    // Of an op with another name the table knows nothing.
    for (const Planted& planted : program.planted) {
        if (planted.plant == Plant::Race) {
            return {};
        }
    }
    const bool same = placesOf(replay::diff(a.reader, b.reader)) == places;
    return same ? "" : "renamed: other origins";
}

std::string tryCheck(const Program& program) {
    const std::uint64_t schedule = mixed(program.seed, 1);
    const Run a = runOnce(program, Side::A, schedule, {});
    const Run b = runOnce(program, Side::B, schedule + 1, {});
    const replay::DiffResult result = replay::diff(a.reader, b.reader);
    std::string wrong =
        judge(expect(program, a.execution, b.execution), a.execution, b.execution, result);
    if (wrong.empty()) {
        wrong = compareRenamed(program, schedule, placesOf(result));
    }
    if (wrong.empty()) {
        wrong = compare(program, b, a);
        wrong = wrong.empty() ? wrong : "swapped " + wrong;
    }
    if (wrong.empty()) {
        // Nothing is planted in run A: another schedule of it is the same.
        wrong = compare(program, a, runOnce(program, Side::A, schedule + 2, {}));
        wrong = wrong.empty() ? wrong : "clean " + wrong;
    }
    return wrong;
}

} // namespace

std::string check(const Program& program) {
    try {
        return tryCheck(program);
    } catch (const std::exception& error) {
        return std::string("exception: ") + error.what();
    }
}

std::string kindOf(const std::string& wrong) {
    std::string kind;
    const auto numbers = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
    std::remove_copy_if(wrong.begin(), wrong.end(), std::back_inserter(kind), numbers);
    // What, and of which class; not at which op.
    for (std::size_t at = kind.find(" at "); at != std::string::npos; at = kind.find(" at ")) {
        const std::size_t next = std::min(kind.find(" instead of ", at), kind.size());
        kind.erase(at, next - at);
    }
    return kind;
}

namespace {

/// Tries `without`, and keeps it where the failure stays.
class Shrinker {
public:
    explicit Shrinker(const Program& program) : m_best(program), m_kind(kindOf(check(program))) {}

    Program run() {
        bool smaller = true;
        while (smaller) {
            smaller = dropPlants();
            smaller = dropPools() || smaller;
            smaller = dropInstructions() || smaller;
        }
        return m_best;
    }

private:
    bool attempt(Program program) {
        prune(program);
        if (kindOf(check(program)) != m_kind) {
            return false;
        }
        m_best = std::move(program);
        return true;
    }

    bool dropPlants() {
        bool any = false;
        for (std::size_t k = m_best.planted.size(); k-- > 0;) {
            Program program = m_best;
            program.planted.erase(program.planted.begin() + static_cast<std::ptrdiff_t>(k));
            any = attempt(std::move(program)) || any;
        }
        return any;
    }

    bool dropPools() {
        bool any = false;
        for (int pool = 0; pool < static_cast<int>(m_best.pools.size()); ++pool) {
            Program program = m_best;
            const auto gone = [&](const Instruction& i) { return i.pool == pool; };
            if (std::erase_if(program.main, gone) > 0) {
                any = attempt(std::move(program)) || any;
            }
            for (std::size_t item = m_best.pools[static_cast<std::size_t>(pool)].items.size();
                 item-- > 0;) {
                Program less = m_best;
                auto& items = less.pools[static_cast<std::size_t>(pool)].items;
                items.erase(items.begin() + static_cast<std::ptrdiff_t>(item));
                any = attempt(std::move(less)) || any;
            }
        }
        return any;
    }

    static void erase(Program& program, const std::function<bool(const Instruction&)>& gone) {
        std::erase_if(program.main, gone);
        for (Pool& pool : program.pools) {
            for (auto& item : pool.items) {
                std::erase_if(item, gone);
            }
        }
    }

    bool dropInstructions() {
        std::vector<int> ids;
        forEachInstruction(m_best, [&](const Instruction& i) {
            if (i.pool < 0) {
                ids.push_back(i.id);
            }
        });
        bool any = false;
        for (std::size_t piece = std::max<std::size_t>(ids.size() / 2, 1); piece > 0; piece /= 2) {
            for (std::size_t end = ids.size(); end > 0; end -= std::min(end, piece)) {
                const std::size_t first = end - std::min(end, piece);
                const auto from = ids.begin() + static_cast<std::ptrdiff_t>(first);
                const auto to = ids.begin() + static_cast<std::ptrdiff_t>(end);
                Program program = m_best;
                const auto gone = [&](const Instruction& i) {
                    return std::find(from, to, i.id) != to;
                };
                std::size_t before = 0;
                forEachInstruction(program,
                                   [&](const Instruction& i) { before += gone(i) ? 1 : 0; });
                if (before == 0) {
                    continue;
                }
                erase(program, gone);
                any = attempt(std::move(program)) || any;
            }
        }
        return any;
    }

    Program m_best;
    std::string m_kind;
};

} // namespace

Program shrink(const Program& program) {
    return Shrinker(program).run();
}

} // namespace repro::property
