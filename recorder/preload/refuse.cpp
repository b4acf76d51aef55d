// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/preload/refuse.h"

#include "recorder/wire/producer.h"

void reproTellRefused(const char* socketPath, const char* torchVersion) {
    repro::wire::Session::refuse(socketPath, torchVersion);
}
