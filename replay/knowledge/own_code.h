// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

/// Which code is the program's own, and which is LibTorch's, the compiler's and the system's.
namespace repro::replay {

/// Of the path of a program or library.
bool isLibraryModule(std::string_view path);
/// Of the path of a source file: LibTorch's headers and those of the system.
bool isLibrarySource(std::string_view path);
/// Of a function's qualified name, for where the file is not known.
bool isLibraryFunction(std::string_view name);

} // namespace repro::replay
