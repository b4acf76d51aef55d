// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <type_traits>

namespace repro::host {

/// Adds `flag` to `flags` where `on`; without the promotions that narrow flag types would suffer.
template <class Flags>
void setFlag(Flags& flags, std::type_identity_t<Flags> flag, bool on) {
    if (on) {
        flags = static_cast<Flags>(flags | flag);
    }
}

} // namespace repro::host
