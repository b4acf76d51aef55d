// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/reexec/job.h"

#include <ATen/core/Generator.h>
#include <c10/core/InferenceMode.h>

namespace repro::replay::exec {

/// What of a recorded context holds while an op runs: threads, flags of the process, modes of the
/// thread. One at a time; it does not put back what was before.
class Conditions {
public:
    explicit Conditions(const Job& job);

private:
    c10::InferenceMode m_inference; ///< ends with the scope, so that runs have the mode that held
};

/// A CPU generator in the job's state: the default one for ops that take none, else `own`.
void resetGenerators(const Job& job, at::Generator& own);

} // namespace repro::replay::exec
