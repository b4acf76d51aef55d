// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/stack/objects.h"

#include <algorithm>
#include <dlfcn.h>
#include <link.h>

namespace repro::stack {

#if __GLIBC_PREREQ(2, 35) && !defined(REPRO_OLD_GLIBC)

std::optional<Object> objectAt(std::uintptr_t address) {
    dl_find_object found;
    if (_dl_find_object(reinterpret_cast<void*>(address), &found) != 0) {
        return std::nullopt;
    }
    return Object{reinterpret_cast<std::uintptr_t>(found.dlfo_map_start),
                  reinterpret_cast<std::uintptr_t>(found.dlfo_map_end), found.dlfo_link_map->l_addr,
                  found.dlfo_link_map->l_name,
                  static_cast<const std::uint8_t*>(found.dlfo_eh_frame)};
}

#else

namespace {

struct Search {
    std::uintptr_t address;
    Object found;
};

int look(dl_phdr_info* info, std::size_t, void* out) {
    Search& search = *static_cast<Search*>(out);
    Object object{UINTPTR_MAX, 0, info->dlpi_addr, info->dlpi_name, nullptr};
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const ElfW(Phdr)& header = info->dlpi_phdr[i];
        const std::uintptr_t at = info->dlpi_addr + header.p_vaddr;
        if (header.p_type == PT_LOAD) {
            object.begin = std::min(object.begin, at);
            object.end = std::max(object.end, at + header.p_memsz);
        } else if (header.p_type == PT_GNU_EH_FRAME) {
            object.unwindTable = reinterpret_cast<const std::uint8_t*>(at);
        }
    }
    const bool found = search.address >= object.begin && search.address < object.end;
    if (found) {
        search.found = object;
    }
    return found ? 1 : 0;
}

} // namespace

std::optional<Object> objectAt(std::uintptr_t address) {
    Search search{address, {}};
    // Its lock is not the one that dlopen holds while constructors run: they may wait for us.
    return dl_iterate_phdr(look, &search) != 0 ? std::optional(search.found) : std::nullopt;
}

#endif

} // namespace repro::stack
