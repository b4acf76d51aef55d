/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include "recorder/preload/hooks.h"

/* Who made the calling thread; NULL: nobody that was seen, as of the main thread. */
const struct ReproOrigin* reproOrigin(void);
/* Threads that may dispatch an op and are not paused. May be too large, never too small. */
int reproAwake(void);
/* The calling thread is paused once more, or once less. */
void reproPause(int change);
/* From now on calls `settle` whenever reproAwake() has changed: see ReproHooks. */
void reproSettleBy(void (*settle)(void));
