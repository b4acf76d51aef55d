// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

namespace repro::cli {

/// How an element type is stored in a .npy file.
struct NpyType {
    std::string descr;  ///< NumPy's name: "<f4"
    bool pairs = false; ///< elements are (real, imaginary): one more dimension of size 2
    std::string note;   ///< what the reader of the file must know; empty where NumPy has the type
};

/// Throws: Error (Format) for a dtype of which the trace does not know the size.
NpyType npyType(trace::DType dtype);

/// The header of format version 1.0, padded so that the contents begin at a multiple of 64.
std::string npyHeader(const NpyType& type, std::span<const std::int64_t> sizes);

/// Writes header and contents; an existing file is replaced.
/// Throws: Error (Io).
void writeNpy(const std::filesystem::path& path, const std::string& header,
              std::span<const std::byte> contents);

} // namespace repro::cli
