// SPDX-License-Identifier: BSD-3-Clause
#include "symbols/this_location.h"

#include "symbols/dies.h"

#include <dwarf.h>

#include <cstring>

namespace repro::symbols {
namespace {

using Base = Location::Base;

bool isPreserved(std::uint8_t reg) {
    return reg == 3 || reg == 6 || (reg >= 12 && reg <= 15);
}

/// The number in the name of an operation: 3 of DW_OP_reg3, if `first` is DW_OP_reg0.
std::optional<std::uint8_t> numberIn(const Dwarf_Op& op, std::uint8_t first) {
    constexpr int kNumbers = 32;
    const int number = op.atom - first;
    return number >= 0 && number < kNumbers ? std::optional(static_cast<std::uint8_t>(number))
                                            : std::nullopt;
}

/// The value plus a number. A number alone has an unknown base.
Location plus(Location value, std::int64_t number) {
    (value.base == Base::Frame ? value.at : value.offset) += number;
    return value;
}

/// Adds or subtracts the last number of the stack.
bool add(std::vector<Location>& stack, int sign) {
    if (stack.size() < 2 || stack.back().base != Base::Unknown) {
        return false;
    }
    const std::int64_t number = stack.back().offset;
    stack.pop_back();
    stack.back() = plus(stack.back(), sign * number);
    return true;
}

/// Reads the memory that the last value of the stack is the address of: only stacks are known.
bool fetch(std::vector<Location>& stack) {
    if (stack.empty() || stack.back().base != Base::Frame) {
        stack.clear();
        return false;
    }
    stack.back().base = Base::Slot;
    return true;
}

/// The DIE of the call that returns to `address`, in the scopes of the function.
std::optional<Dwarf_Die> siteIn(Dwarf_Die parent, Dwarf_Addr address, int depth) {
    constexpr int kDeepest = 256;
    for (auto die = childOf(parent); die && depth < kDeepest; die = siblingOf(*die)) {
        const int tag = dwarf_tag(&*die);
        if (tag == DW_TAG_call_site || tag == DW_TAG_GNU_call_site) {
            auto attribute = attributeOf(*die, DW_AT_call_return_pc, DW_AT_low_pc);
            Dwarf_Addr found = 0;
            if (attribute && dwarf_formaddr(&*attribute, &found) == 0 && found == address) {
                return die;
            }
        } else if (tag == DW_TAG_lexical_block || tag == DW_TAG_inlined_subroutine) {
            if (auto site = siteIn(*die, address, depth + 1)) {
                return site;
            }
        }
    }
    return std::nullopt;
}

bool isThis(Dwarf_Die parameter) {
    const char* name = textOf(parameter, DW_AT_name);
    return dwarf_tag(&parameter) == DW_TAG_formal_parameter && name != nullptr &&
           std::strcmp(name, "this") == 0;
}

} // namespace

Call::Call(Dwarf_Die function, Dwarf_Addr address, Dwarf_CFI* cfi)
    : m_function(function), m_address(address), m_site(siteIn(function, address + 1, 0)) {
    Dwarf_Frame* frame = nullptr;
    if (cfi != nullptr && dwarf_cfi_addrframe(cfi, address, &frame) == 0) {
        m_frame.reset(frame);
    }
}

Location Call::thisOf(Dwarf_Die member) const {
    auto parameter = childOf(member);
    while (parameter && !isThis(*parameter)) {
        parameter = siblingOf(*parameter);
    }
    const auto location = parameter ? attributeOf(*parameter, DW_AT_location) : std::nullopt;
    if (!location) {
        return {};
    }
    Value value = valueAt(*location, m_address);
    // At the call it may be in a register that the called function overwrites, and in another too,
    // which is the one that counts behind it.
    if (!value && returns()) {
        value = valueAt(*location, m_address + 1);
    }
    return value.value_or(Location{});
}

std::optional<Dwarf_Die> Call::callee() const {
    auto attribute =
        m_site ? attributeOf(*m_site, DW_AT_call_origin, DW_AT_abstract_origin) : std::nullopt;
    Dwarf_Die function;
    return attribute && dwarf_formref_die(&*attribute, &function) != nullptr
               ? std::optional(function)
               : std::nullopt;
}

std::vector<Argument> Call::arguments() const {
    std::vector<Argument> arguments;
    for (auto die = m_site ? childOf(*m_site) : std::nullopt; die; die = siblingOf(*die)) {
        auto place = attributeOf(*die, DW_AT_location);
        auto passed = attributeOf(*die, DW_AT_call_value, DW_AT_GNU_call_site_value);
        Dwarf_Op* ops = nullptr;
        std::size_t count = 0;
        if (!place || !passed || dwarf_getlocation(&*place, &ops, &count) != 0 || count != 1) {
            continue;
        }
        const auto reg = numberIn(*ops, DW_OP_reg0);
        const Value value = reg && dwarf_getlocation(&*passed, &ops, &count) == 0
                                ? evaluate(&*passed, ops, count, true)
                                : std::nullopt;
        if (value) {
            arguments.push_back({*reg, *value});
        }
    }
    return arguments;
}

Call::Value Call::valueAt(Dwarf_Attribute location, Dwarf_Addr address) const {
    Dwarf_Op* ops = nullptr;
    std::size_t count = 0;
    return dwarf_getlocation_addr(&location, address, &ops, &count, 1) == 1
               ? evaluate(&location, ops, count, false)
               : std::nullopt;
}

Call::Value Call::evaluate(Dwarf_Attribute* attribute, const Dwarf_Op* ops, std::size_t count,
                           bool isValue) const {
    std::vector<Location> stack;
    for (const Dwarf_Op* op = ops; op != ops + count; ++op) {
        if (!apply(*op, attribute, stack)) {
            return std::nullopt;
        }
        isValue = isValue || op->atom == DW_OP_stack_value || numberIn(*op, DW_OP_reg0);
    }
    if (!stack.empty() && !isValue) {
        fetch(stack);
    }
    return stack.empty() || stack.back().base == Base::Unknown ? std::nullopt : Value(stack.back());
}

bool Call::apply(const Dwarf_Op& op, Dwarf_Attribute* attribute,
                 std::vector<Location>& stack) const {
    const auto push = [&](const Value& value, std::int64_t number) {
        if (value) {
            stack.push_back(plus(*value, number));
        }
        return value.has_value();
    };
    const auto number = static_cast<std::int64_t>(op.number);
    if (const auto reg = numberIn(op, DW_OP_reg0)) {
        return push(valueOfRegister(*reg), 0);
    }
    if (const auto reg = numberIn(op, DW_OP_breg0)) {
        return push(valueOfRegister(*reg), number);
    }
    if (const auto literal = numberIn(op, DW_OP_lit0)) {
        return push(Location{}, *literal);
    }
    switch (op.atom) {
    case DW_OP_fbreg:
        return push(frameBase(), number);
    case DW_OP_call_frame_cfa:
        return push(Location{Base::Frame}, 0);
    case DW_OP_const1u:
    case DW_OP_const1s:
    case DW_OP_const2u:
    case DW_OP_const2s:
    case DW_OP_const4u:
    case DW_OP_const4s:
    case DW_OP_const8u:
    case DW_OP_const8s:
    case DW_OP_constu:
    case DW_OP_consts:
        return push(Location{}, number);
    case DW_OP_entry_value:
    case DW_OP_GNU_entry_value:
        return push(entryValue(attribute, op), 0);
    case DW_OP_stack_value:
        return true;
    case DW_OP_plus_uconst:
        stack.emplace_back(plus(Location{}, number));
        return add(stack, 1);
    case DW_OP_plus:
        return add(stack, 1);
    case DW_OP_minus:
        return add(stack, -1);
    case DW_OP_deref:
        return fetch(stack);
    default:
        return false;
    }
}

Call::Value Call::entryValue(Dwarf_Attribute* attribute, const Dwarf_Op& op) {
    Dwarf_Attribute inner;
    Dwarf_Op* ops = nullptr;
    std::size_t count = 0;
    if (dwarf_getlocation_attr(attribute, &op, &inner) != 0 ||
        dwarf_getlocation(&inner, &ops, &count) != 0 || count != 1) {
        return std::nullopt;
    }
    const auto reg = numberIn(*ops, DW_OP_reg0);
    return reg ? Value(Location{Base::Entry, *reg}) : std::nullopt;
}

Call::Value Call::valueOfRegister(std::uint8_t reg) const {
    // One that the frame is found by is known by where the frame is.
    Dwarf_Op* ops = nullptr;
    std::size_t count = 0;
    if (m_frame && dwarf_frame_cfa(m_frame.get(), &ops, &count) == 0 && count == 1) {
        const bool isByNumber = ops->atom == DW_OP_bregx && ops->number == reg;
        if (isByNumber || numberIn(*ops, DW_OP_breg0) == reg) {
            const auto offset = static_cast<std::int64_t>(isByNumber ? ops->number2 : ops->number);
            return Location{Base::Frame, 0, -offset};
        }
    }
    return isPreserved(reg) ? Value(Location{Base::Register, reg}) : std::nullopt;
}

Call::Value Call::frameBase() const {
    auto attribute = attributeOf(m_function, DW_AT_frame_base);
    Dwarf_Op* ops = nullptr;
    std::size_t count = 0;
    return attribute && dwarf_getlocation_addr(&*attribute, m_address, &ops, &count, 1) == 1
               ? evaluate(&*attribute, ops, count, true)
               : std::nullopt;
}

bool Call::returns() const {
    auto called = callee();
    Dwarf_Die function = m_function;
    return dwarf_haspc(&function, m_address + 1) > 0 &&
           !(called && dwarf_hasattr_integrate(&*called, DW_AT_noreturn));
}

} // namespace repro::symbols
