// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Arguments of an op that are not tensors, as canonical tagged bytes (FORMAT.md, "Arguments"): one
/// item for each schema argument in order; a tensor argument is the tag Tensor alone (its contents
/// are uses). Equal arguments have equal bytes. Header only for writing, so that the recorder can
/// use it.
namespace repro::trace {

enum class ArgumentTag : std::uint8_t {
    None = 0,        ///< no payload
    Tensor = 1,      ///< no payload
    Int = 2,         ///< i64
    Double = 3,      ///< f64, bits kept (NaN payload and -0 too)
    Complex = 4,     ///< f64 real, f64 imaginary
    Bool = 5,        ///< u8
    String = 6,      ///< u32 length, bytes
    IntList = 7,     ///< u32 count, i64 each
    DoubleList = 8,  ///< u32 count, f64 each
    BoolList = 9,    ///< u32 count, u8 each
    TensorList = 10, ///< u32 count, u8 each: 1 = defined
    Device = 11,     ///< u8 type, i8 index
    Generator = 12,  ///< no payload (the state is a draw)
    List = 13,       ///< u32 count, items
    Other = 14,      ///< u32 length, name of the type
    Cut = 15,        ///< u64 low, u64 high: fingerprint of everything from here on
};

/// Appends items to a byte string. No allocation but the growth of the buffer that it is given.
class ArgumentEncoder {
public:
    explicit ArgumentEncoder(std::vector<std::byte>& out) : m_out(out) {}

    void tag(ArgumentTag tag) { put(static_cast<std::uint8_t>(tag)); }
    void integer(std::int64_t v) { tag(ArgumentTag::Int), put(v); }
    void real(double v) { tag(ArgumentTag::Double), put(v); }
    void complex(double re, double im) { tag(ArgumentTag::Complex), put(re), put(im); }
    void boolean(bool v) { tag(ArgumentTag::Bool), put(static_cast<std::uint8_t>(v)); }
    void string(std::string_view v, ArgumentTag as = ArgumentTag::String) {
        tag(as);
        count(v.size());
        raw(v.data(), v.size());
    }
    void device(std::uint8_t type, std::int8_t index) {
        tag(ArgumentTag::Device), put(type), put(index);
    }
    void count(std::size_t n) { put(static_cast<std::uint32_t>(n)); }
    template <class T>
    void put(T v) {
        raw(&v, sizeof v);
    }

private:
    void raw(const void* data, std::size_t size) {
        const auto* first = static_cast<const std::byte*>(data);
        m_out.insert(m_out.end(), first, first + size);
    }
    std::vector<std::byte>& m_out;
};

/// Text of each item in order, as C++ would write it: "1e-05", "[3, 3]", "\"mean\"", "Tensor".
/// Throws: Error (Format) when the bytes are not well formed.
std::vector<std::string> describeArguments(std::span<const std::byte> tagged);

/// Names of the arguments of a schema in order: "self", "other", "alpha" of
/// "aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor". Empty when the text
/// is not a schema.
std::vector<std::string> argumentNames(std::string_view schema);

} // namespace repro::trace
