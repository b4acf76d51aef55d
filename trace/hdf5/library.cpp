// SPDX-License-Identifier: BSD-3-Clause
#include "trace/hdf5/library.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace repro::trace::hdf5 {

std::string errorStack() {
    std::string text;
    const auto append = [](unsigned, const H5E_error2_t* entry, void* out) -> herr_t {
        *static_cast<std::string*>(out) += std::string(entry->desc) + "; ";
        return 0;
    };
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, append, &text);
    return text;
}

std::string systemReason(const std::string& stack) {
    constexpr std::string_view kMark = "error message = '";
    const auto at = stack.find(kMark);
    if (at == std::string::npos) {
        return "HDF5 refused";
    }
    const auto first = at + kMark.size();
    return stack.substr(first, stack.find('\'', first) - first);
}

Error writeError(const std::string& file, const std::string& what) {
    return {ErrorKind::Io,
            fmt::format("{}: cannot write {}: {}; free space or choose another place", file, what,
                        systemReason(errorStack()))};
}

void throwWrite(const std::string& file, const std::string& what) {
    throw writeError(file, what);
}

void throwDamaged(const std::string& file, const std::string& what) {
    throw Error(ErrorKind::Format,
                fmt::format("{}: damaged: {} cannot be read; restore the file or record again",
                            file, what));
}

Handle::~Handle() {
    close();
}

bool Handle::close() {
    if (!valid()) {
        return true;
    }
    const Session session;
    return m_closer(std::exchange(m_id, -1)) >= 0;
}

void Handle::swap(Handle& other) noexcept {
    std::swap(m_id, other.m_id);
    std::swap(m_closer, other.m_closer);
}

} // namespace repro::trace::hdf5
