/* SPDX-License-Identifier: BSD-3-Clause */
/* The process: its beginning, and the libraries that it opens. */
#define _GNU_SOURCE
#include "recorder/preload/load.h"

#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- main ---- */

typedef int (*Main)(int, char**, char**);
static Main g_main;

static int mainOfOurs(int argc, char** argv, char** environment) {
    reproMainBegins();
    return g_main(argc, argv, environment);
}

REPRO_EXPORT int __libc_start_main(Main main, int argc, char** argv, void (*init)(void),
                                   void (*fini)(void), void (*rtldFini)(void), void* stackEnd);
int __libc_start_main(Main main, int argc, char** argv, void (*init)(void), void (*fini)(void),
                      void (*rtldFini)(void), void* stackEnd) {
    g_main = main;
    int (*real)(Main, int, char**, void (*)(void), void (*)(void), void (*)(void), void*) =
        (int (*)(Main, int, char**, void (*)(void), void (*)(void), void (*)(void), void*))dlsym(
            RTLD_NEXT, "__libc_start_main");
    return real(mainOfOurs, argc, argv, init, fini, rtldFini, stackEnd);
}

/* ---- dlopen ---- */

/* dlopen searches the RUNPATH of its caller, which would be ours. So a bare name that the caller's
 * RUNPATH resolves is opened by its path; anything else ld.so finds alike for every caller. */
static int inCallersRunpath(const void* caller, const char* name, char* out) {
    Dl_info info;
    struct link_map* map = NULL;
    Dl_serinfo size;
    if (dladdr1(caller, &info, (void**)&map, RTLD_DL_LINKMAP) == 0 || map == NULL ||
        dlinfo(map, RTLD_DI_SERINFOSIZE, &size) != 0) {
        return 0;
    }
    Dl_serinfo* paths = malloc(size.dls_size);
    int found = 0;
    if (paths != NULL && dlinfo(map, RTLD_DI_SERINFOSIZE, paths) == 0 &&
        dlinfo(map, RTLD_DI_SERINFO, paths) == 0) {
        for (unsigned i = 0; i < paths->dls_cnt && !found; ++i) {
            snprintf(out, PATH_MAX, "%s/%s", paths->dls_serpath[i].dls_name, name);
            found = access(out, R_OK) == 0;
        }
    }
    free(paths);
    return found;
}

static void dlopenEnds(int* saved) {
    (void)saved;
    reproDlopenEnds();
}

static void* openAsFrom(const void* caller, void* (*real)(const char*, int), const char* name,
                        int flags) {
    char path[PATH_MAX];
    __attribute__((cleanup(dlopenEnds), unused)) int counted = (reproDlopenBegins(), 0);
    if (name != NULL && strchr(name, '/') == NULL && name[0] != 0) {
        void* already = real(name, RTLD_NOLOAD | RTLD_LAZY);
        if (already != NULL) {
            dlclose(already);
        } else if (inCallersRunpath(caller, name, path)) {
            return real(path, flags);
        }
    }
    return real(name, flags);
}

REPRO_EXPORT void* dlopen(const char* name, int flags);
void* dlopen(const char* name, int flags) {
    static _Atomic(void*) slot;
    void* real = atomic_load_explicit(&slot, memory_order_relaxed);
    if (real == NULL) {
        real = dlsym(RTLD_NEXT, "dlopen");
        atomic_store_explicit(&slot, real, memory_order_relaxed);
    }
    void* handle =
        openAsFrom(__builtin_return_address(0), (void* (*)(const char*, int))real, name, flags);
    const struct ReproHooks* hooks = reproHooks(); /* LibTorch may have come with it */
    if (hooks != NULL) {
        hooks->librariesOpened();
    }
    return handle;
}

/* ---- dlclose ---- */

static void tellClosed(void) {
    const struct ReproHooks* hooks = reproHooksNow();
    if (hooks != NULL) {
        hooks->librariesClosed();
    }
}

/* Told before, for another thread may get a library at that place at once, and after, for
 * destructors may have run ops from the old one. */
REPRO_EXPORT int dlclose(void* handle);
int dlclose(void* handle) {
    static _Atomic(void*) slot;
    int (*real)(void*) = (int (*)(void*))reproReal(&slot, "dlclose");
    tellClosed();
    int failed = real(handle);
    tellClosed();
    return failed;
}
