// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <elfutils/libdw.h>

#include <string>
#include <string_view>

namespace repro::symbols {

/// A demangled name without return type, parameters, qualifiers and clone:
/// "int f<int>(int) const [clone .cold]" is "f<int>".
std::string withoutSignature(std::string_view demangled);

/// The function of a symbol or linkage name, demangled if it is mangled, without its signature.
std::string functionOf(const char* symbol);

/// A function's name by its DIE, with the scopes that debug information tells. Returns: empty where
/// it has none.
std::string nameOf(Dwarf_Die function);

} // namespace repro::symbols
