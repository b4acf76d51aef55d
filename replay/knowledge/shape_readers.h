// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string_view>

namespace repro::replay {

/// Does an op read the bytes of its tensor argument number `argument`? Of some it only takes shape,
/// dtype or device, as zeros_like does: what those hold is nothing to it.
bool readsBytes(std::string_view op, std::uint16_t argument);

} // namespace repro::replay
