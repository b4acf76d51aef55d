// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string_view>

/// What LibTorch's schemas do not tell, as data. Each list is checked by a test that runs the ops.
namespace repro::host {

/// Outputs are memory that nobody wrote.
bool allocatesOnly(std::string_view op);

/// Does not read what its written argument held before: fill_, copy_, zero_, draws, out= arguments,
/// what a collective gathers into.
bool overwrites(std::string_view op);

/// Writes this argument although the schema does not say so (running statistics).
bool writesUnannotated(std::string_view op, std::size_t argument);

/// Takes no more than shape, dtype or device from this argument: reads no byte of it.
bool readsNoBytes(std::string_view op, std::size_t argument);

/// Hands its tensors over to be worked on: what it writes is not there yet when it returns. Of ops
/// that return a c10d::Work the schema tells as much.
bool isAsynchronous(std::string_view op);

/// A collective that only sends its first argument, or nothing; the others write it.
bool sendsOnly(std::string_view op);

/// This output is a workspace: its bytes carry no meaning and may differ between clean runs.
bool isWorkspace(std::string_view op, std::size_t output);

/// This argument is such a workspace, which the op may also write.
bool takesWorkspace(std::string_view op, std::size_t argument);

/// Asks deterministicAlgorithms() only to decide whether to fill uninitialised memory (2.1 and
/// newer), or without consequence for its result.
bool asksWithoutConsequence(std::string_view op);

} // namespace repro::host
