// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

/// What repro-symbols is asked and what it answers. The request is one JSON value; the answer is a
/// line of JSON for each object, in the order of the request.
namespace repro::symbols {

/// A value of one call of a function, while it calls another. "Preserved" are the registers that a
/// called function leaves as they are: DWARF's 3 (rbx), 6 (rbp), and 12 to 15.
struct Location {
    enum class Base {
        Unknown,
        Register, ///< in the preserved register `reg`
        Slot,     ///< in memory, at the frame's CFA + `at`
        Frame,    ///< is the address CFA + `at`
        Entry,    ///< was in `reg` when the function was entered: see Argument
    };
    Base base = Base::Unknown;
    std::uint8_t reg = 0;
    std::int64_t at = 0;
    std::int64_t offset = 0; ///< to be added to it
};

/// What a call passes in a register.
struct Argument {
    std::uint8_t reg = 0;
    Location value; ///< in the calling frame
};

/// A function that a return address lies in, and the line of the call.
struct SourceFrame {
    std::string function; ///< qualified, without parameters; empty where it is not known
    std::string file;     ///< empty where it is not known
    std::uint32_t line = 0;
    bool inlined = false; ///< into the next frame
    /// Other functions with the same code, which compilers and linkers share: it may have been one
    /// of these that was called, and its line.
    std::vector<std::string> aliases;
    Location self; ///< `this`
    /// The function that is called, and what it gets; in the innermost frame of an offset alone.
    /// Where another function is found below this frame, the called one has jumped to it, and what
    /// that got is not known.
    std::string callee;
    std::vector<Argument> arguments;
};

struct ObjectRequest {
    std::string path;
    std::string buildId; ///< in hexadecimal; empty where the recorded object had none
    /// Return addresses minus the load bias (l_addr) of the object.
    std::vector<std::uint64_t> offsets;
};

struct Request {
    std::vector<ObjectRequest> objects;
    std::vector<std::string> debugDirs; ///< searched before the system's
    std::uint32_t seconds = 20;
    std::uint64_t bytes = 4ULL << 30; ///< of address space; a file that fits is mapped into it
};

enum class Status {
    Unread,      ///< not looked at
    Resolved,    ///< has debug information
    SymbolsOnly, ///< functions, but no lines
    Stripped,    ///< neither
    Missing,     ///< cannot be opened
    Rebuilt,     ///< is not the file that was recorded
    Damaged,
    TooBig, ///< reading it took more than the request's limits
};

struct ObjectAnswer {
    Status status = Status::Unread;
    std::string detail; ///< why, after the object's name; may be empty where the status says it
    std::vector<std::vector<SourceFrame>> frames; ///< for each offset, innermost first
    std::map<std::string, std::string> sources;   ///< XXH3-128 of the files that were built
};

NLOHMANN_JSON_SERIALIZE_ENUM(Status, {{Status::Unread, "unread"},
                                      {Status::Resolved, "resolved"},
                                      {Status::SymbolsOnly, "symbols_only"},
                                      {Status::Stripped, "stripped"},
                                      {Status::Missing, "missing"},
                                      {Status::Rebuilt, "rebuilt"},
                                      {Status::Damaged, "damaged"},
                                      {Status::TooBig, "too_big"}})
NLOHMANN_JSON_SERIALIZE_ENUM(Location::Base, {{Location::Base::Unknown, "unknown"},
                                              {Location::Base::Register, "register"},
                                              {Location::Base::Slot, "slot"},
                                              {Location::Base::Frame, "frame"},
                                              {Location::Base::Entry, "entry"}})
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Location, base, reg, at, offset)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Argument, reg, value)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(SourceFrame, function, file, line, inlined, aliases, self,
                                   callee, arguments)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ObjectRequest, path, buildId, offsets)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Request, objects, debugDirs, seconds, bytes)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ObjectAnswer, status, detail, frames, sources)

} // namespace repro::symbols
