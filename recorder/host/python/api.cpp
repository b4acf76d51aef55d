// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/python/api.h"

#include "recorder/host/stack/objects.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>

namespace repro::host::python {
namespace {

constexpr int kOldest = 9, kNewest = 14; // 3.9 to 3.14

template <class T>
bool found(T& place, const char* name) {
    void* symbol = dlsym(RTLD_DEFAULT, name);
    std::memcpy(&place, &symbol, sizeof place);
    return symbol != nullptr;
}

bool findAll(Api& api) {
    return found(api.getVersion, "Py_GetVersion") && found(api.gilStateCheck, "PyGILState_Check") &&
           found(api.incRef, "Py_IncRef") && found(api.decRef, "Py_DecRef") &&
           found(api.errClear, "PyErr_Clear") &&
           found(api.unicodeAsUtf8, "PyUnicode_AsUTF8AndSize") &&
           found(api.longAsUnsigned, "PyLong_AsUnsignedLongLong") &&
           found(api.objectIsTrue, "PyObject_IsTrue") &&
           found(api.typeIsSubtype, "PyType_IsSubtype") && found(api.tupleSize, "PyTuple_Size") &&
           found(api.tupleItem, "PyTuple_GetItem") && found(api.listSize, "PyList_Size") &&
           found(api.listItem, "PyList_GetItem") && found(api.dictNext, "PyDict_Next") &&
           found(api.dictNew, "PyDict_New") && found(api.dictSet, "PyDict_SetItemString") &&
           found(api.dictGet, "PyDict_GetItemString") &&
           found(api.callWith, "PyObject_CallFunctionObjArgs") &&
           found(api.newFunction, "PyCFunction_NewEx") && found(api.compile, "Py_CompileString") &&
           found(api.evaluate, "PyEval_EvalCode") && found(api.builtins, "PyEval_GetBuiltins") &&
           found(api.longFrom, "PyLong_FromUnsignedLongLong") &&
           found(api.capsulePointer, "PyCapsule_GetPointer") && found(api.none, "_Py_NoneStruct") &&
           found(api.trueObject, "_Py_TrueStruct") && found(api.tupleType, "PyTuple_Type") &&
           found(api.listType, "PyList_Type") && found(api.dictType, "PyDict_Type");
}

/// "3.11.7 (main, ...)"
bool isKnown(const char* version) {
    const bool isThree = std::strncmp(version, "3.", 2) == 0;
    const long minor = isThree ? std::strtol(version + 2, nullptr, 10) : 0;
    return minor >= kOldest && minor <= kNewest;
}

} // namespace

const Api* findPython(std::string& why) {
    static Api api;
    if (!found(api.isInitialized, "Py_IsInitialized") || api.isInitialized() == 0) {
        return nullptr;
    }
    if (!findAll(api)) {
        why = "this Python lacks functions of the C API";
        return nullptr;
    }
    const std::string version = api.getVersion();
    if (version.find("free-threading") != std::string::npos) {
        why = "this Python has no global interpreter lock";
    } else if (!isKnown(version.c_str())) {
        why = "Python " + version.substr(0, version.find(' ')) + " is not known; 3.9 to 3.14 are";
    } else if (api.gilStateCheck() == 0) {
        why = "LibTorch was loaded while Python ran elsewhere";
    }
    return why.empty() ? &api : nullptr;
}

bool isFinalizing() {
    static int (*const isFinalizing)() = [] {
        int (*function)() = nullptr;
        found(function, "Py_IsFinalizing") || found(function, "_Py_IsFinalizing"); // until 3.12
        return function;
    }();
    return isFinalizing == nullptr || isFinalizing() != 0;
}

bool isInterpreter(std::string_view loadersName) {
    static const std::string name = [] {
        void* symbol = dlsym(RTLD_DEFAULT, "Py_IsInitialized");
        const auto object = symbol == nullptr
                                ? std::nullopt
                                : stack::objectAt(reinterpret_cast<std::uintptr_t>(symbol));
        return object ? object->path : "no Python";
    }();
    return loadersName == name;
}

std::string versionOf() {
    int (*isInitialized)() = nullptr;
    const char* (*version)() = nullptr;
    const bool isPython = found(isInitialized, "Py_IsInitialized") && isInitialized() != 0 &&
                          found(version, "Py_GetVersion");
    const std::string text = isPython ? version() : "";
    return text.substr(0, text.find(' '));
}

std::span<const std::byte> hashSecret() {
    constexpr std::size_t kBytes = 24; // _Py_HashSecret_t, Include/cpython/pyhash.h
    constexpr std::byte kNone[kBytes] = {};
    const std::byte* secret = nullptr;
    const bool isSet = found(secret, "_Py_HashSecret") && std::memcmp(secret, kNone, kBytes) != 0;
    return isSet ? std::span(secret, kBytes) : std::span<const std::byte>();
}

} // namespace repro::host::python
