// SPDX-License-Identifier: BSD-3-Clause
#include "trace/claim.h"

#include "trace/error.h"
#include "trace/hdf5/hdf5.h"
#include "trace/schema.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <string>

namespace repro::trace {
namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40; ///< as the kernel

[[noreturn]] void refuse(const fs::path& path, const char* why) {
    throw Error(ErrorKind::Io, fmt::format("{}: {}", path.string(), why));
}

/// Also of a link to what is not there yet, which std::filesystem::canonical() cannot follow.
fs::path follow(fs::path path) {
    std::error_code error;
    for (int links = 0; fs::is_symlink(path, error); ++links) {
        if (links == kMostLinks) {
            refuse(path, "links to itself; choose another name with -o");
        }
        const fs::path target = fs::read_symlink(path, error);
        path = target.is_absolute() ? target : path.parent_path() / target;
    }
    return path;
}

bool isTrace(const fs::path& path) {
    try {
        const auto file = hdf5::File::open(path);
        return file.textAttribute(schema::kAttributeFormat) == schema::kFormat;
    } catch (const Error&) {
        return false;
    }
}

/// Of a recorder that was killed, there is often no more than the beginning of an HDF5 file.
bool isUnfinishedTrace(const fs::path& path) {
    std::string head(hdf5::kSignature.size(), '\0');
    std::ifstream(path, std::ios::binary).read(head.data(), std::ssize(head));
    return head == hdf5::kSignature;
}

const char* nameOf(fs::file_type type) {
    switch (type) {
    case fs::file_type::directory:
        return "is a folder; name a file in it with -o";
    case fs::file_type::fifo:
        return "is a pipe, and a trace needs a file; name one with -o";
    case fs::file_type::socket:
        return "is a socket, and a trace needs a file; name one with -o";
    default:
        return "is a device, and a trace needs a file; name one with -o";
    }
}

} // namespace

fs::path partialOf(const fs::path& path) {
    return path.string() + ".partial";
}

fs::path claim(const fs::path& path, bool overwrite) {
    fs::path file = follow(path);
    for (const fs::path& taken : {file, partialOf(file)}) {
        std::error_code error;
        const fs::file_type type = fs::status(taken, error).type();
        if (type == fs::file_type::not_found || type == fs::file_type::none) {
            continue;
        }
        if (type != fs::file_type::regular) {
            refuse(taken, nameOf(type));
        }
        if (!overwrite) {
            refuse(taken, "exists; overwrite it with -f or choose another name with -o");
        }
        const bool ours = taken == file ? isTrace(taken) : isUnfinishedTrace(taken);
        if (fs::file_size(taken, error) > 0 && !ours) {
            refuse(taken, "is no trace, so -f does not overwrite it; remove it or choose another "
                          "name with -o");
        }
    }
    return file;
}

} // namespace repro::trace
