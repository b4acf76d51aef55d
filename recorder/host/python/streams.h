// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/thread_state.h"

#include <cstddef>
#include <cstdint>
#include <string>

/// Generators of random numbers that are Python's or NumPy's. Their states are read from memory, at
/// each outermost op, without the global interpreter lock.
namespace repro::host::python {

/// How a state lies in memory.
enum class StreamLayout {
    Random,  ///< random.Random: i32 index, 624 x u32 (Modules/_randommodule.c, RandomObject)
    Mt19937, ///< NumPy's: 624 x u32, i32 position (numpy/random/src/mt19937/mt19937.h)
    Pcg64,   ///< NumPy's: a pointer to two u128, then i32 and u32 (src/pcg64/pcg64.h)
    Sfc64,   ///< NumPy's: 4 x u64, i32 and u32 (src/sfc64/sfc64.h)
};

struct WatchedStream {
    std::uint64_t id = 0;  ///< of the object, while it lives
    std::string name;      ///< "numpy.random"
    bool isGlobal = false; ///< the functions of a module draw from it
    StreamLayout layout = StreamLayout::Random;
    const std::byte* state = nullptr;
};

/// From now on its moves are told. Of a Mersenne Twister, `first` is the first word and `index` the
/// position as Python tells them. Returns: false where they are not there.
bool watchStream(ThreadState& state, const WatchedStream& stream, std::uint32_t first,
                 std::uint32_t index);
/// The object is gone: once this returns, its memory is read no more.
void forgetStream(std::uint64_t id);
/// A mark for those that moved since the last call. Skipped while another thread is at it.
void tellMovedStreams(ThreadState& state);

} // namespace repro::host::python
