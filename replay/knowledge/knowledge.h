// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// What is known of ops whose results may differ between runs (nondeterministic_ops.tsv, built in).
namespace repro::replay {

/// One row of the table. `condition` is for people, but for a leading "accumulate=true|false" and a
/// leading "first call".
struct KnownOp {
    std::string op;       ///< "aten::index_put_"
    std::string overload; ///< or "*"
    std::string device;   ///< "cpu", "cuda", "rocm", "xpu", "any", "device" (any but the CPU)
    std::string condition;
    std::string cause;  ///< the code: "atomic_add_order", "isa_dispatch", "none", ...
    std::string detail; ///< what follows the code
    std::string remedy;
    std::string source;
};

/// What kind of difference a cause code explains.
enum class KnownKind {
    RunToRun,      ///< differs between two equal runs on one machine
    FirstUse,      ///< the same, where nothing else differs: of the first call in a process only
    Configuration, ///< differs with threads, instruction set, library or device only
    Stream,        ///< random numbers: the generator is the cause, not the op
    Meaningless,   ///< what it returns has no bytes of its own: whoever uses that is the cause
    Never,         ///< "none": never to be blamed
};
KnownKind knownKind(std::string_view causeCode);

/// Reads a table. Throws: Error (Format) naming the line when a row has not 7 fields, a device or
/// cause code is unknown, or an op is empty.
std::vector<KnownOp> parseKnowledge(std::string_view tsv);

/// The built-in table.
const std::vector<KnownOp>& builtinKnowledge();

/// Rows for an op on a device (c10::DeviceType; 0 is the CPU).
std::vector<const KnownOp*> knownRows(std::string_view op, std::string_view overload,
                                      int deviceType);

} // namespace repro::replay
