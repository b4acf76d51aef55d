// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/jobs/job_runner.h"
#include "gui/viewmodel/document.h"
#include "gui/viewmodel/elements.h"
#include "gui/viewmodel/focus.h"

#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace repro::gui {

/// One slot of a row: a tensor that went in or came out, in both runs or in one.
struct Slot {
    enum class State { Same, Differs, Assumed, Meaningless, OneSided, OtherShape };
    QString name;     ///< "out0"
    QString argument; ///< the parameter it is, where known: "Net.fc.weight"
    State state = State::Same;
    std::optional<trace::ValueId> valueA, valueB;
    trace::DType dtype = trace::DType::Undefined;
    std::vector<std::int64_t> shape;
    bool bytesA = false, bytesB = false;
    bool isOutput = false;
    std::uint64_t use = trace::kNone64; ///< of run A, where that has it

    [[nodiscard]] bool differs() const {
        return state == State::Differs || state == State::OneSided || state == State::OtherShape;
    }
};

/// Outputs first, as they are what one looks for.
[[nodiscard]] std::vector<Slot> slotsOf(const Document& document, std::uint32_t row);
/// The slot that a focus is on: the named one, else the first that differs, else the first; -1:
/// none.
[[nodiscard]] int slotOf(const std::vector<Slot>& all, const Focus& focus);

/// The bytes of a slot. Immutable; shared with workers.
struct Tensor {
    const ElementType* type = nullptr;
    std::vector<std::int64_t> shape; ///< complex: a last dimension of 2, real and imaginary part
    std::vector<std::byte> a, b;     ///< empty: not recorded (or one run)
    replay::Difference difference;
    std::vector<QString> axes; ///< names of the dimensions, as far as they have any

    /// "C (d1)"; "d1" where it has no name.
    [[nodiscard]] QString axisName(std::size_t dimension) const;
    [[nodiscard]] bool hasA() const { return !a.empty(); }
    [[nodiscard]] bool hasB() const { return !b.empty(); }
    [[nodiscard]] bool isPair() const { return hasA() && hasB(); }
    [[nodiscard]] std::uint64_t elements() const;
    [[nodiscard]] const std::byte* at(bool ofA, std::uint64_t element) const {
        return (ofA ? a : b).data() + element * type->size;
    }
    [[nodiscard]] std::uint64_t flat(const std::vector<std::int64_t>& index) const;
    [[nodiscard]] std::vector<std::int64_t> unflat(std::uint64_t element) const;
    /// Is this an element of it?
    [[nodiscard]] bool holds(const std::vector<std::int64_t>& index) const;
};

/// Reads and compares. Throws: Error, where bytes are damaged or the dtype cannot be read as
/// numbers.
[[nodiscard]] std::shared_ptr<const Tensor> loadTensor(const Document& document, const Slot& slot);

/// Two dimensions of a tensor, the others fixed; of a vector, its folding into rows.
struct Plane {
    std::int64_t rows = 1, columns = 1;
    std::uint64_t offset = 0, rowStride = 0, columnStride = 0; ///< in elements
    int rowAxis = -1, columnAxis = -1;
    std::vector<std::int64_t> slice; ///< as Focus::slice

    [[nodiscard]] std::uint64_t element(std::int64_t row, std::int64_t column) const {
        return offset + static_cast<std::uint64_t>(row) * rowStride +
               static_cast<std::uint64_t>(column) * columnStride;
    }
};
/// The plane that a focus asks for: by its slice, else the last two dimensions around its element.
[[nodiscard]] Plane planeOf(const Tensor& tensor, const Focus& focus);
/// The row and column of an element in the plane; none where it lies in another.
[[nodiscard]] std::optional<std::pair<std::int64_t, std::int64_t>>
placeIn(const Plane& plane, const Tensor& tensor, const std::vector<std::int64_t>& index);
/// The next plane (along the first fixed dimension that has one) with a difference; none at the
/// end.
[[nodiscard]] std::optional<std::vector<std::int64_t>>
nextDifferingSlice(const Tensor& tensor, const Plane& plane, int direction);

/// Tells of an element's values in A and B and their distance in ULP whether it is one of those.
/// Called from any thread.
using ElementTest = std::function<bool(double a, double b, double ulp)>;
/// Differing elements, farthest apart first, at most `limit`; with a test, those that pass.
/// Throws: replay::Cancelled.
[[nodiscard]] std::vector<std::uint64_t> differingElements(const Tensor& tensor, std::size_t limit,
                                                           const CancelFlag& cancel,
                                                           const ElementTest& test = {});

} // namespace repro::gui
