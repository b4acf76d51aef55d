// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What passes between a process that reads traces and one that has LibTorch (repro-exec), by a
/// stream socket: one op with all that it takes goes there, results come back, each a frame of 8
/// bytes of length (little endian) and that many of CBOR (RFC 8949). No torch here.
namespace repro::replay::exec {

/// A tensor that the op takes.
struct Operand {
    std::uint16_t argument = 0; ///< from 0
    std::uint32_t item = 0;     ///< position in a tensor list
    trace::DType dtype = trace::DType::Undefined;
    std::vector<std::int64_t> sizes;
    std::vector<std::int64_t> strides; ///< in elements
    std::uint32_t storage = 0;         ///< row of Job::storages: operands may share one
    std::uint64_t offset = 0;          ///< of its first element in the storage, in bytes
    bool requiresGrad = false;
    bool isNumber = false;           ///< LibTorch made it of a number
    bool isWritten = false;          ///< the op writes it
    std::vector<std::byte> contents; ///< dense, row-major
};

struct Job {
    std::string op;
    std::string overload;
    std::vector<std::byte> arguments; ///< trace/arguments.h: those that are no tensors
    std::vector<Operand> operands;
    std::vector<std::uint64_t> storages; ///< bytes of each
    /// State (Generator::set_state) before each run of the generator that it draws from; empty: a
    /// seed of 0.
    std::vector<std::byte> generatorState;
    std::uint32_t threads = 0; ///< intra-op
    std::uint32_t flags = 0;   ///< trace::context_flag
    std::uint32_t runs = 1;
};

/// A tensor that the op returned, or wrote without returning it.
struct Result {
    std::uint16_t slot = 0; ///< of the results; of the arguments, where it was written only
    std::uint32_t item = 0;
    bool isWritten = false;
    trace::DType dtype = trace::DType::Undefined;
    std::vector<std::int64_t> sizes;
    std::vector<std::byte> contents; ///< dense, row-major
};

/// One run of the op.
struct Outcome {
    std::uint64_t ns = 0;
    std::string error; ///< what LibTorch threw; empty where it went well
    std::vector<Result> results;
};

/// `socket`: that of the other process. Throws: Error (Io) when it is gone.
void send(int socket, const Job& job);
void send(int socket, const Outcome& outcome);
/// Returns: nullopt at the end of the stream. Throws: Error (Io, Format).
std::optional<Job> receiveJob(int socket);
std::optional<Outcome> receiveOutcome(int socket);

} // namespace repro::replay::exec
