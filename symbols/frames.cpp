// SPDX-License-Identifier: BSD-3-Clause
#include "symbols/frames.h"

#include "symbols/dies.h"
#include "symbols/name.h"
#include "symbols/this_location.h"

#include <dwarf.h>

#include <filesystem>

namespace repro::symbols {
namespace {

std::string absolutePath(Dwarf_Die unit, const char* file) {
    if (file == nullptr) {
        return {};
    }
    const char* folder = textOf(unit, DW_AT_comp_dir);
    const std::filesystem::path path =
        folder != nullptr ? std::filesystem::path(folder) / file : file;
    return path.lexically_normal().string();
}

/// The innermost function that was inlined at the address, and those around it.
void addInlined(Dwarf_Die parent, Dwarf_Addr address, int depth, std::vector<Dwarf_Die>& inlined) {
    constexpr int kDeepest = 256;
    for (auto die = childOf(parent); die && depth < kDeepest; die = siblingOf(*die)) {
        const int tag = dwarf_tag(&*die);
        const bool isScope = tag == DW_TAG_inlined_subroutine || tag == DW_TAG_lexical_block ||
                             tag == DW_TAG_try_block || tag == DW_TAG_catch_block;
        if (isScope && dwarf_haspc(&*die, address) > 0) {
            addInlined(*die, address, depth + 1, inlined);
            if (tag == DW_TAG_inlined_subroutine) {
                inlined.push_back(*die);
            }
            return;
        }
    }
}

struct Position {
    std::string file;
    std::uint32_t line = 0;
};

Position positionAt(Dwarf_Die unit, Dwarf_Addr address) {
    Dwarf_Line* row = dwarf_getsrc_die(&unit, address);
    int line = 0;
    if (row == nullptr || dwarf_lineno(row, &line) != 0) {
        return {};
    }
    return {absolutePath(unit, dwarf_linesrc(row, nullptr, nullptr)),
            static_cast<std::uint32_t>(line)};
}

/// Where `inlined` was called.
Position callOf(Dwarf_Die unit, Dwarf_Die inlined) {
    const auto number = [&](unsigned name) {
        auto attribute = attributeOf(inlined, name);
        Dwarf_Word value = 0;
        return attribute && dwarf_formudata(&*attribute, &value) == 0 ? std::optional(value)
                                                                      : std::nullopt;
    };
    // The number of a file is one of the unit that the DIE is in: for split debug information not
    // that with the line table.
    Dwarf_Die own;
    Dwarf_Files* files = nullptr;
    std::size_t count = 0;
    const auto file = number(DW_AT_call_file);
    const bool isListed = file && dwarf_diecu(&inlined, &own, nullptr, nullptr) != nullptr &&
                          dwarf_getsrcfiles(&own, &files, &count) == 0 && *file < count;
    return {isListed ? absolutePath(unit, dwarf_filesrc(files, *file, nullptr, nullptr)) : "",
            static_cast<std::uint32_t>(number(DW_AT_call_line).value_or(0))};
}

} // namespace

std::vector<SourceFrame> framesAt(const Place& place, Dwarf_Addr address, Dwarf_CFI* cfi) {
    std::vector<SourceFrame> frames;
    Position position = positionAt(place.lines, address);
    const auto add = [&](std::string function, bool isInlined) -> SourceFrame& {
        SourceFrame& frame = frames.emplace_back();
        frame.function = std::move(function);
        frame.file = position.file;
        frame.line = position.line;
        frame.inlined = isInlined;
        return frame;
    };
    if (!place.function) {
        add("", false);
        return frames;
    }
    const Call call(*place.function, address, cfi);
    std::vector<Dwarf_Die> inlined;
    addInlined(*place.function, address, 0, inlined);
    for (const Dwarf_Die& die : inlined) {
        add(nameOf(die), true).self = call.thisOf(die);
        position = callOf(place.lines, die);
    }
    add(nameOf(*place.function), false).self = call.thisOf(*place.function);
    if (const auto callee = call.callee()) {
        frames.front().callee = nameOf(*callee);
        frames.front().arguments = call.arguments();
    }
    return frames;
}

} // namespace repro::symbols
