/* SPDX-License-Identifier: BSD-3-Clause */
/* The functions of reprorec.h, which a program finds as weak symbols. */
#include "recorder/preload/forward_hooks.h"
#include "recorder/preload/load.h"
#include "recorder/preload/threads.h"

/* Nothing is known of its arguments: its forward is the user's own. */
static const struct ReproLayer g_userLayer = {"", 'V'};

REPRO_EXPORT void* reprorec_enter_layer(void* module);
void* reprorec_enter_layer(void* module) {
    if (reproAnyForwardHook()) {
        struct ReproKept kept = {NULL, NULL};
        reproRunForwardHooks(module, &g_userLayer, NULL, NULL, &kept);
    }
    const struct ReproHooks* hooks = reproHooks();
    return hooks != NULL ? hooks->layerEnter(&g_userLayer, module, NULL) : NULL;
}

REPRO_EXPORT void reprorec_leave_layer(void* token, void* module);
void reprorec_leave_layer(void* token, void* module) {
    const struct ReproHooks* hooks = reproHooks();
    if (hooks != NULL && token != NULL) {
        hooks->layerExit(token, &g_userLayer, token);
    }
    if (reproAnyForwardHook()) {
        reproRunForwardHooks(module, &g_userLayer, NULL, NULL, NULL);
    }
}

REPRO_EXPORT void reprorec_step(int64_t step);
void reprorec_step(int64_t step) {
    const struct ReproHooks* hooks = reproHooks();
    if (hooks != NULL) {
        hooks->step(step);
    }
}

REPRO_EXPORT void reprorec_watch(const char* name, const void* tensor);
void reprorec_watch(const char* name, const void* tensor) {
    const struct ReproHooks* hooks = reproHooks();
    if (hooks != NULL) {
        hooks->watch(name, tensor);
    }
}

REPRO_EXPORT void reprorec_pause(int change);
void reprorec_pause(int change) {
    const struct ReproHooks* hooks = reproHooks();
    if (hooks != NULL) {
        hooks->pause(change);
    }
    reproPause(change);
}
