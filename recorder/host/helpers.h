// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <functional>

namespace repro::host {

/// Calls `work(i)` for every i below `count`: on this thread, and on at most so many helper threads
/// at the same time. They are made when first wanted, see no signal of the host, and sleep between.
void shareWork(std::size_t count, int mostHelpers, const std::function<void(std::size_t)>& work);

} // namespace repro::host
