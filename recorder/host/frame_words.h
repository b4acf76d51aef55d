// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/stack/walker.h"
#include "recorder/wire/protocol.h"

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace repro::host {

/// A word of a frame of a stack: whatever the values, it is at the same place whenever the program
/// is at the same calls.
struct WordPlace {
    std::uint32_t frame = 0;  ///< whose register or slot it is
    std::uint32_t keptIn = 0; ///< frame in whose memory it is, for callees save registers
    std::int64_t at = 0;      ///< from that frame's CFA
    std::int32_t slot = 0;    ///< see wire::HeldModule
    std::uint32_t reg = 0;    ///< see wire::HeldModule
};

/// Finds the words of a stack that have addresses of modules: in registers that calls preserve, and
/// in memory. Debug information tells later which of them is `this`.
class WordSearch {
public:
    /// To call for each of the frames of a walk. Of those of the program only, for LibTorch's run
    /// none of its modules. Adds what is not among `places` yet. Requires: the stack is one, the
    /// CFAs of its steps ascend.
    void search(const stack::Frame& frame, std::span<const stack::Step> steps,
                std::vector<WordPlace>& places);
    /// Libraries were unloaded: others may be where they were.
    void forgetLibraries() { m_objects.clear(); }

private:
    bool isProgram(const stack::Frame& frame);

    std::vector<std::pair<std::uintptr_t, bool>> m_objects; ///< by Object::begin: is it program?
};

/// Layer of the module whose address the word has now; kNone32 = it has none. Requires: the stack
/// is one, and has the calls for which the place was found.
std::uint32_t layerIn(const WordPlace& place, std::span<const stack::Step> steps);

} // namespace repro::host
