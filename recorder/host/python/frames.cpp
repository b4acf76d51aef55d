// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/python/frames.h"

#include "recorder/host/peek.h"

#include <algorithm>
#include <cstring>
#include <dlfcn.h>
#include <optional>
#include <span>

namespace repro::host::python {
namespace {

using Word = std::uintptr_t;

constexpr std::size_t kWord = sizeof(Word);
constexpr std::size_t kMostCalls = 256;
constexpr Word kTags = 3;            ///< of a reference, from 3.14 on
constexpr std::size_t kBytesAt = 32; ///< in an object of bytes
constexpr std::size_t kLengthAt = 16;

/// Offsets in bytes.
struct Layout {
    std::size_t current = 0; ///< in the thread's state: the innermost frame, or what leads to it
    std::optional<std::size_t> then;                     ///< ... in that
    std::size_t code = 0, previous = 0, instruction = 0; ///< in a frame
    std::size_t begin = 0;                               ///< of the instructions, in a code object
    std::size_t file = 0, name = 0, lines = 0, firstLine = 0;
    std::size_t text = 0; ///< in a string
};

Layout g_layout;
bool g_learned = false;
std::string g_folder; ///< that the program was started in: files of scripts are named from there
void* (*g_threadState)() = nullptr;
Object* g_codeType = nullptr;

Word wordAt(const std::byte* object, std::size_t offset) {
    Word word = 0;
    std::memcpy(&word, object + offset, kWord);
    return word;
}

const std::byte* pointer(Word word) {
    return reinterpret_cast<const std::byte*>(word);
}

/// Memory that need not be there.
std::vector<Word> peekWords(Word address, std::size_t words) {
    std::vector<Word> found(words);
    const bool isAligned = address != 0 && address % kWord == 0;
    found.resize(isAligned ? peek(pointer(address), found.data(), words * kWord) / kWord : 0);
    return found;
}

/// Calls whose code and offset are known, innermost first.
struct Known {
    std::vector<Word> codes;
    std::vector<std::uint64_t> offsets;
};

constexpr std::size_t kFrameWords = 16;

/// Where in the frame the code of `code` is.
std::optional<std::size_t> codeIn(const std::vector<Word>& frame, Word code) {
    const auto found =
        std::ranges::find_if(frame, [&](Word word) { return (word & ~kTags) == code; });
    return found == frame.end()
               ? std::nullopt
               : std::optional(static_cast<std::size_t>(found - frame.begin()) * kWord);
}

/// The frames from `innermost` outward are those of `known`: where the code, the next frame and the
/// instruction are in them.
bool learnFrame(Word innermost, const Known& known, Layout& layout) {
    const std::vector<Word> first = peekWords(innermost, kFrameWords);
    const auto code = codeIn(first, known.codes[0]);
    if (!code) {
        return false;
    }
    layout.code = *code;
    for (std::size_t at = 0; at < first.size(); ++at) {
        std::vector<std::vector<Word>> frames = {first};
        for (std::size_t i = 1; i < known.codes.size(); ++i) {
            const Word next = at < frames.back().size() ? frames.back()[at] : 0;
            frames.push_back(peekWords(next, kFrameWords));
            if (codeIn(frames.back(), known.codes[i]) != code) {
                break;
            }
        }
        if (frames.size() < known.codes.size() ||
            codeIn(frames.back(), known.codes.back()) != code) {
            continue;
        }
        layout.previous = at * kWord;
        for (std::size_t k = 0; k < kFrameWords; ++k) {
            // Of callers only: the innermost has gone on since its offset was asked for.
            const auto begin = [&](std::size_t i) {
                return frames[i][k] - known.codes[i] - known.offsets[i];
            };
            bool fits = begin(1) > 0 && begin(1) < 512;
            for (std::size_t i = 2; i < known.codes.size(); ++i) {
                fits = fits && begin(i) == begin(1);
            }
            if (fits) {
                layout.instruction = k * kWord;
                layout.begin = begin(1);
                return true;
            }
        }
    }
    return false;
}

bool learnThread(const Known& known, Layout& layout) {
    constexpr std::size_t kStateWords = 64, kBetween = 4;
    const auto state = reinterpret_cast<Word>(g_threadState());
    const std::vector<Word> words = peekWords(state, kStateWords);
    for (std::size_t i = 0; i < words.size(); ++i) {
        layout.current = i * kWord;
        layout.then.reset();
        if (learnFrame(words[i], known, layout)) {
            return true;
        }
        const std::vector<Word> inner = peekWords(words[i], kBetween);
        for (std::size_t k = 0; k < inner.size(); ++k) {
            layout.then = k * kWord;
            if (learnFrame(inner[k], known, layout)) {
                return true;
            }
        }
    }
    return false;
}

/// What each code has at the same place. 0 = nothing fits.
template <class Value>
std::size_t placeOf(const std::vector<Word>& codes, const std::vector<Value>& values) {
    constexpr std::size_t kBegin = 16, kEnd = 200;
    for (std::size_t at = kBegin; at < kEnd; at += sizeof(Value)) {
        bool fits = true;
        for (std::size_t i = 0; i < codes.size(); ++i) {
            Value value{};
            std::memcpy(&value, pointer(codes[i]) + at, sizeof value);
            fits = fits && value == values[i];
        }
        if (fits) {
            return at;
        }
    }
    return 0;
}

/// A varint of the line table: six bits a byte, the lowest first.
std::uint64_t varint(std::span<const std::uint8_t> table, std::size_t& at) {
    std::uint64_t value = 0;
    unsigned shift = 0;
    for (bool more = true; more && at < table.size() && shift < 60; shift += 6) {
        value |= std::uint64_t{table[at] & 0x3FU} << shift;
        more = (table[at++] & 0x40U) != 0;
    }
    return value;
}

std::int64_t signedVarint(std::span<const std::uint8_t> table, std::size_t& at) {
    const std::uint64_t value = varint(table, at);
    const auto half = static_cast<std::int64_t>(value >> 1U);
    return (value & 1U) != 0 ? -half : half;
}

/// How many lines the entry at `at` goes on, past which it leads.
std::int64_t lineDelta(std::span<const std::uint8_t> table, std::size_t& at) {
    const unsigned kind = (table[at++] >> 3U) & 15U;
    std::int64_t delta = 0;
    if (kind <= 9) {
        ++at;
    } else if (kind <= 12) {
        delta = static_cast<std::int64_t>(kind) - 10;
        at += 2;
    } else if (kind <= 14) {
        delta = signedVarint(table, at);
        for (int i = 0; i < 3 && kind == 14; ++i) {
            varint(table, at);
        }
    }
    return delta;
}

std::string textOf(Word object) {
    const std::byte* string = pointer(object);
    const auto length = static_cast<std::size_t>(wordAt(string, kLengthAt));
    const char* text = reinterpret_cast<const char*>(string + g_layout.text);
    constexpr std::size_t kLongest = 4096;
    const bool isPlain =
        length > 0 && length < kLongest &&
        std::all_of(text, text + length, [](char c) { return c >= ' ' && c <= '~'; }) &&
        text[length] == '\0';
    return isPlain ? std::string(text, length) : "?";
}

} // namespace

bool learnFrames(const Api& api, Object* codes, Object* offsets, Object* attributes) {
    void* symbol = dlsym(RTLD_DEFAULT, "PyGILState_GetThisThreadState");
    std::memcpy(&g_threadState, &symbol, sizeof symbol);
    g_codeType = static_cast<Object*>(dlsym(RTLD_DEFAULT, "PyCode_Type"));
    if (g_threadState == nullptr || g_codeType == nullptr) {
        return false;
    }
    char folder[4096];
    g_folder = getcwd(folder, sizeof folder) != nullptr ? folder : ".";
    Known known;
    std::vector<Word> files, names, tables;
    std::vector<std::int32_t> firstLines;
    const auto item = [&](Object* tuple, std::size_t i) {
        return api.tupleItem(tuple, static_cast<std::intptr_t>(i));
    };
    const auto count = static_cast<std::size_t>(api.tupleSize(codes));
    for (std::size_t i = 0; i < count; ++i) {
        known.codes.push_back(reinterpret_cast<Word>(item(codes, i)));
        known.offsets.push_back(api.longAsUnsigned(item(offsets, i)));
        Object* of = item(attributes, i);
        files.push_back(reinterpret_cast<Word>(item(of, 0)));
        names.push_back(reinterpret_cast<Word>(item(of, 1)));
        tables.push_back(reinterpret_cast<Word>(item(of, 2)));
        firstLines.push_back(static_cast<std::int32_t>(api.longAsUnsigned(item(of, 3))));
    }
    Layout& layout = g_layout;
    layout.file = placeOf(known.codes, files);
    layout.name = placeOf(known.codes, names);
    layout.lines = placeOf(known.codes, tables);
    layout.firstLine = placeOf(known.codes, firstLines);
    const char* text = api.unicodeAsUtf8(item(item(attributes, 0), 1), nullptr);
    layout.text = static_cast<std::size_t>(reinterpret_cast<Word>(text) - names[0]);
    constexpr std::size_t kLargestHead = 128;
    const bool isWhole = layout.file != 0 && layout.name != 0 && layout.lines != 0 &&
                         layout.firstLine != 0 && layout.text < kLargestHead;
    g_learned = count > 2 && isWhole && learnThread(known, layout);
    return g_learned;
}

void calls(std::vector<Call>& found) {
    found.clear();
    const auto* state = g_learned ? static_cast<const std::byte*>(g_threadState()) : nullptr;
    if (state == nullptr) {
        return;
    }
    const std::byte* frame = pointer(wordAt(state, g_layout.current));
    if (g_layout.then && frame != nullptr) {
        frame = pointer(wordAt(frame, *g_layout.then));
    }
    for (std::size_t i = 0; frame != nullptr && i < kMostCalls; ++i) {
        const std::byte* code = pointer(wordAt(frame, g_layout.code) & ~kTags);
        // Frames between, of C, have something else there.
        if (code != nullptr && reinterpret_cast<const Object*>(code)->type == g_codeType) {
            found.push_back({code,
                             wordAt(frame, g_layout.instruction) - reinterpret_cast<Word>(code) -
                                 g_layout.begin,
                             wordAt(code, g_layout.file), wordAt(code, g_layout.lines)});
        }
        frame = pointer(wordAt(frame, g_layout.previous));
    }
}

Function functionOf(const Call& call) {
    const std::string file = textOf(call.file);
    const bool isInFolder = !file.starts_with('/') && !file.starts_with('<') && file != "?";
    return {isInFolder ? g_folder + "/" + file : file, textOf(wordAt(call.code, g_layout.name))};
}

bool isOfProgram(const Function& function) {
    return !function.file.starts_with("<reprorec ") && function.file != "<shim>";
}

std::uint32_t lineOf(const Call& call) {
    constexpr std::uint64_t kUnit = 2; // bytes of an instruction
    const std::byte* bytes = pointer(call.lines);
    const std::span table(reinterpret_cast<const std::uint8_t*>(bytes + kBytesAt),
                          static_cast<std::size_t>(wordAt(bytes, kLengthAt)));
    std::int32_t first = 0;
    std::memcpy(&first, call.code + g_layout.firstLine, sizeof first);
    std::int64_t line = first;
    std::uint64_t end = 0;
    for (std::size_t at = 0; at < table.size();) {
        end += ((table[at] & 7U) + 1) * kUnit;
        const bool hasLine = ((table[at] >> 3U) & 15U) != 15;
        line += lineDelta(table, at);
        if (call.offset < end) {
            return hasLine && line > 0 ? static_cast<std::uint32_t>(line) : 0;
        }
    }
    return 0;
}

} // namespace repro::host::python
