// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/result/result.h"

#include <string>

namespace repro::replay {

enum class SourceState {
    AsRecorded, ///< its hash is that of the recording
    NotHashed,  ///< the recording does not know what it was
    Gone,       ///< there is no such file, or it cannot be read
    Changed,    ///< something else than when the run was recorded
    TooBig      ///< more than anybody writes
};

struct SourceText {
    SourceState state = SourceState::Gone;
    std::string text; ///< of AsRecorded alone
};

/// The file that a call lies in.
SourceText readSource(const SourceLine& call);

} // namespace repro::replay
