// SPDX-License-Identifier: BSD-3-Clause
#include "replay/result/evidence.h"

#include "replay/result/environment.h"

namespace repro::replay {

bool isAbout(const Evidence& evidence, const EnvironmentDifference& setting) {
    switch (evidence.kind) {
    case EvidenceKind::Setting:
    case EvidenceKind::OtherBuild:
    case EvidenceKind::ThreadCount: // unless the program changed it itself
        return evidence.subject == setting.key &&
               evidence.values == std::vector<std::string>{setting.a, setting.b};
    default:
        return false;
    }
}

} // namespace repro::replay
