// SPDX-License-Identifier: BSD-3-Clause
#include "trace/arguments.h"

#include "trace/error.h"

#include <fmt/format.h>

#include <array>
#include <cstring>

namespace repro::trace {
namespace {

/// Deeper lists than any schema has; a bound for damaged bytes.
constexpr int kDeepest = 16;

constexpr std::array<const char*, 21> kDevices = {
    "cpu",  "cuda", "mkldnn", "opengl", "opencl", "ideep", "hip",
    "fpga", "maia", "xla",    "vulkan", "metal",  "xpu",   "mps",
    "meta", "hpu",  "ve",     "lazy",   "ipu",    "mtia",  "privateuseone"};

[[noreturn]] void throwMalformed(const char* what) {
    throw Error(
        ErrorKind::Format,
        fmt::format("arguments are malformed: {}; the trace is damaged, record again", what));
}

std::string realText(double value) {
    std::string text = fmt::format("{}", value);
    const bool isWhole = text.find_first_not_of("-0123456789") == std::string::npos;
    return isWhole ? text + ".0" : text;
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        switch (c) {
        case '"':
        case '\\':
            out += '\\';
            out += c;
            break;
        case '\n':
            out += "\\n";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
                out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
            } else {
                out += c;
            }
        }
    }
    return out + "\"";
}

/// Reads tagged items from first to last.
class Decoder {
public:
    explicit Decoder(std::span<const std::byte> bytes) : m_bytes(bytes) {}

    [[nodiscard]] bool atEnd() const { return m_bytes.empty(); }

    std::string item(int depth = 0) {
        const auto tag = static_cast<ArgumentTag>(get<std::uint8_t>());
        switch (tag) {
        case ArgumentTag::None:
            return "None";
        case ArgumentTag::Tensor:
            return "Tensor";
        case ArgumentTag::Generator:
            return "Generator";
        case ArgumentTag::Int:
            return integer();
        case ArgumentTag::Double:
            return realText(get<double>());
        case ArgumentTag::Bool:
            return boolean();
        case ArgumentTag::String:
            return quoted(string());
        case ArgumentTag::Other:
            return "<" + std::string(string()) + ">";
        default:
            return compound(tag, depth);
        }
    }

private:
    std::string compound(ArgumentTag tag, int depth) {
        switch (tag) {
        case ArgumentTag::Complex:
            return complex();
        case ArgumentTag::Device:
            return device();
        case ArgumentTag::Cut:
            return cut();
        case ArgumentTag::IntList:
            return list([this] { return integer(); });
        case ArgumentTag::DoubleList:
            return list([this] { return realText(get<double>()); });
        case ArgumentTag::BoolList:
            return list([this] { return boolean(); });
        case ArgumentTag::TensorList:
            return list([this] { return get<std::uint8_t>() != 0 ? "Tensor" : "None"; });
        case ArgumentTag::List:
            if (depth == kDeepest) {
                throwMalformed("lists are nested too deep");
            }
            return list([this, depth] { return item(depth + 1); });
        default:
            throwMalformed("a tag is unknown");
        }
    }

    std::string integer() { return std::to_string(get<std::int64_t>()); }
    std::string boolean() { return get<std::uint8_t>() != 0 ? "true" : "false"; }
    std::string complex() {
        const auto real = get<double>();
        const auto imaginary = get<double>();
        return fmt::format("({}, {})", realText(real), realText(imaginary));
    }
    std::string device() {
        const auto type = get<std::uint8_t>();
        const auto index = get<std::int8_t>();
        const std::string name =
            type < kDevices.size() ? kDevices[type] : fmt::format("device{}", type);
        return index < 0 ? name : fmt::format("{}:{}", name, index);
    }
    std::string cut() {
        const auto low = get<std::uint64_t>();
        const auto high = get<std::uint64_t>();
        return fmt::format("... (fingerprint {:016x}{:016x})", high, low);
    }
    std::string_view string() {
        const auto bytes = take(get<std::uint32_t>());
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
    template <class Item>
    std::string list(Item&& nextItem) {
        std::string text = "[";
        // Every item takes a byte at least, so a wrong count ends with the bytes.
        for (auto left = get<std::uint32_t>(); left > 0; --left) {
            text += nextItem();
            text += left > 1 ? ", " : "";
        }
        return text + "]";
    }

    std::span<const std::byte> take(std::size_t size) {
        if (size > m_bytes.size()) {
            throwMalformed("they end within an item");
        }
        const auto taken = m_bytes.first(size);
        m_bytes = m_bytes.subspan(size);
        return taken;
    }
    template <class T>
    T get() {
        T value;
        std::memcpy(&value, take(sizeof value).data(), sizeof value);
        return value;
    }

    std::span<const std::byte> m_bytes;
};

} // namespace

std::vector<std::string> describeArguments(std::span<const std::byte> tagged) {
    std::vector<std::string> items;
    for (Decoder decoder(tagged); !decoder.atEnd();) {
        items.push_back(decoder.item());
    }
    return items;
}

namespace {

/// "int[2] stride=[1, 1]" -> "stride". The star that opens keyword arguments has no name.
std::string nameOf(std::string_view declaration) {
    declaration = declaration.substr(0, declaration.find('='));
    const std::size_t end = declaration.find_last_not_of(' ');
    const std::size_t space = declaration.find_last_of(' ', end);
    if (end == std::string_view::npos || space == std::string_view::npos) {
        return {};
    }
    const std::string_view name = declaration.substr(space + 1, end - space);
    return name == "*" ? std::string() : std::string(name);
}

} // namespace

std::vector<std::string> argumentNames(std::string_view schema) {
    std::vector<std::string> names;
    const std::size_t open = schema.find('(');
    if (open == std::string_view::npos) {
        return names;
    }
    int depth = 0;
    bool quoted = false;
    std::size_t start = open + 1;
    for (std::size_t at = open; at < schema.size(); ++at) {
        const char c = schema[at];
        quoted = quoted != (c == '"');
        depth += quoted ? 0 : (c == '(' || c == '[') ? 1 : (c == ')' || c == ']') ? -1 : 0;
        if (!quoted && ((c == ',' && depth == 1) || depth == 0)) {
            if (std::string name = nameOf(schema.substr(start, at - start)); !name.empty()) {
                names.push_back(std::move(name));
            }
            start = at + 1;
        }
        if (depth == 0) {
            break;
        }
    }
    return names;
}

} // namespace repro::trace
