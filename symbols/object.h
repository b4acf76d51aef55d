// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "symbols/answer.h"
#include "symbols/units.h"

#include <elfutils/libdwfl.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace repro::symbols {

/// A program or library on disk, with its debug information wherever that is: inside, in a file
/// that .gnu_debuglink names, or under its build-id in one of `debugDirs` or the system's folder.
/// Reads what it is asked for. It trusts the file: a damaged one may take long, or crash.
class Object {
public:
    /// `buildId`: the recorded one, in hexadecimal; a file with another is not read.
    Object(const std::string& path, const std::string& buildId,
           const std::vector<std::string>& debugDirs);

    /// Returns: empty where nothing is known. `returnOffset`: see ObjectRequest::offsets.
    std::vector<SourceFrame> lookup(std::uint64_t returnOffset);

    /// Whether the file could be read, and what there is in it; see also detail().
    [[nodiscard]] Status status() const { return m_status; }
    [[nodiscard]] std::string detail() const;
    /// The file that was read.
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    struct Refusal {
        Status status;
        std::string detail;
    };
    struct End {
        void operator()(Dwfl* dwfl) const { dwfl_end(dwfl); }
    };
    std::optional<Refusal> open(const std::filesystem::path& path, const std::string& buildId);
    void readSymbols();
    /// The functions with a symbol at the address: several where they share their code.
    [[nodiscard]] std::vector<std::string> symbolsAt(Dwarf_Addr address) const;

    std::string m_debugPath;
    char* m_debugPathWord = nullptr; ///< m_debugPath, in libdwfl's form
    Dwfl_Callbacks m_callbacks{};
    std::unique_ptr<Dwfl, End> m_dwfl;
    Dwfl_Module* m_module = nullptr;
    std::filesystem::path m_path;
    Status m_status = Status::Unread;
    std::string m_detail;
    Dwarf_Addr m_bias = 0; ///< of the addresses of debug information
    std::optional<Units> m_units;
    Dwarf_CFI* m_cfi = nullptr;
    std::vector<Range<const char*>> m_symbols; ///< of functions
};

} // namespace repro::symbols
