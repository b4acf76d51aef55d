/* SPDX-License-Identifier: BSD-3-Clause */
/* The exported forwards, interposed under their mangled names.
 *
 * Itanium C++ ABI on x86-64: a class that is not trivially copyable is returned through a hidden
 * first argument and passed by the address of the caller's copy. So every forward here is, to C, a
 * function of pointers (and bools, which travel in the same registers), and one shape serves each
 * arity. */
#include "recorder/preload/forward_hooks.h"
#include "recorder/preload/load.h"

#ifndef __x86_64__
#error "the interposed forwards rely on the x86-64 calling convention"
#endif

enum { kMostArguments = 8 };

struct Call {
    const struct ReproHooks* hooks;
    const struct ReproLayer* layer;
    void* token;
    void* result; /* set when the forward returned */
    struct ReproKept kept;
};

/* Runs also when an exception passes: result is still NULL then. */
static void leave(struct Call* call) {
    if (call->token != NULL) {
        call->hooks->layerExit(call->token, call->layer, call->result);
    }
    if (call->kept.destroy != NULL) {
        call->kept.destroy(call->kept.object);
    }
}

typedef void* (*Forward)(void* result, void* self, void*, void*, void*, void*, void*, void*, void*,
                         void*);

static inline void* run(const struct ReproLayer* layer, void* real, void* result, void* self,
                        void** a) {
    __attribute__((cleanup(leave))) struct Call call = {
        reproHooks(), layer, NULL, NULL, {NULL, NULL}};
    int hooked = 0;
    void* module = NULL;
    if (call.hooks != NULL) {
        module = call.hooks->moduleOf(self);
        hooked = reproAnyForwardHook();
        if (hooked) {
            reproRunForwardHooks(module, layer, a, NULL, &call.kept);
        }
        call.token = call.hooks->layerEnter(layer, module, a);
    }
    ((Forward)real)(result, self, a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]);
    call.result = result;
    if (hooked) {
        reproRunForwardHooks(module, layer, a, result, NULL);
    }
    return result;
}

#define PARAMETERS_1 void* a0
#define PARAMETERS_2 PARAMETERS_1, void* a1
#define PARAMETERS_3 PARAMETERS_2, void* a2
#define PARAMETERS_4 PARAMETERS_3, void* a3
#define PARAMETERS_6 PARAMETERS_4, void *a4, void *a5
#define PARAMETERS_7 PARAMETERS_6, void* a6
#define PARAMETERS_8 PARAMETERS_7, void* a7
#define NAMES_1 a0
#define NAMES_2 NAMES_1, a1
#define NAMES_3 NAMES_2, a2
#define NAMES_4 NAMES_3, a3
#define NAMES_6 NAMES_4, a4, a5
#define NAMES_7 NAMES_6, a6
#define NAMES_8 NAMES_7, a7

#define LAYER(type, arity, letters, result_, symbol)                                               \
    REPRO_EXPORT void* symbol(void* result, void* self, PARAMETERS_##arity);                       \
    void* symbol(void* result, void* self, PARAMETERS_##arity) {                                   \
        static const struct ReproLayer layer = {letters, result_};                                 \
        static _Atomic(void*) slot;                                                                \
        void* arguments[kMostArguments] = {NAMES_##arity};                                         \
        return run(&layer, reproReal(&slot, #symbol), result, self, arguments);                    \
    }
#define NORM(type, symbol)                                                                         \
    REPRO_EXPORT void symbol(void* self, void* input);                                             \
    void symbol(void* self, void* input) {                                                         \
        static _Atomic(void*) slot;                                                                \
        ((void (*)(void*, void*))reproReal(&slot, #symbol))(self, input);                          \
        const struct ReproHooks* hooks = reproHooks();                                             \
        if (hooks != NULL) {                                                                       \
            hooks->normEnter(hooks->moduleOf(self), input);                                        \
        }                                                                                          \
    }
#include "recorder/preload/layers.def"
