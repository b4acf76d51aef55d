// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/stack/walker.h"
#include "recorder/wire/protocol.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace repro::host {

/// Where the frames of a walk have addresses of modules: in registers that calls preserve, and in
/// memory. Debug information tells later which of them is `this`.
class HeldModules {
public:
    void begin() { m_found.clear(); }
    /// Frames of the program's own code only, for LibTorch's run none of its modules.
    void search(const stack::Frame& frame, std::uint32_t number);
    [[nodiscard]] const std::vector<wire::HeldModule>& found() const { return m_found; }
    /// Libraries were unloaded: others may be where they were.
    void forgetLibraries() { m_objects.clear(); }

private:
    bool isProgram(const stack::Frame& frame);

    std::vector<wire::HeldModule> m_found;
    std::vector<std::pair<std::uintptr_t, bool>> m_objects; ///< by Object::begin: is it program?
};

} // namespace repro::host
