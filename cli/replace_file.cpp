// SPDX-License-Identifier: BSD-3-Clause
#include "cli/replace_file.h"

#include "trace/error.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

namespace repro::cli {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& target, std::string_view why) {
    throw Error(ErrorKind::Io,
                fmt::format("{}: cannot be written: {}; check the folder and the disk",
                            target.string(), why));
}

/// On the disk, not only in its cache, before it takes the place of the old one.
void settle(const fs::path& path) {
    const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool settled = descriptor >= 0 && fsync(descriptor) == 0;
    const int error = errno;
    if (descriptor >= 0) {
        close(descriptor);
    }
    if (!settled) {
        throw fs::filesystem_error("fsync", std::error_code(error, std::generic_category()));
    }
}

void write(const fs::path& path, std::string_view contents) {
    errno = 0;
    std::ofstream file(path, std::ios::binary);
    file.write(contents.data(), static_cast<std::streamsize>(contents.size()));
    file.close();
    if (!file) {
        throw fs::filesystem_error(
            "write", std::error_code(errno == 0 ? EIO : errno, std::generic_category()));
    }
}

/// `fill` writes a file of the name it is given, which then becomes `target`.
template <class Fill>
void replace(const fs::path& target, Fill fill) {
    fs::path partial;
    try {
        const fs::path real = fs::exists(target) ? fs::canonical(target) : target;
        if (fs::exists(real) && !fs::is_regular_file(real)) {
            fill(real);
            return;
        }
        partial = real;
        partial += fmt::format(".{}.new", getpid());
        fill(partial);
        if (fs::exists(real)) {
            fs::permissions(partial, fs::status(real).permissions());
        }
        settle(partial);
        fs::rename(partial, real);
    } catch (const fs::filesystem_error& error) {
        std::error_code ignored;
        if (!partial.empty()) {
            fs::remove(partial, ignored);
        }
        fail(target, error.code().message());
    }
}

} // namespace

void replaceFile(const fs::path& target, std::string_view contents) {
    replace(target, [&](const fs::path& path) { write(path, contents); });
}

void replaceFileByCopy(const fs::path& target, const fs::path& source) {
    replace(target, [&](const fs::path& path) {
        fs::copy_file(source, path, fs::copy_options::overwrite_existing);
    });
}

} // namespace repro::cli
