// SPDX-License-Identifier: BSD-3-Clause
#include "cli/elf_program.h"

#include "trace/error.h"

#include <fmt/format.h>
#include <gelf.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <libelf.h>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace repro::cli {

namespace {

using SanitizerMark = std::pair<std::string_view, const char*>;

constexpr std::array kSanitizerLibraries = {
    SanitizerMark{"libasan.so", "address"}, SanitizerMark{"libclang_rt.asan", "address"},
    SanitizerMark{"libtsan.so", "thread"}, SanitizerMark{"libclang_rt.tsan", "thread"}};
constexpr std::array kSanitizerSymbols = {SanitizerMark{"__asan_init", "address"},
                                          SanitizerMark{"__tsan_init", "thread"},
                                          SanitizerMark{"__msan_init", "memory"}};

/// An open ELF file.
class ElfFile {
public:
    explicit ElfFile(const std::filesystem::path& path)
        : m_fd(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        if (m_fd < 0) {
            throw Error(ErrorKind::Io, fmt::format("{}: cannot read: {}; check its permissions",
                                                   path.string(), std::strerror(errno)));
        }
        elf_version(EV_CURRENT);
        m_elf = elf_begin(m_fd, ELF_C_READ, nullptr);
    }
    ~ElfFile() {
        elf_end(m_elf);
        close(m_fd);
    }
    ElfFile(const ElfFile&) = delete;
    ElfFile& operator=(const ElfFile&) = delete;

    [[nodiscard]] bool isElf() const { return m_elf != nullptr && elf_kind(m_elf) == ELF_K_ELF; }
    [[nodiscard]] Elf* get() const { return m_elf; }

private:
    int m_fd;
    Elf* m_elf = nullptr;
};

bool hasInterpreter(Elf* elf) {
    std::size_t count = 0;
    elf_getphdrnum(elf, &count);
    for (std::size_t i = 0; i < count; ++i) {
        GElf_Phdr header;
        if (gelf_getphdr(elf, static_cast<int>(i), &header) != nullptr &&
            header.p_type == PT_INTERP) {
            return true;
        }
    }
    return false;
}

void readNeeded(Elf* elf, Elf_Data* data, const GElf_Shdr& header, ElfProgram& program) {
    GElf_Dyn entry;
    for (int i = 0; gelf_getdyn(data, i, &entry) != nullptr; ++i) {
        const char* name =
            entry.d_tag == DT_NEEDED ? elf_strptr(elf, header.sh_link, entry.d_un.d_val) : nullptr;
        if (name == nullptr) {
            continue;
        }
        program.needed.emplace_back(name);
        for (const auto& [prefix, sanitizer] : kSanitizerLibraries) {
            if (program.needed.back().starts_with(prefix)) {
                program.sanitizer = sanitizer;
            }
        }
    }
}

/// Clang links its sanitizers statically; the symbols tell.
void readSymbols(Elf* elf, Elf_Data* data, const GElf_Shdr& header, ElfProgram& program) {
    GElf_Sym symbol;
    for (int i = 0; gelf_getsym(data, i, &symbol) != nullptr; ++i) {
        const char* name = elf_strptr(elf, header.sh_link, symbol.st_name);
        for (const auto& [mark, sanitizer] : kSanitizerSymbols) {
            if (name != nullptr && mark == name) {
                program.sanitizer = sanitizer;
            }
        }
    }
}

} // namespace

std::optional<ElfProgram> readElf(const std::filesystem::path& path) {
    const ElfFile file(path);
    if (!file.isElf()) {
        return std::nullopt;
    }
    ElfProgram program;
    program.interpreted = hasInterpreter(file.get());
    Elf_Scn* section = nullptr;
    while ((section = elf_nextscn(file.get(), section)) != nullptr) {
        GElf_Shdr header;
        Elf_Data* data = elf_getdata(section, nullptr);
        if (gelf_getshdr(section, &header) == nullptr || data == nullptr) {
            continue;
        }
        if (header.sh_type == SHT_DYNAMIC) {
            readNeeded(file.get(), data, header, program);
        } else if (header.sh_type == SHT_DYNSYM) {
            readSymbols(file.get(), data, header, program);
        }
    }
    return program;
}

} // namespace repro::cli
