// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "replay/reexec/job.h"

#include <ATen/core/Tensor.h>

#include <vector>

namespace repro::replay::exec {

/// The operands of a job in fresh memory, in its order: laid out as they were, sharing storages as
/// they did, and no leaves of autograd, so that ops may write them. Throws: Error (Torch) for a
/// dtype that this LibTorch lacks.
std::vector<at::Tensor> makeOperands(const Job& job);

/// Contents of a tensor, dense and row-major. Throws: Error (Torch) where it has none.
Result resultOf(const at::Tensor& tensor);

} // namespace repro::replay::exec
