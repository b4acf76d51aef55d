// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// CPython as the program has it mapped: its C API by dlsym, no header of Python's. What is used is
/// alike from 3.9 to 3.14 in builds with a global interpreter lock (GIL). All calls need the GIL.
namespace repro::host::python {

struct Object {
    std::intptr_t references;
    Object* type;
};

/// PyMethodDef.
struct Method {
    const char* name;
    void* function;
    int flags; ///< METH_O = 8, METH_FASTCALL = 0x80
    const char* doc;
};

/// Named as in the C API, without "Py" and underscores.
struct Api {
    const char* (*getVersion)();
    int (*isInitialized)();
    int (*gilStateCheck)();
    void (*incRef)(Object*);
    void (*decRef)(Object*);
    void (*errClear)();
    const char* (*unicodeAsUtf8)(Object*, std::intptr_t*);
    unsigned long long (*longAsUnsigned)(Object*);
    int (*objectIsTrue)(Object*);
    int (*typeIsSubtype)(Object*, Object*);
    std::intptr_t (*tupleSize)(Object*);
    Object* (*tupleItem)(Object*, std::intptr_t);
    std::intptr_t (*listSize)(Object*);
    Object* (*listItem)(Object*, std::intptr_t);
    int (*dictNext)(Object*, std::intptr_t*, Object**, Object**);
    Object* (*dictNew)();
    int (*dictSet)(Object*, const char*, Object*);
    Object* (*dictGet)(Object*, const char*);
    Object* (*callWith)(Object*, ...); ///< a null pointer ends the arguments
    Object* (*newFunction)(Method*, Object*, Object*);
    Object* (*compile)(const char* text, const char* file, int start);
    Object* (*evaluate)(Object* code, Object* globals, Object* locals);
    Object* (*builtins)();
    Object* (*longFrom)(unsigned long long);
    void* (*capsulePointer)(Object*, const char* name);
    Object *none, *trueObject, *tupleType, *listType, *dictType;
};

/// Null where there is no Python or none that can be used; `why` then says so, empty where nobody
/// would ask.
const Api* findPython(std::string& why);

/// The interpreter frees what the program has, with no one to say so.
bool isFinalizing();

/// The file, as the loader names it, has the interpreter.
bool isInterpreter(std::string_view loadersName);
/// "3.11.7"; empty where the program is none of Python's.
std::string versionOf();
/// What strings are hashed with (PYTHONHASHSEED); empty where it is all zeros.
std::span<const std::byte> hashSecret();

} // namespace repro::host::python
