/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include "recorder/preload/hooks.h"

/* Forward hooks of reprorec.h. `kept` is given before the forward, `result` after it. */
struct ReproKept {
    void* object;
    void (*destroy)(void*);
};
int reproAnyForwardHook(void);
void reproRunForwardHooks(void* module, const struct ReproLayer* layer, void** arguments,
                          void* result, struct ReproKept* kept);
