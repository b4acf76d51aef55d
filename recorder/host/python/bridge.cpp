// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/python/bridge.h"

#include <cstring>

namespace repro::host::python {
namespace {

using at::Tensor;

Object** g_tensorClass = nullptr;
std::size_t g_tensorAt = 0; ///< in an object of torch.Tensor; 0 = not known yet

} // namespace

const Api* g_api = nullptr;

Object* none() {
    g_api->incRef(g_api->none);
    return g_api->none;
}

Object* same(Object* object) {
    g_api->incRef(object);
    return object;
}

std::string textOf(Object* object) {
    const char* text = g_api->unicodeAsUtf8(object, nullptr);
    if (text == nullptr) {
        g_api->errClear();
    }
    return text == nullptr ? "?" : text;
}

std::uint64_t numberOf(Object* object) {
    const std::uint64_t number = g_api->longAsUnsigned(object);
    g_api->errClear();
    return number;
}

bool isOf(Object* object, Object* type) {
    return g_api->typeIsSubtype(object->type, type) != 0;
}

void useTensorClass(Object** tensorClass) {
    g_tensorClass = tensorClass;
}

const Tensor* tensorOf(Object* object) {
    if (g_tensorAt == 0 || *g_tensorClass == nullptr || !isOf(object, *g_tensorClass)) {
        return nullptr;
    }
    const auto* tensor =
        reinterpret_cast<const Tensor*>(reinterpret_cast<const std::byte*>(object) + g_tensorAt);
    return tensor->defined() ? tensor : nullptr;
}

void findTensorAt(Object* object, std::uint64_t implementation) {
    if (implementation == 0 || *g_tensorClass == nullptr || !isOf(object, *g_tensorClass)) {
        return;
    }
    constexpr std::size_t kPlaces[] = {16, 24, 32};
    for (const std::size_t at : kPlaces) {
        std::uint64_t word = 0;
        std::memcpy(&word, reinterpret_cast<const std::byte*>(object) + at, sizeof word);
        if (g_tensorAt == 0 && word == implementation) {
            g_tensorAt = at;
        }
    }
}

} // namespace repro::host::python
