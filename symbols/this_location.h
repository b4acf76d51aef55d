// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "symbols/answer.h"

#include <elfutils/libdw.h>

#include <memory>
#include <optional>

namespace repro::symbols {

/// A function at one of its calls: where debug information has its values.
class Call {
public:
    /// `function`: the one that has its own code, not one that was inlined into it. `address`: in
    /// the instruction that calls; the next instruction begins behind it. `cfi`: null where there
    /// is none, and nothing is known of the stack.
    Call(Dwarf_Die function, Dwarf_Addr address, Dwarf_CFI* cfi);

    /// `this` of the function, or of one that was inlined into it.
    [[nodiscard]] Location thisOf(Dwarf_Die member) const;
    /// The function that is called, if debug information names it.
    [[nodiscard]] std::optional<Dwarf_Die> callee() const;
    [[nodiscard]] std::vector<Argument> arguments() const;

private:
    struct Free {
        void operator()(Dwarf_Frame* frame) const { std::free(frame); }
    };
    using Value = std::optional<Location>;
    Value valueAt(Dwarf_Attribute location, Dwarf_Addr address) const;
    Value evaluate(Dwarf_Attribute* attribute, const Dwarf_Op* ops, std::size_t count,
                   bool isValue) const;
    /// One operation of an expression. Returns: false where its value is not known.
    bool apply(const Dwarf_Op& op, Dwarf_Attribute* attribute, std::vector<Location>& stack) const;
    static Value entryValue(Dwarf_Attribute* attribute, const Dwarf_Op& op);
    [[nodiscard]] Value valueOfRegister(std::uint8_t reg) const;
    [[nodiscard]] Value frameBase() const;
    [[nodiscard]] bool returns() const;

    Dwarf_Die m_function;
    Dwarf_Addr m_address;
    std::unique_ptr<Dwarf_Frame, Free> m_frame;
    std::optional<Dwarf_Die> m_site; ///< the call
};

} // namespace repro::symbols
