// SPDX-License-Identifier: BSD-3-Clause
#include "trace/header.h"

#include "trace/error.h"
#include "trace/schema.h"

#include <fmt/format.h>

#include <string_view>

namespace repro::trace {
namespace {

/// HDF5 keeps larger attributes where nothing checksums them.
std::string_view cutText(std::string_view text) {
    return text.substr(0, schema::kLongestAttribute);
}

void checkVersion(const hdf5::File& file) {
    if (file.textAttribute(schema::kAttributeFormat) != schema::kFormat) {
        throw Error(ErrorKind::Format,
                    fmt::format("{}: is an HDF5 file but no trace; name one that reprorec wrote",
                                file.path()));
    }
    const auto major = file.integerAttribute(schema::kAttributeMajor).value_or(0);
    if (major != schema::kMajor) {
        throw Error(ErrorKind::Version,
                    fmt::format("{}: has format version {}, this reprorec reads {}; use {}",
                                file.path(), major, schema::kMajor,
                                major > schema::kMajor ? "a newer reprorec" : "another file"));
    }
}

} // namespace

void writeVersion(hdf5::File& file) {
    file.setAttribute(schema::kAttributeFormat, std::string_view(schema::kFormat));
    file.setAttribute(schema::kAttributeMajor, std::uint64_t{schema::kMajor});
    file.setAttribute(schema::kAttributeMinor, std::uint64_t{schema::kMinor});
    file.setAttribute(schema::kAttributeComplete, std::uint64_t{0});
}

void writeHeader(hdf5::File& file, const Header& header) {
    schema::forEach(schema::kHeaderTexts, [&](const auto& field) {
        file.setAttribute(field.name, cutText(field.in(header)));
    });
    schema::forEach(schema::kHeaderIntegers, [&](const auto& field) {
        file.setAttribute(field.name, std::uint64_t{field.in(header)});
    });
    file.setAttribute(schema::kAttributeComplete, std::uint64_t{header.complete ? 1U : 0U});
}

Header readHeader(const hdf5::File& file) {
    checkVersion(file);
    Header header;
    header.formatMajor = schema::kMajor;
    header.formatMinor =
        static_cast<std::uint32_t>(file.integerAttribute(schema::kAttributeMinor).value_or(0));
    header.complete = file.integerAttribute(schema::kAttributeComplete).value_or(0) == 1;
    schema::forEach(schema::kHeaderTexts, [&](const auto& field) {
        field.in(header) = file.textAttribute(field.name).value_or("");
    });
    schema::forEach(schema::kHeaderIntegers, [&](const auto& field) {
        field.in(header) = file.integerAttribute(field.name).value_or(0);
    });
    return header;
}

} // namespace repro::trace
