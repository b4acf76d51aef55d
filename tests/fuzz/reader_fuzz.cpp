// SPDX-License-Identifier: BSD-3-Clause
#include "trace/error.h"
#include "trace/reader.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace fs = std::filesystem;

// A file of any bytes is refused with an Error or read; nothing else.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fs::path path =
        fs::temp_directory_path() / fmt::format("reader_fuzz-{}.h5", getpid());
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    try {
        const repro::trace::Reader reader(path);
        reader.verify();
    } catch (const repro::Error&) {
    }
    return 0;
}
