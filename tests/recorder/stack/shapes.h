// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// Functions with frames of all kinds, compiled in several ways (see CMakeLists.txt).
namespace repro::stack::test {

enum class Shape {
    Recursion,
    Qsort,
    StdFunction,
    Catch,
    Unwinding,
    Alloca,
    OverAligned,
    OverAlignedAlloca,
    BigFrame,
    Noreturn,
    kCount
};

/// Calls `probe` at the inner end of a stack of that shape.
using Run = void (*)(Shape shape, void (*probe)());

} // namespace repro::stack::test
