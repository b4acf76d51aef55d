// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/flags.h"
#include "recorder/host/thread_state.h"

#include <ATen/record_function.h>

#include <string>
#include <vector>

namespace repro::host {

/// What is known of an op beforehand: from its schema, and rules.h.
struct OpInfo {
    struct Argument {
        bool written = false;     ///< by the schema or by rule
        bool unannotated = false; ///< by rule only
        bool workspace = false;   ///< scratch memory of the op that made it
        bool meaningless = false; ///< no byte of it is read
    };
    std::uint32_t id = 0;
    std::uint32_t flags = 0; ///< trace::op_flag
    std::string name;
    std::vector<Argument> arguments;
    std::size_t returns = 0;
    bool writes = false;    ///< any argument
    bool allocates = false; ///< see rules.h
    bool asksIdly = false;
    bool asynchronous = false; ///< what it writes is not there yet when it returns
    bool composite = false;    ///< only calls other ops: what it returns is what they made
    bool kernel = false;       ///< of a backend: may write past the ops that it calls
    bool replaces = false;     ///< gives its first argument another storage
    bool handsOver = false;    ///< argument 0 is about to get the storage of argument 1
    bool normalises = false;   ///< ends the forward of BatchNorm and InstanceNorm
    bool captured = false;     ///< the policy wants its tensors' bytes
    bool callsProgram = false; ///< a backward node that runs functions of the program

    [[nodiscard]] bool aten() const { return (flags & trace::op_flag::Aten) != 0; }
    [[nodiscard]] bool draws() const { return (flags & trace::op_flag::Draws) != 0; }
    [[nodiscard]] bool view() const { return (flags & trace::op_flag::View) != 0; }
};

/// The op (or string-named event) of `fn`; interned, sent when it is new. Lives for ever.
const OpInfo& opOf(ThreadState& state, const at::RecordFunction& fn);

} // namespace repro::host
