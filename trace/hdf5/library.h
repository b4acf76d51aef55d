// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/error.h"
#include "trace/hdf5/hdf5.h"

#include <hdf5.h>

#include <mutex>
#include <string>
#include <type_traits>

/// What the sources of trace/hdf5.h share: the lock, errors, and the closing functions.
namespace repro::trace::hdf5 {

static_assert(std::is_same_v<hid_t, Id>);

/// Held around every use of the library: Debian's is thread-safe, others' are not, and the printing
/// of errors is a setting of the thread.
class Session {
public:
    Session() : m_lock(mutex()) {
        // The error stacks of threads that ended keep the library from closing itself at exit,
        // about which it complains on stderr. Every handle of ours is closed by its owner.
        static const bool leaveExitAlone = H5dont_atexit() >= 0;
        static_cast<void>(leaveExitAlone);
        H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    }

private:
    static std::recursive_mutex& mutex() {
        static std::recursive_mutex instance;
        return instance;
    }
    std::scoped_lock<std::recursive_mutex> m_lock;
};

/// What the library's error stack says, all entries, for texts that only the innermost knows.
std::string errorStack();
/// The operating system's reason in an error stack ("No space left on device"), or a general one.
std::string systemReason(const std::string& stack);
Error writeError(const std::string& file, const std::string& what);
[[noreturn]] void throwWrite(const std::string& file, const std::string& what);
[[noreturn]] void throwDamaged(const std::string& file, const std::string& what);

/// One of the library's closing functions as a function of Id.
template <auto close>
int closing(Id id) {
    return close(id);
}
inline constexpr Handle::Closer closeFile = closing<H5Fclose>;
inline constexpr Handle::Closer closeDataset = closing<H5Dclose>;
inline constexpr Handle::Closer closeType = closing<H5Tclose>;
inline constexpr Handle::Closer closeSpace = closing<H5Sclose>;
inline constexpr Handle::Closer closeProperties = closing<H5Pclose>;
inline constexpr Handle::Closer closeAttribute = closing<H5Aclose>;
inline constexpr Handle::Closer closeObject = closing<H5Oclose>;
inline constexpr Handle::Closer closeGroup = closing<H5Gclose>;

/// The type of a handle, with the bytes of its elements.
Type typeOf(Handle handle);

} // namespace repro::trace::hdf5
