/* SPDX-License-Identifier: BSD-3-Clause */
/* The registry behind reprorec::register_forward_hook. */
#include "recorder/preload/forward_hooks.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

typedef void (*HookFn)(void* context, void* module, const char* letters, void** arguments,
                       char resultLetter, void* result, struct ReproKept* kept);

/* Counted: a hook may remove itself, or another one that runs on another thread. */
struct Hook {
    struct Hook* next;
    uint64_t id;
    void* module;
    int before;
    int references;
    HookFn run;
    void* context;
    void (*destroy)(void*);
};

static pthread_mutex_t g_lock = PTHREAD_MUTEX_INITIALIZER;
static struct Hook* g_hooks; /* in the order of registration */
static atomic_int g_count;
static uint64_t g_lastId;

int reproAnyForwardHook(void) {
    return atomic_load_explicit(&g_count, memory_order_relaxed) != 0;
}

static void release(struct Hook* hook) {
    pthread_mutex_lock(&g_lock);
    int last = --hook->references == 0;
    pthread_mutex_unlock(&g_lock);
    if (last) {
        hook->destroy(hook->context);
        free(hook);
    }
}

/* The first hook of the module with an id above `after`, referenced; NULL when there is none. Also
 * those that a running hook registers are found, for ids grow. */
static struct Hook* acquireNext(void* module, int before, uint64_t after) {
    pthread_mutex_lock(&g_lock);
    struct Hook* hook = g_hooks;
    while (hook != NULL &&
           (hook->id <= after || hook->module != module || hook->before != before)) {
        hook = hook->next;
    }
    if (hook != NULL) {
        ++hook->references;
    }
    pthread_mutex_unlock(&g_lock);
    return hook;
}

static void releaseAtExit(struct Hook** hook) {
    if (*hook != NULL) {
        release(*hook);
    }
}

void reproRunForwardHooks(void* module, const struct ReproLayer* layer, void** arguments,
                          void* result, struct ReproKept* kept) {
    uint64_t done = 0;
    for (;;) {
        /* The cleanup counts when a hook throws: the exception is the program's own. */
        __attribute__((cleanup(releaseAtExit))) struct Hook* hook =
            acquireNext(module, kept != NULL, done);
        if (hook == NULL) {
            return;
        }
        done = hook->id;
        hook->run(hook->context, module, layer->arguments, arguments, layer->result, result, kept);
    }
}

REPRO_EXPORT uint64_t reprorec_add_hook(void* module, int before, HookFn run, void* context,
                                        void (*destroy)(void*));
uint64_t reprorec_add_hook(void* module, int before, HookFn run, void* context,
                           void (*destroy)(void*)) {
    struct Hook* hook = malloc(sizeof *hook);
    if (hook == NULL) {
        destroy(context);
        return 0;
    }
    pthread_mutex_lock(&g_lock);
    *hook = (struct Hook){NULL, ++g_lastId, module, before != 0, 1, run, context, destroy};
    struct Hook** end = &g_hooks;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = hook;
    atomic_fetch_add(&g_count, 1);
    uint64_t id = hook->id;
    pthread_mutex_unlock(&g_lock);
    return id;
}

REPRO_EXPORT void reprorec_remove_hook(uint64_t id);
void reprorec_remove_hook(uint64_t id) {
    pthread_mutex_lock(&g_lock);
    struct Hook** at = &g_hooks;
    while (*at != NULL && (*at)->id != id) {
        at = &(*at)->next;
    }
    struct Hook* hook = *at;
    if (hook != NULL) {
        *at = hook->next;
        atomic_fetch_sub(&g_count, 1);
    }
    pthread_mutex_unlock(&g_lock);
    if (hook != NULL) {
        release(hook);
    }
}
