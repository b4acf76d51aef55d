// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/wire/protocol.h"

namespace repro::host {

/// Registers the callbacks that record every dispatched op. `awake` counts the threads that may
/// dispatch one and are not paused.
void registerObserver(int (*awake)());
/// LibTorch calls back only while somebody is awake: a paused program runs as if it were bare.
void settleObserver() noexcept;

/// The recorder was asked to verify inputs so. Once, before the observer is registered.
void setVerify(wire::Verify verify, wire::StatisticsOf statistics);
wire::StatisticsOf statisticsPolicy();

} // namespace repro::host
