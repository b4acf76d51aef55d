// SPDX-License-Identifier: BSD-3-Clause
#include "symbols/object.h"

#include "symbols/frames.h"
#include "symbols/name.h"

#include <elfutils/libdwelf.h>
#include <gelf.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace repro::symbols {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSystemDebugDir = "/usr/lib/debug";

std::string dwflError() {
    const char* message = dwfl_errmsg(-1);
    return message != nullptr ? message : "";
}

std::string hexadecimal(const unsigned char* bytes, int count) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (int i = 0; i < count; ++i) {
        text += kDigits[bytes[i] >> 4U];
        text += kDigits[bytes[i] & 15U];
    }
    return text;
}

/// Where a debug folder has the debug information of a build-id.
fs::path debugFileOf(const fs::path& debugDir, const std::string& buildId) {
    const std::string folder = buildId.substr(0, 2);
    return debugDir / ".build-id" / folder / (buildId.substr(folder.size()) + ".debug");
}

bool hasDebugInformation(Elf* elf) {
    std::size_t names = 0;
    if (elf == nullptr || elf_getshdrstrndx(elf, &names) != 0) {
        return false;
    }
    Elf_Scn* section = nullptr;
    while ((section = elf_nextscn(elf, section)) != nullptr) {
        GElf_Shdr header;
        const char* name = gelf_getshdr(section, &header) != nullptr
                               ? elf_strptr(elf, names, header.sh_name)
                               : nullptr;
        if (name != nullptr &&
            (std::strcmp(name, ".debug_info") == 0 || std::strcmp(name, ".zdebug_info") == 0)) {
            return true;
        }
    }
    return false;
}

} // namespace

Object::Object(const std::string& path, const std::string& buildId,
               const std::vector<std::string>& debugDirs)
    : m_callbacks{dwfl_build_id_find_elf, dwfl_standard_find_debuginfo,
                  dwfl_offline_section_address, &m_debugPathWord} {
    std::vector<fs::path> files{path};
    m_debugPath = ":.debug"; // beside the file, as .gnu_debuglink has it
    std::vector<std::string> folders = debugDirs;
    folders.emplace_back(kSystemDebugDir);
    for (const std::string& folder : folders) {
        m_debugPath += ":" + fs::absolute(folder).string();
        if (!buildId.empty()) {
            // Where the object is gone, its debug information may still be there.
            files.push_back(debugFileOf(folder, buildId));
        }
    }
    m_debugPathWord = m_debugPath.data();
    std::optional<Refusal> first;
    for (const fs::path& file : files) {
        auto refusal = open(file, buildId);
        if (!refusal) {
            return;
        }
        first = first ? first : refusal;
    }
    m_status = first->status;
    m_detail = first->detail;
}

std::optional<Object::Refusal> Object::open(const fs::path& path, const std::string& buildId) {
    // A pipe would keep who opens it waiting.
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat facts {};
    if (file < 0 || ::fstat(file, &facts) != 0) {
        return Refusal{Status::Missing, std::strerror(errno)};
    }
    if (!S_ISREG(facts.st_mode)) {
        ::close(file);
        return Refusal{Status::Damaged, "is not a file"};
    }
    m_dwfl.reset(dwfl_begin(&m_callbacks));
    // From address 0: what it says of an address is then in the addresses of the file.
    m_module = dwfl_report_elf(m_dwfl.get(), path.c_str(), path.c_str(), file, 0, true);
    if (m_module == nullptr) {
        ::close(file);
        return Refusal{Status::Damaged, "cannot be read: " + dwflError()};
    }
    dwfl_report_end(m_dwfl.get(), nullptr, nullptr);
    GElf_Addr bias = 0;
    Elf* elf = dwfl_module_getelf(m_module, &bias);
    const unsigned char* bits = nullptr;
    const int bytes = dwfl_module_build_id(m_module, &bits, &bias);
    const std::string found = hexadecimal(bits, std::max(bytes, 0));
    if (found != buildId) {
        return Refusal{Status::Rebuilt, "was built again since: its build-id is " +
                                            (found.empty() ? "none" : found) + ", not " +
                                            (buildId.empty() ? "none" : buildId)};
    }
    m_path = path;
    readSymbols();
    Dwarf* dwarf = dwfl_module_getdwarf(m_module, &m_bias);
    m_status = dwarf != nullptr     ? Status::Resolved
               : !m_symbols.empty() ? Status::SymbolsOnly
                                    : Status::Stripped;
    if (dwarf == nullptr && hasDebugInformation(elf)) {
        m_status = Status::Damaged;
        m_detail = "its debug information cannot be read: " + dwflError();
    }
    m_units.emplace(dwarf);
    m_cfi = dwfl_module_eh_cfi(m_module, &bias);
    m_cfi = bias == m_bias ? m_cfi : nullptr;
    return std::nullopt;
}

void Object::readSymbols() {
    const int count = dwfl_module_getsymtab(m_module);
    for (int i = 1; i < count; ++i) {
        GElf_Sym symbol;
        GElf_Addr address = 0;
        GElf_Word section = 0;
        const char* name =
            dwfl_module_getsym_info(m_module, i, &symbol, &address, &section, nullptr, nullptr);
        const int type = GELF_ST_TYPE(symbol.st_info);
        // Where a function without a size ends is not known.
        if (name != nullptr && (type == STT_FUNC || type == STT_GNU_IFUNC) &&
            section != SHN_UNDEF && symbol.st_size != 0) {
            m_symbols.push_back({address, address + symbol.st_size, name});
        }
    }
}

std::vector<std::string> Object::symbolsAt(Dwarf_Addr address) const {
    Dwarf_Addr low = 0;
    std::vector<std::string> names;
    for (const Range<const char*>& symbol : m_symbols) {
        if (address < symbol.low || address >= symbol.high || symbol.low < low) {
            continue;
        }
        if (symbol.low > low) {
            low = symbol.low;
            names.clear();
        }
        std::string name = functionOf(symbol.what);
        if (std::ranges::find(names, name) == names.end()) {
            names.push_back(std::move(name));
        }
    }
    return names;
}

std::vector<SourceFrame> Object::lookup(std::uint64_t returnOffset) {
    if (!m_units || returnOffset == 0) {
        return {};
    }
    // A call that does not return may be a function's last instruction, and the return address
    // another's first.
    const Dwarf_Addr call = returnOffset - 1;
    std::vector<SourceFrame> frames;
    if (const auto place = m_units->find(call - m_bias)) {
        frames = framesAt(*place, call - m_bias, m_cfi);
    } else {
        frames.emplace_back();
    }
    // A symbol has the scopes that debug information may lack.
    SourceFrame& outermost = frames.back();
    outermost.aliases = symbolsAt(call);
    if (outermost.aliases.size() == 1 ||
        (outermost.function.empty() && !outermost.aliases.empty())) {
        outermost.function = outermost.aliases.front();
    }
    std::erase(outermost.aliases, outermost.function);
    if (frames.size() == 1 && outermost.function.empty() && outermost.file.empty()) {
        return {};
    }
    return frames;
}

std::string Object::detail() const {
    if (m_detail.empty() && m_units && !m_units->missing().empty()) {
        return "inlined calls are not known: " + m_units->missing() + " is missing";
    }
    return m_detail;
}

} // namespace repro::symbols
