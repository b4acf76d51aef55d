// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// The files of recorder/python, put into the library when it is built (sources.cpp.in).
namespace repro::host::python {

extern const char kModules[];
extern const char kOptimizers[];
extern const char kStreams[];
extern const char kLoaders[];
extern const char kPackages[];
extern const char kStart[];

} // namespace repro::host::python
