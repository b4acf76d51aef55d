/* SPDX-License-Identifier: BSD-3-Clause */
/* Modules, optimizers, gradients and the determinism oracle. */
#include "recorder/preload/load.h"

#include <stdbool.h>

/* ---- modules: constructors, and members whose call shows a living module ---- */

static void constructed(void* module) {
    const struct ReproHooks* hooks = reproHooks();
    if (hooks != NULL) {
        hooks->moduleConstructed(module);
    }
}

static void touched(void* module) {
    const struct ReproHooks* hooks = reproHooks();
    if (hooks != NULL) {
        hooks->moduleTouched(module);
    }
}

/* Derived classes call the base-object constructors. */
REPRO_EXPORT void _ZN5torch2nn6ModuleC2Ev(void* module);
void _ZN5torch2nn6ModuleC2Ev(void* module) {
    static _Atomic(void*) slot;
    ((void (*)(void*))reproReal(&slot, "_ZN5torch2nn6ModuleC2Ev"))(module);
    constructed(module);
}

#define NAMED_CONSTRUCTOR _ZN5torch2nn6ModuleC2ENSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE
#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
REPRO_EXPORT void NAMED_CONSTRUCTOR(void* module, void* name);
void NAMED_CONSTRUCTOR(void* module, void* name) {
    static _Atomic(void*) slot;
    ((void (*)(void*, void*))reproReal(&slot, TEXT(NAMED_CONSTRUCTOR)))(module, name);
    constructed(module);
}

/* Members that return void or a register: (this, up to three register arguments). */
#define MODULE_MEMBER(symbol)                                                                      \
    REPRO_EXPORT void* symbol(void* module, void* a, void* b, void* c);                            \
    void* symbol(void* module, void* a, void* b, void* c) {                                        \
        static _Atomic(void*) slot;                                                                \
        touched(module);                                                                           \
        return ((void* (*)(void*, void*, void*, void*))reproReal(&slot, #symbol))(module, a, b,    \
                                                                                  c);              \
    }
/* Members that return a container: the hidden result comes first. */
#define MODULE_QUERY(symbol)                                                                       \
    REPRO_EXPORT void* symbol(void* result, void* module, void* a, void* b);                       \
    void* symbol(void* result, void* module, void* a, void* b) {                                   \
        static _Atomic(void*) slot;                                                                \
        touched(module);                                                                           \
        return ((void* (*)(void*, void*, void*, void*))reproReal(&slot, #symbol))(result, module,  \
                                                                                  a, b);           \
    }
MODULE_MEMBER(_ZN5torch2nn6Module2toEN3c1010ScalarTypeEb)
MODULE_MEMBER(_ZN5torch2nn6Module2toEN3c106DeviceENS2_10ScalarTypeEb)
MODULE_MEMBER(_ZN5torch2nn6Module2toEN3c106DeviceEb)
MODULE_MEMBER(_ZN5torch2nn6Module4loadERNS_9serialize12InputArchiveE)
MODULE_MEMBER(_ZNK5torch2nn6Module4saveERNS_9serialize13OutputArchiveE)
MODULE_MEMBER(_ZN5torch2nn6Module5applyERKSt8functionIFvRS1_EE)
MODULE_QUERY(_ZNK5torch2nn6Module10parametersEb)
MODULE_QUERY(_ZNK5torch2nn6Module16named_parametersB5cxx11Eb)
MODULE_QUERY(_ZNK5torch2nn6Module7buffersEb)
MODULE_QUERY(_ZNK5torch2nn6Module13named_buffersB5cxx11Eb)
MODULE_QUERY(_ZNK5torch2nn6Module7modulesEb)
MODULE_QUERY(
    _ZNK5torch2nn6Module13named_modulesERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEEb)
MODULE_QUERY(_ZNK5torch2nn6Module8childrenEv)
MODULE_QUERY(_ZNK5torch2nn6Module14named_childrenB5cxx11Ev)

/* train() calls itself for every child: only the outermost call is an event. */
static __thread int t_trainDepth;
static void trainEnds(int* depth) {
    t_trainDepth = *depth;
}

REPRO_EXPORT void _ZN5torch2nn6Module5trainEb(void* module, bool on);
void _ZN5torch2nn6Module5trainEb(void* module, bool on) {
    static _Atomic(void*) slot;
    __attribute__((cleanup(trainEnds))) int depth = t_trainDepth;
    const struct ReproHooks* hooks = reproHooks();
    if (hooks != NULL && t_trainDepth++ == 0) {
        hooks->moduleTouched(module);
        hooks->moduleMode(module, on);
    }
    ((void (*)(void*, bool))reproReal(&slot, "_ZN5torch2nn6Module5trainEb"))(module, on);
}

/* ---- scopes: optimizer steps, zero_grad, gradient accumulation ---- */

struct Scope {
    const struct ReproHooks* hooks;
    void* token;
    int returned;
};

static void leaveScope(struct Scope* scope) {
    if (scope->token != NULL) {
        scope->hooks->scopeExit(scope->token, !scope->returned);
    }
}

static struct Scope enterScope(enum ReproScope kind, const char* type, void* object,
                               void* argument) {
    struct Scope scope = {reproHooks(), NULL, 0};
    if (scope.hooks != NULL) {
        scope.token = scope.hooks->scopeEnter(kind, type, object, argument);
    }
    return scope;
}

/* (hidden result, this, argument) */
#define SCOPE_WITH_RESULT(kind, type, symbol)                                                      \
    REPRO_EXPORT void* symbol(void* result, void* object, void* argument);                         \
    void* symbol(void* result, void* object, void* argument) {                                     \
        static _Atomic(void*) slot;                                                                \
        __attribute__((cleanup(leaveScope))) struct Scope scope =                                  \
            enterScope(kind, type, object, argument);                                              \
        ((void* (*)(void*, void*, void*))reproReal(&slot, #symbol))(result, object, argument);     \
        scope.returned = 1;                                                                        \
        return result;                                                                             \
    }
/* (this, bool or nothing) */
#define SCOPE(kind, type, symbol)                                                                  \
    REPRO_EXPORT void symbol(void* object, void* argument);                                        \
    void symbol(void* object, void* argument) {                                                    \
        static _Atomic(void*) slot;                                                                \
        __attribute__((cleanup(leaveScope))) struct Scope scope =                                  \
            enterScope(kind, type, object, NULL);                                                  \
        ((void (*)(void*, void*))reproReal(&slot, #symbol))(object, argument);                     \
        scope.returned = 1;                                                                        \
    }
SCOPE_WITH_RESULT(REPRO_SCOPE_OPTIMIZER, "SGD",
                  _ZN5torch5optim3SGD4stepESt8functionIFN2at6TensorEvEE)
SCOPE_WITH_RESULT(REPRO_SCOPE_OPTIMIZER, "Adam",
                  _ZN5torch5optim4Adam4stepESt8functionIFN2at6TensorEvEE)
SCOPE_WITH_RESULT(REPRO_SCOPE_OPTIMIZER, "AdamW",
                  _ZN5torch5optim5AdamW4stepESt8functionIFN2at6TensorEvEE)
SCOPE_WITH_RESULT(REPRO_SCOPE_OPTIMIZER, "LBFGS",
                  _ZN5torch5optim5LBFGS4stepESt8functionIFN2at6TensorEvEE)
SCOPE_WITH_RESULT(REPRO_SCOPE_OPTIMIZER, "Adagrad",
                  _ZN5torch5optim7Adagrad4stepESt8functionIFN2at6TensorEvEE)
SCOPE_WITH_RESULT(REPRO_SCOPE_OPTIMIZER, "RMSprop",
                  _ZN5torch5optim7RMSprop4stepESt8functionIFN2at6TensorEvEE)
SCOPE_WITH_RESULT(REPRO_SCOPE_GRADIENT, "AccumulateGrad",
                  _ZN5torch8autograd14AccumulateGrad5applyEOSt6vectorIN2at6TensorESaIS4_EE)
SCOPE(REPRO_SCOPE_ZERO_GRAD, "Optimizer", _ZN5torch5optim9Optimizer9zero_gradEb)
SCOPE(REPRO_SCOPE_ZERO_GRAD, "Optimizer", _ZN5torch5optim9Optimizer9zero_gradEv)
SCOPE(REPRO_SCOPE_MODULE_ZERO_GRAD, "Module", _ZN5torch2nn6Module9zero_gradEb)

/* ---- the oracle: kernels that say themselves that they are nondeterministic ---- */

/* alertNotDeterministic asks the flag as well; that question is no evidence of its own. */
static __thread int t_inAlert;
static void alertEnds(int* depth) {
    t_inAlert = *depth;
}

#define ALERT(symbol)                                                                              \
    REPRO_EXPORT void symbol(void* name);                                                          \
    void symbol(void* name) {                                                                      \
        static _Atomic(void*) slot;                                                                \
        const struct ReproHooks* hooks = reproHooks();                                             \
        __attribute__((cleanup(alertEnds))) int depth = t_inAlert;                                 \
        if (hooks != NULL) {                                                                       \
            hooks->alerted();                                                                      \
        }                                                                                          \
        t_inAlert = 1;                                                                             \
        ((void (*)(void*))reproReal(&slot, #symbol))(name);                                        \
    }
ALERT(_ZN2at7Context21alertNotDeterministicERKN3c1017basic_string_viewIcEE)
ALERT(_ZN2at7Context21alertNotDeterministicERKSt17basic_string_viewIcSt11char_traitsIcEE)

REPRO_EXPORT bool _ZNK2at7Context23deterministicAlgorithmsEv(const void* context);
bool _ZNK2at7Context23deterministicAlgorithmsEv(const void* context) {
    static _Atomic(void*) slot;
    bool on = ((bool (*)(const void*))reproReal(
        &slot, "_ZNK2at7Context23deterministicAlgorithmsEv"))(context);
    const struct ReproHooks* hooks = reproHooks();
    if (hooks != NULL && !t_inAlert) {
        hooks->asked();
    }
    return on;
}
