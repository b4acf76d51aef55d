/* SPDX-License-Identifier: BSD-3-Clause */
/* Finds the mapped LibTorch, chooses the recorder library that fits it, loads it at a safe moment.
 */
#define _GNU_SOURCE
#include "recorder/preload/load.h"

#include "recorder/preload/refuse.h"
#include "recorder/preload/threads.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Atomic(const struct ReproHooks*) g_hooks;
static atomic_int g_settled; /* loaded, refused or not wanted: nothing more to try */
static atomic_int g_mainRuns;
static atomic_int g_dlopenDepth; /* of all threads: dlopen holds one lock for the process */
static pthread_mutex_t g_loading = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t g_finding = PTHREAD_MUTEX_INITIALIZER;
static char g_torchPath[PATH_MAX];

static int isTorch(struct dl_phdr_info* info, size_t size, void* out) {
    (void)size;
    const char* base = strrchr(info->dlpi_name, '/');
    base = base != NULL ? base + 1 : info->dlpi_name;
    if (strncmp(base, "libtorch_cpu.so", 15) != 0) {
        return 0;
    }
    snprintf(out, PATH_MAX, "%s", info->dlpi_name);
    return 1;
}

/* Path of the mapped libtorch_cpu, NULL before it is mapped. */
static const char* torchPath(void) {
    static atomic_int known;
    if (!atomic_load_explicit(&known, memory_order_acquire)) {
        pthread_mutex_lock(&g_finding);
        int found = g_torchPath[0] != 0 || dl_iterate_phdr(isTorch, g_torchPath);
        atomic_store_explicit(&known, found, memory_order_release);
        pthread_mutex_unlock(&g_finding);
        if (!found) {
            return NULL;
        }
    }
    return g_torchPath;
}

void* reproReal(_Atomic(void*)* slot, const char* symbol) {
    void* real = atomic_load_explicit(slot, memory_order_relaxed);
    if (real == NULL) {
        real = dlsym(RTLD_NEXT, symbol);
        /* Python maps LibTorch with RTLD_LOCAL: not in our search order. */
        const char* path = real == NULL ? torchPath() : NULL;
        void* handle = path != NULL ? dlopen(path, RTLD_NOLOAD | RTLD_LAZY) : NULL;
        if (handle != NULL) {
            real = dlsym(handle, symbol);
            dlclose(handle);
        }
        atomic_store_explicit(slot, real, memory_order_relaxed);
    }
    return real;
}

/* "2.13.0" from the mapped library, without its headers: by the stable ABI's version function
 * (2.9 and newer), else from the text of at::show_config(). */
static int torchVersion(char* out, size_t size) {
    void* handle = dlopen(torchPath(), RTLD_NOLOAD | RTLD_LAZY);
    if (handle == NULL) {
        return 0;
    }
    uint64_t (*abi)(void) = (uint64_t(*)(void))dlsym(handle, "aoti_torch_abi_version");
    struct {
        const char* data;
        size_t length;
        char rest[16];
    } text = {0};
    void (*config)(void*) = (void (*)(void*))dlsym(handle, "_ZN2at11show_configB5cxx11Ev");
    dlclose(handle);
    int major = 0, minor = 0, patch = 0;
    if (abi != NULL) {
        uint64_t v = abi();
        major = (int)(v >> 56), minor = (int)(v >> 48 & 0xFF), patch = (int)(v >> 40 & 0xFF);
    } else if (config != NULL) {
        config(&text); /* a std::string; its few hundred bytes are never freed */
        const char* at = text.data != NULL ? strstr(text.data, "TORCH_VERSION=") : NULL;
        if (at == NULL || sscanf(at, "TORCH_VERSION=%d.%d.%d", &major, &minor, &patch) < 2) {
            return 0;
        }
    } else {
        return 0;
    }
    snprintf(out, size, "%d.%d.%d", major, minor, patch);
    return 1;
}

static void ownFolder(char* out, size_t size) {
    Dl_info info;
    out[0] = 0;
    if (dladdr((void*)&ownFolder, &info) != 0 && info.dli_fname != NULL) {
        snprintf(out, size, "%s", info.dli_fname);
        char* slash = strrchr(out, '/');
        if (slash != NULL) {
            *slash = 0;
        }
    }
}

static void refuse(const char* socket, const char* version, const char* reason) {
    fprintf(
        stderr,
        "reprorec: cannot record LibTorch %s (%s); the program runs on unrecorded: build reprorec "
        "with -DREPROREC_TORCH=<folder of this LibTorch>, `reprorec doctor` lists what there is\n",
        version, reason);
    reproTellRefused(socket, version);
}

static void load(const char* socket) {
    char version[32] = "of unknown version", folder[PATH_MAX], path[PATH_MAX + 64];
    int known = torchVersion(version, sizeof version);
    int major = 0, minor = 0;
    if (!known || sscanf(version, "%d.%d", &major, &minor) != 2) {
        refuse(socket, version, "it does not tell its version");
        return;
    }
    ownFolder(folder, sizeof folder);
    snprintf(path, sizeof path, "%s/librepro_recorder-%d.%d.so", folder, major, minor);
    if (access(path, R_OK) != 0) {
        refuse(socket, version, "no recorder library for this version is installed");
        return;
    }
    void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    ReproStart start = library != NULL ? (ReproStart)dlsym(library, REPRO_START_SYMBOL) : NULL;
    if (start == NULL) {
        refuse(socket, version, dlerror());
        return;
    }
    const struct ReproHooks* hooks = start(reproOrigin, reproAwake);
    if (hooks != NULL && hooks->version == REPRO_HOOKS_VERSION) {
        reproSettleBy(hooks->settle);
        atomic_store_explicit(&g_hooks, hooks, memory_order_release);
    }
}

const struct ReproHooks* reproHooksNow(void) {
    return atomic_load_explicit(&g_hooks, memory_order_acquire);
}

static __thread int t_loading;

const struct ReproHooks* reproHooks(void) {
    const struct ReproHooks* hooks = atomic_load_explicit(&g_hooks, memory_order_acquire);
    if (hooks != NULL || atomic_load_explicit(&g_settled, memory_order_relaxed) || t_loading) {
        return hooks;
    }
    const char* socket = getenv("REPROREC_SOCKET");
    if (socket == NULL) {
        atomic_store(&g_settled, 1);
        return NULL;
    }
    if (!atomic_load(&g_mainRuns) || atomic_load(&g_dlopenDepth) != 0 || torchPath() == NULL) {
        return NULL;
    }
    int saved = errno;
    t_loading = 1;
    pthread_mutex_lock(&g_loading);
    if (!atomic_load(&g_settled)) {
        load(socket);
        atomic_store(&g_settled, 1);
    }
    pthread_mutex_unlock(&g_loading);
    t_loading = 0;
    errno = saved;
    return atomic_load_explicit(&g_hooks, memory_order_acquire);
}

void reproMainBegins(void) {
    atomic_store(&g_mainRuns, 1);
    reproHooks();
}

void reproDlopenBegins(void) {
    atomic_fetch_add(&g_dlopenDepth, 1);
}
void reproDlopenEnds(void) {
    atomic_fetch_sub(&g_dlopenDepth, 1);
}
