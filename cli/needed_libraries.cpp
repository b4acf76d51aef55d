// SPDX-License-Identifier: BSD-3-Clause
#include "cli/needed_libraries.h"

#include <gelf.h>

#include <fcntl.h>
#include <libelf.h>
#include <memory>
#include <unistd.h>

namespace repro::cli {

namespace {

void readNames(Elf* elf, Elf_Scn* section, std::size_t strings, std::vector<std::string>& names) {
    Elf_Data* data = elf_getdata(section, nullptr);
    GElf_Dyn entry;
    for (int i = 0; data != nullptr && gelf_getdyn(data, i, &entry) != nullptr; ++i) {
        const char* name =
            entry.d_tag == DT_NEEDED ? elf_strptr(elf, strings, entry.d_un.d_val) : nullptr;
        if (name != nullptr) {
            names.emplace_back(name);
        }
    }
}

} // namespace

std::optional<std::vector<std::string>> neededLibraries(const std::filesystem::path& path) {
    const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return std::nullopt;
    }
    elf_version(EV_CURRENT);
    std::optional<std::vector<std::string>> names;
    const std::unique_ptr<Elf, int (*)(Elf*)> elf(elf_begin(descriptor, ELF_C_READ, nullptr),
                                                  elf_end);
    if (elf && elf_kind(elf.get()) == ELF_K_ELF) {
        names.emplace();
        Elf_Scn* section = nullptr;
        while ((section = elf_nextscn(elf.get(), section)) != nullptr) {
            GElf_Shdr header;
            if (gelf_getshdr(section, &header) != nullptr && header.sh_type == SHT_DYNAMIC) {
                readNames(elf.get(), section, header.sh_link, *names);
            }
        }
    }
    close(descriptor);
    return names;
}

} // namespace repro::cli
