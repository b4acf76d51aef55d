// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// The compiler's vectors, as wide as a register of the instruction set that a kernel is compiled
/// for. Such a kernel is compiled once for each of them, so that nothing here may be shared.
namespace repro {
namespace {

#if defined(__AVX512F__)
constexpr int kRegister = 64; // bytes
#elif defined(__AVX2__)
constexpr int kRegister = 32;
#else
constexpr int kRegister = 16;
#endif

template <class T, int lanes>
struct VectorOf {
    typedef T Type __attribute__((vector_size(lanes * sizeof(T)))); // "using" drops the attribute
};
template <class T, int lanes>
using Vector = typename VectorOf<T, lanes>::Type;

} // namespace
} // namespace repro
