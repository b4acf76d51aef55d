// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/wire/protocol.h"

/// One request to the collector over its socket. Safe against signals, never raises SIGPIPE, leaves
/// no descriptor behind but the one it returns.
namespace repro::wire {

/// Sends `request` and the name that belongs to it, awaits the reply. Returns the descriptor that
/// came with it, -1 when there is none.
int ask(const char* socketPath, const Request& request, Reply* reply, const char* name = "");

/// Sends `request`, awaits nothing. False: nobody listens.
bool tell(const char* socketPath, const Request& request);

} // namespace repro::wire
