// SPDX-License-Identifier: BSD-3-Clause
#include "tests/symbols/fixture.h"

#include <array>
#include <cstdio>
#include <sstream>

namespace repro::symbols::test {

namespace fs = std::filesystem;

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::istringstream in(text);
    for (std::string part; std::getline(in, part, separator);) {
        parts.push_back(part);
    }
    return parts;
}

fs::path programOf(const std::string& form, const char* fixture) {
    return fs::path(REPRO_FIXTURES) / form / fixture;
}

std::string nameOfForm(const testing::TestParamInfo<std::string>& form) {
    std::string name = form.param;
    std::erase(name, '-');
    return name;
}

std::string shell(const std::string& command) {
    std::string output;
    FILE* pipe = ::popen(command.c_str(), "r");
    std::array<char, 4096> block{};
    for (std::size_t count = 0; (count = std::fread(block.data(), 1, block.size(), pipe)) > 0;) {
        output.append(block.data(), count);
    }
    EXPECT_EQ(::pclose(pipe), 0) << command;
    return output;
}

std::vector<Passed> placesOf(const fs::path& program, const std::string& form) {
    const bool isLibrary = form.find("library") != std::string::npos;
    const std::string text = shell((isLibrary ? REPRO_HOST " " : "") + program.string());
    std::vector<Passed> places;
    for (const std::string& line : split(text, '\n')) {
        const auto part = split(line, '|');
        places.push_back({std::stoull(part.at(0), nullptr, 16),
                          static_cast<std::uint32_t>(std::stoul(part.at(1))), part.at(2),
                          static_cast<std::uint32_t>(std::stoul(part.at(3))), part.at(4),
                          part.at(5)});
    }
    EXPECT_EQ(places.size(), 31U);
    return places;
}

std::string buildIdOf(const fs::path& file) {
    const std::string notes = shell("readelf -n " + file.string());
    const std::string word = "Build ID: ";
    const std::size_t at = notes.find(word);
    if (at == std::string::npos) {
        return {};
    }
    const std::size_t begin = at + word.size();
    return notes.substr(begin, notes.find('\n', begin) - begin);
}

Files::Files() {
    std::string name = (fs::temp_directory_path() / "repro-symbols-XXXXXX").string();
    m_folder = ::mkdtemp(name.data());
}

} // namespace repro::symbols::test
