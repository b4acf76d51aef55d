// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <stdexcept>
#include <string>

namespace repro {

/// What kind of trouble an Error reports; a caller that only prints needs no more than what().
enum class ErrorKind {
    Usage,   ///< the command line or an option is wrong
    Io,      ///< a file cannot be opened, read, written
    Format,  ///< a file is not a trace, or is damaged
    Version, ///< a trace or a library of an unsupported version
    Torch,   ///< LibTorch refused
};

/// The one exception of the tools. The message is one line: what, on what, what to do.
class Error : public std::runtime_error {
public:
    Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), m_kind(kind) {}
    [[nodiscard]] ErrorKind kind() const { return m_kind; }

private:
    ErrorKind m_kind;
};

} // namespace repro
