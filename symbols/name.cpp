// SPDX-License-Identifier: BSD-3-Clause
#include "symbols/name.h"

#include "symbols/dies.h"

#include <dwarf.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <cxxabi.h>
#include <memory>
#include <vector>

namespace repro::symbols {
namespace {

constexpr std::string_view kAnonymous = "(anonymous namespace)";
constexpr std::string_view kScope = "::";
constexpr std::string_view kCall = "operator()";
constexpr std::string_view kOperator = "operator";

bool isWordCharacter(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$';
}

/// Where the bracket that opens at `open` closes, and one further.
std::size_t skipBrackets(std::string_view text, std::size_t open) {
    int depth = 0;
    for (std::size_t i = open; i < text.size(); ++i) {
        const bool isArrow = text[i] == '>' && text[i - 1] == '-';
        if (std::strchr("(<{[", text[i]) != nullptr) {
            ++depth;
        } else if (std::strchr(")>}]", text[i]) != nullptr && !isArrow && --depth == 0) {
            return i + 1;
        }
    }
    return text.size();
}

/// Whether a word "operator" begins at `at`.
bool isOperator(std::string_view text, std::size_t at) {
    return text.substr(at).starts_with(kOperator) && (at == 0 || !isWordCharacter(text[at - 1])) &&
           (at + kOperator.size() == text.size() || !isWordCharacter(text[at + kOperator.size()]));
}

/// Where the symbol of the operator that begins at `at` ends: "operator<<", "operator()".
std::size_t endOfOperator(std::string_view text, std::size_t at) {
    const std::size_t symbol = at + kOperator.size();
    const std::string_view rest = text.substr(symbol);
    if (rest.starts_with("()") || rest.starts_with("[]")) {
        return symbol + 2;
    }
    return std::min(text.find_first_not_of("<>=-+*/%^&|!~,", symbol), text.size());
}

/// What may follow a function's parameters.
std::size_t skipQualifiers(std::string_view text, std::size_t at) {
    for (const std::string_view word : {" const", " volatile", " &&", " &", " noexcept"}) {
        if (text.substr(at).starts_with(word)) {
            return skipQualifiers(text, at + word.size());
        }
    }
    return at;
}

/// Where a class without a name ends: GCC's "{lambda(int)#1}", clang's "$_0".
std::size_t skipUnnamed(std::string_view text, std::size_t at) {
    return text[at] == '{' ? skipBrackets(text, at)
                           : std::min(text.find_first_not_of("0123456789", at + 2), text.size());
}

/// A class without a name whose member `inside` is. It is a lambda if it can be called.
std::string unnamedClass(std::string_view inside) {
    return inside.starts_with(kCall) || inside.starts_with("__invoke") ? "{lambda}" : "{unnamed}";
}

/// The DIE that stands where the function was declared: an instance names its abstract origin, and
/// the definition of a member its declaration in the class.
Dwarf_Die declarationOf(Dwarf_Die die) {
    constexpr int kLongestChain = 8;
    for (int i = 0; i < kLongestChain; ++i) {
        auto attribute = attributeOf(die, DW_AT_abstract_origin, DW_AT_specification);
        Dwarf_Die next;
        if (!attribute || dwarf_formref_die(&*attribute, &next) == nullptr) {
            break;
        }
        die = next;
    }
    return die;
}

/// The DIEs around one, outermost first, without the unit. A unit's DIEs lie in the order of a walk
/// through the tree, so that of a row of siblings the last that does not lie behind is around it.
std::vector<Dwarf_Die> scopesAround(Dwarf_Die die) {
    std::vector<Dwarf_Die> scopes;
    Dwarf_Die unit;
    if (dwarf_diecu(&die, &unit, nullptr, nullptr) == nullptr) {
        return scopes;
    }
    const Dwarf_Off wanted = dwarf_dieoffset(&die);
    for (auto level = childOf(unit); level; level = childOf(*level)) {
        auto next = siblingOf(*level);
        while (next && dwarf_dieoffset(&*next) <= wanted) {
            level = next;
            next = siblingOf(*level);
        }
        if (dwarf_dieoffset(&*level) >= wanted) {
            break;
        }
        scopes.push_back(*level);
    }
    return scopes;
}

/// `inside`: the name in this scope. Returns: empty for what is no scope of names.
std::string scopeName(Dwarf_Die scope, std::string_view inside) {
    const char* name = dwarf_diename(&scope);
    switch (dwarf_tag(&scope)) {
    case DW_TAG_namespace:
        return name != nullptr ? name : std::string(kAnonymous);
    case DW_TAG_class_type:
    case DW_TAG_structure_type:
    case DW_TAG_union_type:
        return name != nullptr ? name : unnamedClass(inside);
    case DW_TAG_subprogram:
        return nameOf(scope);
    default:
        return {};
    }
}

} // namespace

std::string withoutSignature(std::string_view demangled) {
    std::string name;
    bool isOperatorName = false; // its spaces are its own: "operator bool"
    for (std::size_t i = 0; i < demangled.size();) {
        const std::string_view rest = demangled.substr(i);
        std::size_t end = i + 1;
        if (rest.starts_with(kAnonymous)) {
            end = i + kAnonymous.size();
        } else if (rest.starts_with(" [clone")) {
            break;
        } else if (rest.starts_with("[abi:")) {
            i = skipBrackets(demangled, i);
            continue;
        } else if (rest.starts_with('{') || rest.starts_with("$_")) {
            i = skipUnnamed(demangled, i);
            name += unnamedClass(demangled.substr(std::min(i + kScope.size(), demangled.size())));
            continue;
        } else if (isOperator(demangled, i)) {
            isOperatorName = true;
            end = endOfOperator(demangled, i);
        } else if (rest.front() == '(') {
            i = skipQualifiers(demangled, skipBrackets(demangled, i));
            isOperatorName = false;
            continue;
        } else if (rest.front() == '<' || rest.front() == '[') {
            end = skipBrackets(demangled, i);
        } else if (rest.front() == ' ' && !isOperatorName) {
            name.clear(); // it was the return type
            ++i;
            continue;
        }
        name += demangled.substr(i, end - i);
        i = end;
    }
    return name;
}

std::string functionOf(const char* symbol) {
    const std::unique_ptr<char, decltype(&std::free)> demangled(
        abi::__cxa_demangle(symbol, nullptr, nullptr, nullptr), &std::free);
    const std::string_view raw = symbol;
    // A C function's clone is "f.part.0".
    return demangled ? withoutSignature(demangled.get())
                     : std::string(raw.substr(0, raw.find('.', 1)));
}

std::string nameOf(Dwarf_Die function) {
    const char* linkage = textOf(function, DW_AT_linkage_name, DW_AT_MIPS_linkage_name);
    if (linkage != nullptr) {
        return functionOf(linkage);
    }
    // What is local to a file has no linkage name: members of a class in an anonymous namespace.
    const char* own = textOf(function, DW_AT_name);
    if (own == nullptr) {
        return {};
    }
    std::string name = own;
    const std::vector<Dwarf_Die> scopes = scopesAround(declarationOf(function));
    for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
        Dwarf_Die die = *scope;
        const std::string prefix = scopeName(die, name);
        name.insert(0, prefix.empty() ? "" : prefix + std::string(kScope));
        if (dwarf_tag(&die) == DW_TAG_subprogram) {
            break; // its name has the scopes around it
        }
    }
    return name;
}

} // namespace repro::symbols
