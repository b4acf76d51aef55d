// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/launcher/target.h"

#include <fmt/format.h>
#include <gelf.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <libelf.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace repro::launcher {
namespace {

constexpr int kCannotRecord = 125;
constexpr int kCannotExecute = 126;
constexpr int kNotFound = 127;

namespace fs = std::filesystem;

bool isRegular(const fs::path& path) {
    std::error_code error;
    return fs::is_regular_file(path, error);
}

fs::path searchPath(const std::string& program) {
    const char* variable = std::getenv("PATH");
    std::string_view folders = variable != nullptr ? variable : "/usr/bin:/bin";
    fs::path present; // there, but not executable
    for (;;) {
        const std::size_t end = std::min(folders.find(':'), folders.size());
        const auto candidate = fs::path(end == 0 ? "." : folders.substr(0, end)) / program;
        if (isRegular(candidate)) {
            if (access(candidate.c_str(), X_OK) == 0) {
                return candidate;
            }
            present = present.empty() ? candidate : present;
        }
        if (end == folders.size()) {
            return present;
        }
        folders.remove_prefix(end + 1);
    }
}

fs::path locate(const std::string& program) {
    if (program.find('/') != std::string::npos) {
        std::error_code error;
        if (!fs::exists(program, error)) {
            throw LaunchError(kNotFound,
                              fmt::format("{}: no such program; check the path", program));
        }
        return program;
    }
    const auto found = searchPath(program);
    if (found.empty()) {
        const bool here = isRegular(program);
        throw LaunchError(kNotFound, fmt::format("{}: not found in PATH; {}", program,
                                                 here ? "did you mean ./" + program + "?"
                                                      : "check the name or give its path"));
    }
    return found;
}

void checkFile(const fs::path& path) {
    struct stat status = {};
    if (stat(path.c_str(), &status) != 0) {
        throw LaunchError(kCannotExecute,
                          fmt::format("{}: {}", path.string(), std::strerror(errno)));
    }
    if (S_ISDIR(status.st_mode)) {
        throw LaunchError(kCannotExecute,
                          fmt::format("{}: is a folder; name the program in it", path.string()));
    }
    if (access(path.c_str(), X_OK) != 0) {
        throw LaunchError(kCannotExecute,
                          fmt::format("{0}: is not executable; run: chmod +x {0}", path.string()));
    }
    const bool otherOwner = (status.st_mode & S_ISUID) != 0 && status.st_uid != geteuid();
    const bool otherGroup = (status.st_mode & S_ISGID) != 0 && status.st_gid != getegid();
    if (otherOwner || otherGroup) {
        throw LaunchError(kCannotRecord,
                          fmt::format("{}: is set-uid or set-gid, so nothing can be preloaded; "
                                      "record a copy without that bit",
                                      path.string()));
    }
}

/// An ELF file, closed at the end of the scope.
class ElfFile {
public:
    explicit ElfFile(const fs::path& path)
        : m_descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        elf_version(EV_CURRENT);
        m_elf = m_descriptor >= 0 ? elf_begin(m_descriptor, ELF_C_READ, nullptr) : nullptr;
    }
    ~ElfFile() {
        elf_end(m_elf);
        if (m_descriptor >= 0) {
            close(m_descriptor);
        }
    }
    ElfFile(const ElfFile&) = delete;
    ElfFile& operator=(const ElfFile&) = delete;

    /// Null when the file is no ELF file, or cannot be read.
    [[nodiscard]] Elf* get() const {
        return m_elf != nullptr && elf_kind(m_elf) == ELF_K_ELF ? m_elf : nullptr;
    }

private:
    int m_descriptor;
    Elf* m_elf = nullptr;
};

struct Linkage {
    bool interpreter = false;
    std::string sanitizer;
};

bool isSanitizer(std::string_view library) {
    constexpr std::array<std::string_view, 4> kRuntimes = {"libasan.so", "libtsan.so",
                                                           "libubsan.so", "libclang_rt."};
    for (const auto runtime : kRuntimes) {
        if (library.starts_with(runtime)) {
            return true;
        }
    }
    return false;
}

/// The first sanitizer's runtime among the libraries that the file needs.
std::string neededSanitizer(Elf* elf, const GElf_Shdr& header, Elf_Scn* section) {
    Elf_Data* data = elf_getdata(section, nullptr);
    const std::size_t entry = gelf_fsize(elf, ELF_T_DYN, 1, EV_CURRENT);
    for (std::size_t i = 0; data != nullptr && i < header.sh_size / entry; ++i) {
        GElf_Dyn item;
        if (gelf_getdyn(data, static_cast<int>(i), &item) == nullptr || item.d_tag != DT_NEEDED) {
            continue;
        }
        const char* name = elf_strptr(elf, header.sh_link, item.d_un.d_val);
        if (name != nullptr && isSanitizer(name)) {
            return name;
        }
    }
    return {};
}

Linkage readLinkage(Elf* elf) {
    Linkage linkage;
    std::size_t count = 0;
    elf_getphdrnum(elf, &count);
    for (std::size_t i = 0; i < count; ++i) {
        GElf_Phdr header;
        if (gelf_getphdr(elf, static_cast<int>(i), &header) != nullptr) {
            linkage.interpreter = linkage.interpreter || header.p_type == PT_INTERP;
        }
    }
    Elf_Scn* section = nullptr;
    while ((section = elf_nextscn(elf, section)) != nullptr && linkage.sanitizer.empty()) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) != nullptr && header.sh_type == SHT_DYNAMIC) {
            linkage.sanitizer = neededSanitizer(elf, header, section);
        }
    }
    return linkage;
}

int ownMachine() {
    const ElfFile own("/proc/self/exe");
    GElf_Ehdr header;
    return own.get() != nullptr && gelf_getehdr(own.get(), &header) != nullptr ? header.e_machine
                                                                               : EM_NONE;
}

} // namespace

Target findTarget(const std::string& program) {
    Target target{.path = locate(program), .sanitizer = {}, .obstacle = {}};
    checkFile(target.path);
    const ElfFile file(target.path);
    if (file.get() == nullptr) {
        return target; // a script: what it runs is preloaded through the environment
    }
    GElf_Ehdr header;
    if (gelf_getehdr(file.get(), &header) == nullptr || header.e_machine != ownMachine()) {
        throw LaunchError(
            kCannotExecute,
            fmt::format("{}: is built for another architecture; build it for this one",
                        target.path.string()));
    }
    const Linkage linkage = readLinkage(file.get());
    if (!linkage.interpreter) {
        throw LaunchError(
            kCannotRecord,
            fmt::format("{}: is statically linked, so nothing can be preloaded; link it "
                        "with the shared LibTorch",
                        target.path.string()));
    }
    target.sanitizer = linkage.sanitizer;
    if (linkage.sanitizer.starts_with("libtsan.")) {
        target.obstacle = fmt::format("{}: is built with ThreadSanitizer, which cannot see how the "
                                      "recorder synchronizes; record a build without it",
                                      target.path.string());
    }
    return target;
}

} // namespace repro::launcher
