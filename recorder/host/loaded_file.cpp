// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/loaded_file.h"

#include <elf.h>

#include <cstdio>
#include <cstring>
#include <unistd.h>

namespace repro::host {
namespace {

std::string digits(const char* bytes, std::size_t size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) {
        char hex[3];
        std::snprintf(hex, sizeof hex, "%02x", static_cast<unsigned char>(bytes[i]));
        text += hex;
    }
    return text;
}

std::string idIn(const char* at, std::size_t size) {
    const char* end = at + size;
    while (at + sizeof(ElfW(Nhdr)) <= end) {
        ElfW(Nhdr) note;
        std::memcpy(&note, at, sizeof note);
        const char* name = at + sizeof note;
        const char* data = name + (note.n_namesz + 3) / 4 * 4;
        if (data + note.n_descsz > end) {
            break;
        }
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
            std::memcmp(name, "GNU", 4) == 0) {
            return digits(data, note.n_descsz);
        }
        at = data + (note.n_descsz + 3) / 4 * 4;
    }
    return {};
}

} // namespace

std::string pathOf(const char* loadersName) {
    if (loadersName[0] != 0) {
        return loadersName;
    }
    char path[4096];
    const auto size = readlink("/proc/self/exe", path, sizeof path);
    return size > 0 ? std::string(path, static_cast<std::size_t>(size)) : std::string();
}

bool isOurs(std::string_view path) {
    return path.find("/librepro_") != std::string_view::npos;
}

std::string buildIdOf(std::uintptr_t bias, std::span<const ElfW(Phdr)> segments) {
    std::string id;
    for (const ElfW(Phdr) & segment : segments) {
        if (segment.p_type == PT_NOTE && id.empty()) {
            id = idIn(reinterpret_cast<const char*>(bias + segment.p_vaddr), segment.p_memsz);
        }
    }
    return id;
}

} // namespace repro::host
