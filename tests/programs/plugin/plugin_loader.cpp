// SPDX-License-Identifier: BSD-3-Clause
#include <cstdio>
#include <dlfcn.h>

/// Opens the plugin by its bare name: only the RUNPATH of this library says where it is.
extern "C" int runPlugin() {
    void* plugin = dlopen("libtrainer_plugin.so", RTLD_NOW | RTLD_LOCAL);
    if (plugin == nullptr) {
        std::fprintf(stderr, "%s\n", dlerror());
        return 9;
    }
    void* entry = dlsym(plugin, "trainPlugin");
    return entry == nullptr ? 8 : reinterpret_cast<int (*)()>(entry)();
}
