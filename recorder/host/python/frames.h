// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/python/api.h"

#include <cstdint>
#include <string>
#include <vector>

/// The functions of Python that a thread is in, read from memory without the global interpreter
/// lock, which ops run without: the thread's own frames stand still while it is in an op.
namespace repro::host::python {

/// One that is called, or calls.
struct Call {
    const std::byte* code = nullptr;    ///< the code object: alive while the call is
    std::uint64_t offset = 0;           ///< of its instruction, in bytes
    std::uintptr_t file = 0, lines = 0; ///< objects of the code: another code may come to its place
};

/// Learns where things are in frames and code objects, which differs between versions of Python,
/// from calls that are known: `codes` and `offsets` (tuples) are those of the calling function and
/// of its callers. `attributes` has of each code the objects of its file, name and line table, and
/// its first line. Returns: it was learned; else no line is known. Needs the GIL.
bool learnFrames(const Api& api, Object* codes, Object* offsets, Object* attributes);

/// The calls of this thread, innermost first. None where nothing was learned, or in a thread
/// without Python.
void calls(std::vector<Call>& found);

struct Function {
    std::string file, name;
};
/// "?" for what is not ASCII.
Function functionOf(const Call& call);
/// Else it is the recorder's, or stands where C calls Python (3.12).
bool isOfProgram(const Function& function);
/// 0 = not known. Source: Objects/locations.md of CPython (the line table since 3.11).
std::uint32_t lineOf(const Call& call);

} // namespace repro::host::python
