// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <torch/version.h>

#ifndef NDEBUG
#error "compile the recorder with -DNDEBUG: RecordFunction has another layout without it"
#endif

/// True where this LibTorch is the given release or a newer one.
#define REPRO_TORCH(major, minor)                                                                  \
    (TORCH_VERSION_MAJOR > (major) ||                                                              \
     (TORCH_VERSION_MAJOR == (major) && TORCH_VERSION_MINOR >= (minor)))
