// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <string>
#include <typeinfo>
#include <unordered_map>
#include <vector>

namespace repro::host {

/// A module that holds another one.
struct Parent {
    const torch::nn::Module* module = nullptr;
    const std::type_info* type = nullptr;
    std::string key; ///< the name under which it holds the other
};

/// The modules that were constructed, and who of them holds whom. A module does not know its
/// parent, and LibTorch tells nobody when one dies: so they are looked at without touching them,
/// and only those are believed that are seen to live (docs/decisions/0006). Threads: one at a time.
class Family {
public:
    void constructed(const torch::nn::Module* module) { m_constructed[module] = ++m_count; }
    /// How many were constructed until now.
    [[nodiscard]] std::uint64_t count() const { return m_count; }
    /// From the parent of a living module up to its root; empty where nobody is seen to hold it.
    std::vector<Parent> ancestors(const torch::nn::Module* module);

private:
    std::uint64_t m_count = 0;
    std::unordered_map<const torch::nn::Module*, std::uint64_t> m_constructed; ///< and as which
};

} // namespace repro::host
