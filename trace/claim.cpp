// SPDX-License-Identifier: BSD-3-Clause
#include "trace/claim.h"

#include "trace/error.h"
#include "trace/hdf5/hdf5.h"
#include "trace/journal.h"
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

void claimFile(const fs::path& path, bool overwrite, bool (*isOurs)(const fs::path&)) {
    std::error_code error;
    const fs::file_type type = fs::status(path, error).type();
    if (type == fs::file_type::not_found || type == fs::file_type::none) {
        return;
    }
    if (type != fs::file_type::regular) {
        refuse(path, nameOf(type));
    }
    if (!overwrite) {
        refuse(path, "exists; overwrite it with -f or choose another name with -o");
    }
    if (fs::file_size(path, error) > 0 && !isOurs(path)) {
        refuse(path, "is no trace, so -f does not overwrite it; remove it or choose another "
                     "name with -o");
    }
}

void claimPartial(const fs::path& folder, bool overwrite) {
    if (isLive(folder)) {
        refuse(folder, "is being written by another recording; choose another name with -o");
    }
    if (!overwrite) {
        refuse(folder, "is a recording that did not end; make a trace of it with `reprorec "
                       "recover`, overwrite it with -f, or choose another name with -o");
    }
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        if (!isOfJournal(entry.path())) {
            refuse(entry.path(), "is none of a recording's files, so -f does not overwrite its "
                                 "folder; remove it or choose another name with -o");
        }
    }
}

void removeOurs(const fs::path& folder) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        if (isOfJournal(entry.path())) {
            fs::remove(entry.path(), error);
        }
    }
}

} // namespace

fs::path partialOf(const fs::path& path) {
    return path.string() + ".partial";
}

fs::path claim(const fs::path& path, bool overwrite) {
    const fs::path file = follow(path);
    const fs::path folder = partialOf(file);
    std::error_code error;
    if (fs::is_directory(folder, error)) {
        claimPartial(folder, overwrite);
    } else {
        claimFile(folder, overwrite, isUnfinishedTrace);
    }
    claimFile(file, overwrite, isTrace);
    return file;
}

fs::path makePartial(const fs::path& path) {
    fs::path folder = partialOf(path);
    std::error_code error;
    if (fs::is_regular_file(folder, error)) {
        fs::remove(folder, error);
    }
    fs::create_directory(folder, error);
    removeOurs(folder);
    return folder;
}

void removePartial(const fs::path& path) {
    std::error_code error;
    removeOurs(partialOf(path));
    fs::remove(partialOf(path), error);
}

} // namespace repro::trace
