// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "tests/property/memory.h"
#include "tests/property/program.h"
#include "trace/sink.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

/// An abstract machine that runs a program under a schedule, and tells a sink what the recorder
/// would. Contents are hashes of what they are computed from, so that equal means equal.
namespace repro::property {

enum class Side : std::uint8_t { A, B };

/// A tensor in a slot of an instruction, with what it held.
struct Slot {
    trace::Direction direction = trace::Direction::In;
    int slot = 0;
    int item = 0;
    bool isArgument = false; ///< an output that is a written argument
    View view;
    std::vector<Element> elements;
};

/// What an instruction did that the recorder shows as a row.
struct Done {
    trace::EventId event = trace::kNone64;
    std::vector<Slot> slots; ///< those with a meaning
    std::string op;
    std::int64_t argument = 0;
    std::string layer;
    std::size_t step = 0;
    trace::Phase phase = trace::Phase::Other;
    std::string parameter;
};

struct DrawDone {
    int instruction = 0;
    std::uint64_t before = 0;
    std::uint64_t after = 0;
    std::string thread;
};

/// One run, as it was: by instruction, and by generator.
struct Execution {
    std::map<int, Done> done;
    std::map<int, std::vector<DrawDone>> draws;
    std::vector<Survivor> last;
};

struct Renaming {
    bool ops = false;
    bool layers = false;
};

/// Requires: a pruned program. `schedule` seeds the order of the threads' work.
Execution execute(const Program& program, Side side, std::uint64_t schedule,
                  const Renaming& renaming, trace::Sink& sink);

} // namespace repro::property
