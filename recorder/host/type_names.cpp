// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/type_names.h"

#include <c10/util/Type.h>
#include <torch/nn/module.h>

#include <cxxabi.h>

namespace repro::host {
namespace {

/// "(anonymous namespace)::Net" -> "Net".
std::string shortTypeName(const std::string& name) {
    int depth = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < name.size(); ++i) {
        depth += name[i] == '<' || name[i] == '(' ? 1 : 0;
        depth -= name[i] == '>' || name[i] == ')' ? 1 : 0;
        if (depth == 0 && name[i] == ':') {
            begin = i + 1;
        }
    }
    return name.substr(begin);
}

/// As the Itanium C++ ABI, 2.9.5, describes classes.
void addBases(const std::type_info& type, std::string& names) {
    const auto add = [&](const std::type_info& base) {
        const std::string name = typeName(base);
        if (base != typeid(torch::nn::Module)) {
            names += name.starts_with("Cloneable<") ? "" : name + "\n";
            addBases(base, names);
        }
    };
    if (const auto* one = dynamic_cast<const abi::__si_class_type_info*>(&type)) {
        add(*one->__base_type);
    } else if (const auto* several = dynamic_cast<const abi::__vmi_class_type_info*>(&type)) {
        for (unsigned i = 0; i < several->__base_count; ++i) {
            add(*several->__base_info[i].__base_type);
        }
    }
}

} // namespace

std::string typeName(const std::type_info& type) {
    return shortTypeName(c10::demangle(type.name()));
}

std::string baseNames(const std::type_info& type) {
    std::string names;
    addBases(type, names);
    return names;
}

} // namespace repro::host
