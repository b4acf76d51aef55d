/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include "recorder/preload/hooks.h"

#include <stdatomic.h>

/* Inside the stub. Everything is hidden but the interposed functions and the API of reprorec.h. */

#define REPRO_EXPORT __attribute__((visibility("default")))

/* The table of the recorder library once it records, else NULL. Loads it when that is safe. */
const struct ReproHooks* reproHooks(void);
/* The same, but never loads it. */
const struct ReproHooks* reproLoadedHooks(void);

/* The real function behind an interposed one; cached in *slot. Never returns NULL: an interposed
 * function is only called where the real one exists, somewhere. */
void* reproReal(_Atomic(void*)* slot, const char* symbol);

/* main() is about to run: constructors are done. */
void reproMainBegins(void);
/* Around dlopen: constructors may run in it, and the recorder must not be loaded there. */
void reproDlopenBegins(void);
void reproDlopenEnds(void);

const struct ReproOrigin* reproOrigin(void);
/* Threads that may dispatch an op and are not paused. May be too large, never too small. */
int reproAwake(void);
/* The calling thread is paused once more, or once less. */
void reproPause(int change);

/* Forward hooks of reprorec.h. `kept` is given before the forward, `result` after it. */
struct ReproKept {
    void* object;
    void (*destroy)(void*);
};
int reproAnyForwardHook(void);
void reproRunForwardHooks(void* module, const struct ReproLayer* layer, void** arguments,
                          void* result, struct ReproKept* kept);
