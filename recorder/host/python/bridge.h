// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/python/api.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <string>

/// What the functions that recorder/python calls have in common. A wall on this side, too: no
/// exception of C++ leaves one, and none returns with an error of Python set. All need the GIL.
namespace repro::host::python {

/// Set once, before any of them is called.
extern const Api* g_api;

Object* none();
Object* same(Object* object); ///< one more reference to it
std::string textOf(Object* object);
std::uint64_t numberOf(Object* object); ///< all ones where it is negative, or no number
bool isOf(Object* object, Object* type);

/// `tensorClass` holds torch.Tensor, once that exists.
void useTensorClass(Object** tensorClass);
/// Learns where objects of torch.Tensor hold their Tensor, which differs between releases.
/// `implementation` is what torch says that the object holds a pointer to.
void findTensorAt(Object* object, std::uint64_t implementation);
/// Null where it is none, or an undefined one, or nothing was learned yet.
const at::Tensor* tensorOf(Object* object);

constexpr int kOne = 8, kMany = 0x80; ///< METH_O, METH_FASTCALL

template <class Function>
Method method(const char* name, Function* function, int flags) {
    return {name, reinterpret_cast<void*>(function), flags, nullptr};
}

/// Functions by the files that have them; each lives for ever.
std::span<Method> layerMethods();
std::span<Method> streamMethods();
std::span<Method> markMethods();

} // namespace repro::host::python
