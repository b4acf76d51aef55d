// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace repro::replay {

/// How far two values may be apart before they count as different. All that is given must hold; of
/// a tolerance that gives nothing the bits decide. docs/ci/tolerances.md has the semantics in full.
struct Tolerance {
    std::optional<double> rtol = {};       ///< |a - b| <= atol + rtol * |a|, element by element;
    std::optional<double> atol = {};       ///< of the two, one that is not given is 0
    std::optional<std::uint64_t> ulp = {}; ///< elements at most so many steps apart
    std::optional<double> cos = {};        ///< cosine of the whole tensors at least
    bool byDtype = false;  ///< rtol and atol are those of torch.testing for the dtype
    bool ignore = false;   ///< whatever they hold
    bool integers = false; ///< integers and bools may differ too

    [[nodiscard]] bool isExact() const {
        return !rtol && !atol && !ulp && !cos && !byDtype && !ignore;
    }
};

/// rtol and atol of torch.testing.assert_close for a dtype; integers and bools: 0 and 0.
Tolerance torchTolerance(trace::DType dtype);

struct ToleranceRule;

/// A tolerance for every value, and rules for some that go before it.
class Tolerances {
public:
    explicit Tolerances(Tolerance general);
    ~Tolerances();
    Tolerances(Tolerances&&) noexcept;
    Tolerances& operator=(Tolerances&&) noexcept;

    /// Appends the rules of a file. Throws: Error (Io, Usage) with file and line.
    void readRules(const std::filesystem::path& path);
    /// The same from text; `name` is for messages.
    void parseRules(std::string_view text, std::string_view name);

    [[nodiscard]] const Tolerance& general() const { return m_general; }
    [[nodiscard]] const std::vector<ToleranceRule>& rules() const { return m_rules; }

private:
    Tolerance m_general;
    std::vector<ToleranceRule> m_rules;
};

} // namespace repro::replay
