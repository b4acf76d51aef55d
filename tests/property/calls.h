// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "tests/property/compute.h"
#include "tests/property/machine.h"
#include "tests/property/recording.h"

#include <cstdint>
#include <vector>

namespace repro::property {

/// Runs instructions as the recorder sees them, piece by piece, and keeps what they really did.
class Calls {
public:
    Calls(Computer& computer, Recording& recording, Execution& execution)
        : m_computer(computer), m_recording(recording), m_execution(execution) {}

    // An op: other threads may come between its pieces.
    void begin(Lane& lane, const Instruction& i);
    void runNested(Lane& lane, const Instruction& i);
    void end(Lane& lane, const Instruction& i);

    /// What is no op, but for Spawn and Join.
    void mark(Lane& lane, const Instruction& i);

private:
    void remember(const Instruction& i, trace::Direction direction, int slot, int item,
                  bool argument, const View& view);
    void input(Lane& lane, const Instruction& i, int slot, int tensor);
    void before(Lane& lane, const Instruction& i, int slot, int item, int tensor,
                std::uint8_t extra = 0);
    void output(Lane& lane, const Instruction& i, int slot, int item, const View& view,
                std::uint8_t flags = 0);
    void beginInput(Lane& lane, const Instruction& i, std::size_t k, int tensor);
    void work(Lane& lane, const Instruction& i);
    void runInner(Lane& lane, const Instruction& i);
    void runOwnRow(Lane& lane, const Instruction& i);
    void endOutputs(Lane& lane, const Instruction& i, const std::vector<View>& targets);

    Computer& m_computer;
    Recording& m_recording;
    Execution& m_execution;
};

} // namespace repro::property
