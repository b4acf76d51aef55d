/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include "recorder/preload/hooks.h"

#include <stdatomic.h>

/* The table of the recorder library once it records, else NULL. Loads it when that is safe. */
const struct ReproHooks* reproHooks(void);
/* The same without trying to load it. */
const struct ReproHooks* reproHooksNow(void);

/* The real function behind an interposed one; cached in *slot. Never returns NULL: an interposed
 * function is only called where the real one exists, somewhere. */
void* reproReal(_Atomic(void*)* slot, const char* symbol);

/* main() is about to run: constructors are done. */
void reproMainBegins(void);
/* Around dlopen: constructors may run in it, and the recorder must not be loaded there. */
void reproDlopenBegins(void);
void reproDlopenEnds(void);
