/* SPDX-License-Identifier: BSD-3-Clause */
/* The threads of the process: who made them, and how many of them are awake. */
#define _GNU_SOURCE
#include "recorder/preload/threads.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static __thread const struct ReproOrigin* t_origin;

const struct ReproOrigin* reproOrigin(void) {
    return t_origin;
}

/* Who is awake is counted by the creator, before the new thread runs. A thread of an OpenMP pool is
 * not counted: its ops are those of the thread whose parallel region it works for. Nor is one of
 * the recorder's own. */
static atomic_int g_awake = 1; /* main */
static __thread int t_pauses;
static __thread int t_uncounted;
static pthread_key_t g_ending; /* its destructor runs after those of C++, which may dispatch */
static int g_haveEnding;
static pthread_once_t g_endingMade = PTHREAD_ONCE_INIT;

static void (*_Atomic g_settle)(void);

int reproAwake(void) {
    return atomic_load(&g_awake);
}

void reproSettleBy(void (*settle)(void)) {
    atomic_store_explicit(&g_settle, settle, memory_order_release);
}

static void changeAwake(int change) {
    atomic_fetch_add(&g_awake, change);
    void (*settle)(void) = atomic_load_explicit(&g_settle, memory_order_acquire);
    if (settle != NULL) {
        settle();
    }
}

void reproPause(int change) {
    int before = t_pauses;
    t_pauses += change;
    if (!t_uncounted && (before == 0) != (t_pauses == 0)) {
        changeAwake(before == 0 ? -1 : 1);
    }
}

/* Settles nothing: LibTorch's own state of this thread is gone. */
static void threadEnded(void* starter) {
    (void)starter;
    if (t_pauses == 0) {
        atomic_fetch_sub(&g_awake, 1);
    }
}

static void makeEnding(void) {
    g_haveEnding = pthread_key_create(&g_ending, threadEnded) == 0;
}

static int worksForOthers(void* (*start)(void*)) {
    static const char* const libraries[] = {"libgomp", "libiomp", "libomp", "librepro_recorder"};
    Dl_info info;
    if (dladdr((void*)start, &info) == 0 || info.dli_fname == NULL) {
        return 0;
    }
    const char* slash = strrchr(info.dli_fname, '/');
    const char* file = slash != NULL ? slash + 1 : info.dli_fname;
    int works = 0;
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; ++i) {
        works = works || strncmp(file, libraries[i], strlen(libraries[i])) == 0;
    }
    return works;
}

struct Starter {
    struct ReproOrigin origin; /* first: handed out for ever */
    int counted;
    void* (*start)(void*);
    void* argument;
};

static void* startOfOurs(void* given) {
    struct Starter* starter = given;
    t_origin = &starter->origin;
    t_uncounted = !starter->counted;
    pthread_once(&g_endingMade, makeEnding);
    if (starter->counted && g_haveEnding) {
        pthread_setspecific(g_ending, starter);
    }
    return starter->start(starter->argument);
}

/* Every std::thread starts in one function of libstdc++; what tells them apart is the vtable of the
 * state object that is its argument. */
static const void* identityOf(void* (*start)(void*), void* argument) {
    static _Atomic(void*) routine;
    void* known = atomic_load_explicit(&routine, memory_order_relaxed);
    Dl_info info;
    if (known == NULL && dladdr((void*)start, &info) != 0 && info.dli_fname != NULL &&
        strstr(info.dli_fname, "libstdc++") != NULL) {
        known = (void*)start;
        atomic_store_explicit(&routine, known, memory_order_relaxed);
    }
    return known == (void*)start && argument != NULL ? *(const void**)argument : (const void*)start;
}

typedef int (*Create)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);

REPRO_EXPORT int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                                void* (*start)(void*), void* argument);
int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
                   void* argument) {
    static _Atomic(void*) slot;
    Create real = (Create)atomic_load_explicit(&slot, memory_order_relaxed);
    if (real == NULL) {
        real = (Create)dlsym(RTLD_NEXT, "pthread_create");
        atomic_store_explicit(&slot, (void*)real, memory_order_relaxed);
    }
    const int wanted = atomic_load(&g_settle) != NULL || getenv("REPROREC_SOCKET") != NULL;
    struct Starter* starter = wanted ? malloc(sizeof *starter) : NULL;
    if (starter == NULL) {
        changeAwake(1); /* for ever: its end will not be seen */
        return real(thread, attributes, start, argument);
    }
    starter->counted = !worksForOthers(start);
    if (starter->counted) {
        changeAwake(1);
    }
    starter->origin.creator = t_origin;
    starter->origin.start = identityOf(start, argument);
    starter->start = start;
    starter->argument = argument;
    int result = real(thread, attributes, startOfOurs, starter);
    if (result != 0) {
        atomic_fetch_sub(&g_awake, starter->counted);
        free(starter);
    }
    return result;
}
