// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <typeinfo>

namespace repro::host {

/// The name of a type without what it is in: "(anonymous namespace)::Net" -> "Net".
std::string typeName(const std::type_info& type);
/// Such names of the classes that a module's type derives from, a line each, without those
/// that every module has.
std::string baseNames(const std::type_info& type);

} // namespace repro::host
