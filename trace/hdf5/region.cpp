// SPDX-License-Identifier: BSD-3-Clause
#include "trace/hdf5/region.h"

#include "trace/hdf5/library.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>
#include <utility>

namespace repro::trace::hdf5 {
namespace {

/// Larger writes are slower: the kernel looks for more room at once.
constexpr std::size_t kLargestWrite = 1U << 20U;

[[noreturn]] void fail(const std::string& path, const char* what) {
    throw Error(ErrorKind::Io,
                fmt::format("{}: cannot be {}: {}", path, what, std::strerror(errno)));
}

} // namespace

Region::~Region() {
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
    }
}

void Region::swap(Region& other) noexcept {
    std::swap(m_path, other.m_path);
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_offset, other.m_offset);
    std::swap(m_bytes, other.m_bytes);
}

Region Region::open(const std::filesystem::path& path, const std::string& dataset, bool forChange) {
    Region region;
    {
        const File file = File::open(path);
        std::tie(region.m_offset, region.m_bytes) = file.placeOf(dataset);
    }
    region.m_path = path.string();
    region.m_descriptor = ::open(path.c_str(), (forChange ? O_RDWR : O_RDONLY) | O_CLOEXEC);
    if (region.m_descriptor < 0) {
        fail(region.m_path, "opened");
    }
    return region;
}

std::uint64_t Region::changedNs() const {
    struct stat status {};
    fstat(m_descriptor, &status);
    return static_cast<std::uint64_t>(status.st_mtim.tv_sec) * 1'000'000'000 +
           static_cast<std::uint64_t>(status.st_mtim.tv_nsec);
}

void Region::write(std::uint64_t at, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t done =
            pwrite(m_descriptor, bytes.data(), std::min(bytes.size(), kLargestWrite),
                   static_cast<off_t>(m_offset + at));
        if (done < 0 && errno != EINTR) {
            fail(m_path, "written");
        }
        const auto count = static_cast<std::size_t>(std::max<ssize_t>(done, 0));
        at += count;
        bytes = bytes.subspan(count);
    }
}

void Region::read(std::uint64_t at, std::span<std::byte> bytes) const {
    while (!bytes.empty()) {
        const ssize_t done =
            pread(m_descriptor, bytes.data(), bytes.size(), static_cast<off_t>(m_offset + at));
        if (done < 0 && errno != EINTR) {
            fail(m_path, "read");
        }
        if (done == 0) {
            std::ranges::fill(bytes, std::byte{0});
            return;
        }
        const auto count = static_cast<std::size_t>(std::max<ssize_t>(done, 0));
        at += count;
        bytes = bytes.subspan(count);
    }
}

} // namespace repro::trace::hdf5
