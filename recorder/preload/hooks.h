/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Between the preload stub (C, no dependencies) and the recorder library (C++, one per LibTorch).
 * Pointers to C++ objects are opaque to the stub. No function of the table throws. */

#ifdef __cplusplus
extern "C" {
#endif

#define REPRO_HOOKS_VERSION 4U
#define REPRO_EXPORT __attribute__((visibility("default")))

/* A hooked forward; see layers.def. */
struct ReproLayer {
    const char* arguments;
    char result;
};

/* Who made a thread. Never freed: a thread may outlive its creator. The main thread has none. */
struct ReproOrigin {
    const struct ReproOrigin* creator; /* NULL: the main thread */
    const void* start; /* start function; of a std::thread the vtable of its state */
};

enum ReproScope {
    REPRO_SCOPE_OPTIMIZER,
    REPRO_SCOPE_ZERO_GRAD,
    REPRO_SCOPE_MODULE_ZERO_GRAD,
    REPRO_SCOPE_GRADIENT
};

struct ReproHooks {
    uint32_t version;
    /* The Module in a layer's object: its place differs between releases of LibTorch. */
    void* (*moduleOf)(void* layer);
    /* `arguments` are pointers to Tensors where the layer's letters say T. NULL token: not
     * recorded. */
    void* (*layerEnter)(const struct ReproLayer* layer, void* module, void* const* arguments);
    /* `result` as the layer's letter says; NULL when an exception passes. */
    void (*layerExit)(void* token, const struct ReproLayer* layer, void* result);
    void (*normEnter)(void* module, void* input);
    void (*moduleConstructed)(void* module);
    /* A member function of a living module was called: a safe moment to walk its tree. */
    void (*moduleTouched)(void* module);
    void (*moduleMode)(void* module, int training);
    /* `object` is the optimizer, module or AccumulateGrad node; `argument` its first argument. */
    void* (*scopeEnter)(enum ReproScope scope, const char* type, void* object, void* argument);
    void (*scopeExit)(void* token, int threw);
    void (*alerted)(void);
    void (*asked)(void);
    /* The API of reprorec.h. */
    void (*step)(int64_t step);
    void (*watch)(const char* name, const void* tensor);
    void (*pause)(int change);
    /* awake() of ReproStart may have become zero, or no longer is: done before the thread that
     * changed it goes on. */
    void (*settle)(void);
    /* dlopen returned: there may be new libraries. */
    void (*librariesOpened)(void);
    /* dlclose was called, and again when it returned: code may be gone, and other code be in its
     * place. */
    void (*librariesClosed)(void);
};

/* Exported by the recorder library. Attaches to the collector and begins to record. NULL: it stays
 * silent. `origin` answers who made the calling thread, `awake` how many threads may dispatch an op
 * that is to be recorded. */
typedef const struct ReproHooks* (*ReproStart)(const struct ReproOrigin* (*origin)(void),
                                               int (*awake)(void));
#define REPRO_START_SYMBOL "repro_recorder_start"

#ifdef __cplusplus
}
#endif
