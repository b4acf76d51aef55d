// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/reexec/job.h"

#include <ATen/core/function_schema.h>
#include <ATen/core/stack.h>

#include <vector>

namespace repro::replay::exec {

/// The stack of a boxed call: one value for each argument of the schema. `operands` are those of
/// the job, in its order. Throws: Error (Torch) naming the argument that cannot be made again.
torch::jit::Stack makeStack(const c10::FunctionSchema& schema, const Job& job,
                            const std::vector<at::Tensor>& operands, const at::Generator& own);

} // namespace repro::replay::exec
