// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/tensor.h"

#include "gui/viewmodel/axis_names.h"
#include "gui/viewmodel/differing.h"
#include "replay/numbers/values.h"
#include "replay/run/locate.h"
#include "replay/run/row_compare.h"
#include "trace/error.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <tuple>

namespace repro::gui {

using trace::kNone32;

namespace {

/// What pairs the uses of two events.
using Place = std::tuple<int, std::uint16_t, std::uint32_t>; // direction, slot, item

/// By the same places, the row of `uses`.
std::map<Place, std::uint64_t> usesOf(const replay::Run& run, std::uint32_t event) {
    std::map<Place, std::uint64_t> uses;
    if (event == kNone32) {
        return uses;
    }
    for (const std::uint64_t use : run.usesOf(event)) {
        // Outputs first.
        const bool isOutput =
            static_cast<trace::Direction>(run.uses.direction[use]) == trace::Direction::Out;
        uses.try_emplace({isOutput ? 0 : 1, run.uses.slot[use], run.uses.item[use]}, use);
    }
    return uses;
}

void fillFrom(Slot& slot, const replay::Run& run, std::uint64_t use) {
    const trace::Reader& reader = run.reader();
    const trace::ValueId value = run.uses.value[use];
    slot.name = QString::fromStdString(replay::slotName(run, use));
    slot.argument = text(reader.text(reader.uses().name[use]));
    slot.use = use;
    slot.dtype = static_cast<trace::DType>(run.values.dtype[value]);
    const auto sizes = reader.list(run.values.sizes[value]);
    slot.shape.assign(sizes.begin(), sizes.end());
}

bool hasBytes(const replay::Run& run, std::uint64_t use) {
    return run.reader().values().payload[run.uses.value[use]] != trace::kNone64;
}

Slot::State stateOf(const Document& document, std::uint64_t useA, std::uint64_t useB) {
    const replay::Run &a = document.runA(), &b = document.runB();
    if (!replay::isMeaningful(a, useA) || !replay::isMeaningful(b, useB)) {
        return Slot::State::Meaningless;
    }
    const trace::ValueId x = a.uses.value[useA], y = b.uses.value[useB];
    if (a.values.dtype[x] != b.values.dtype[y] || a.sizesHash(x) != b.sizesHash(y)) {
        return Slot::State::OtherShape;
    }
    if (!replay::sameContents(a, x, b, y)) {
        return Slot::State::Differs;
    }
    return replay::isObserved(a, useA) && replay::isObserved(b, useB) ? Slot::State::Same
                                                                      : Slot::State::Assumed;
}

} // namespace

std::vector<Slot> slotsOf(const Document& document, std::uint32_t row) {
    const RowEntry& entry = document.rows().all[row];
    const auto inA = usesOf(document.runA(), entry.a);
    const auto inB =
        document.isPair() ? usesOf(document.runB(), entry.b) : std::map<Place, std::uint64_t>();
    std::map<Place, std::pair<std::optional<std::uint64_t>, std::optional<std::uint64_t>>> both;
    for (const auto& [place, use] : inA) {
        both[place].first = use;
    }
    for (const auto& [place, use] : inB) {
        both[place].second = use;
    }
    std::vector<Slot> all;
    for (const auto& [place, uses] : both) {
        Slot slot;
        slot.isOutput = std::get<0>(place) == 0;
        if (uses.second) {
            fillFrom(slot, document.runB(), *uses.second);
            slot.valueB = document.runB().uses.value[*uses.second];
            slot.bytesB = hasBytes(document.runB(), *uses.second);
        }
        if (uses.first) {
            fillFrom(slot, document.runA(), *uses.first);
            slot.valueA = document.runA().uses.value[*uses.first];
            slot.bytesA = hasBytes(document.runA(), *uses.first);
        }
        slot.state = uses.first && uses.second ? stateOf(document, *uses.first, *uses.second)
                     : document.isPair()       ? Slot::State::OneSided
                     : replay::isMeaningful(document.runA(), *uses.first)
                         ? Slot::State::Same
                         : Slot::State::Meaningless;
        all.push_back(std::move(slot));
    }
    return all;
}

int slotOf(const std::vector<Slot>& all, const Focus& focus) {
    const auto find = [&](auto&& wanted) {
        const auto found = std::find_if(all.begin(), all.end(), wanted);
        return found == all.end() ? -1 : static_cast<int>(found - all.begin());
    };
    if (!focus.slot.isEmpty()) {
        return find([&](const Slot& slot) { return slot.name == focus.slot; });
    }
    const int differing = find([](const Slot& slot) { return slot.differs(); });
    return differing >= 0 ? differing : all.empty() ? -1 : 0;
}

QString Tensor::axisName(std::size_t dimension) const {
    const QString number = QStringLiteral("d%1").arg(dimension);
    return dimension < axes.size() && !axes[dimension].isEmpty()
               ? QStringLiteral("%1 (%2)").arg(axes[dimension], number)
               : number;
}

std::uint64_t Tensor::elements() const {
    return std::max(a.size(), b.size()) / type->size;
}

std::uint64_t Tensor::flat(const std::vector<std::int64_t>& index) const {
    std::uint64_t element = 0;
    for (std::size_t d = 0; d < shape.size(); ++d) {
        element = element * static_cast<std::uint64_t>(shape[d]) +
                  static_cast<std::uint64_t>(d < index.size() ? index[d] : 0);
    }
    return element;
}

std::vector<std::int64_t> Tensor::unflat(std::uint64_t element) const {
    std::vector<std::int64_t> index(shape.size());
    for (std::size_t d = shape.size(); d-- > 0;) {
        const auto size = static_cast<std::uint64_t>(std::max<std::int64_t>(shape[d], 1));
        index[d] = static_cast<std::int64_t>(element % size);
        element /= size;
    }
    return index;
}

bool Tensor::holds(const std::vector<std::int64_t>& index) const {
    if (index.size() != shape.size()) {
        return false;
    }
    for (std::size_t d = 0; d < shape.size(); ++d) {
        if (index[d] < 0 || index[d] >= shape[d]) {
            return false;
        }
    }
    return elements() > 0;
}

std::shared_ptr<const Tensor> loadTensor(const Document& document, const Slot& slot) {
    auto tensor = std::make_shared<Tensor>();
    const trace::DType part = partOf(slot.dtype);
    tensor->type = &elementType(part);
    tensor->shape = slot.shape;
    tensor->axes = axisNames(slot.valueA ? document.runA() : document.runB(), slot.use);
    if (part != slot.dtype) {
        tensor->shape.push_back(2);
    }
    if (!tensor->type->known()) {
        throw Error(ErrorKind::Format,
                    std::string(trace::dtypeName(slot.dtype)) +
                        ": elements of this type are packed and not read as numbers; dump them "
                        "with `reprorec dump`");
    }
    const bool comparable = slot.state != Slot::State::OtherShape;
    if (slot.bytesA) {
        tensor->a = document.a().bytes(document.a().value(*slot.valueA));
    }
    if (slot.bytesB && (comparable || !slot.bytesA)) {
        tensor->b = document.b().bytes(document.b().value(*slot.valueB));
    }
    if (tensor->isPair()) {
        tensor->difference = replay::compareNumbers(part, tensor->a, tensor->b, tensor->shape);
    }
    return tensor;
}

namespace {

/// A divisor of n near its root, so that a vector makes a picture: 64 -> 8; of a prime: n.
std::int64_t foldedColumns(std::int64_t n) {
    for (auto columns = static_cast<std::int64_t>(std::ceil(std::sqrt(static_cast<double>(n))));
         columns > 0 && columns <= n && columns <= 4096; ++columns) {
        if (n % columns == 0) {
            return columns;
        }
    }
    return std::max<std::int64_t>(n, 1);
}

} // namespace

Plane planeOf(const Tensor& tensor, const Focus& focus) {
    Plane plane;
    const std::size_t rank = tensor.shape.size();
    if (rank == 0) {
        return plane;
    }
    if (rank == 1) {
        plane.columns = foldedColumns(tensor.shape[0]);
        plane.rows = tensor.shape[0] / plane.columns;
        plane.rowStride = static_cast<std::uint64_t>(plane.columns);
        plane.columnStride = 1;
        plane.columnAxis = 0;
        plane.slice = {-1};
        return plane;
    }
    std::vector<std::int64_t> slice(rank, 0);
    const bool asked =
        focus.slice.size() == rank && std::count(focus.slice.begin(), focus.slice.end(), -1) == 2;
    if (asked) {
        slice = focus.slice;
    } else {
        if (focus.index.size() == rank) {
            slice = focus.index;
        }
        slice[rank - 2] = slice[rank - 1] = -1;
    }
    std::vector<std::uint64_t> strides(rank, 1);
    for (std::size_t d = rank - 1; d > 0; --d) {
        strides[d - 1] = strides[d] * static_cast<std::uint64_t>(tensor.shape[d]);
    }
    for (std::size_t d = 0; d < rank; ++d) {
        if (slice[d] >= 0) {
            slice[d] = std::clamp<std::int64_t>(slice[d], 0,
                                                std::max<std::int64_t>(tensor.shape[d] - 1, 0));
            plane.offset += static_cast<std::uint64_t>(slice[d]) * strides[d];
        } else if (plane.rowAxis < 0) {
            plane.rowAxis = static_cast<int>(d);
            plane.rows = tensor.shape[d];
            plane.rowStride = strides[d];
        } else {
            plane.columnAxis = static_cast<int>(d);
            plane.columns = tensor.shape[d];
            plane.columnStride = strides[d];
        }
    }
    plane.slice = slice;
    return plane;
}

std::optional<std::pair<std::int64_t, std::int64_t>>
placeIn(const Plane& plane, const Tensor& tensor, const std::vector<std::int64_t>& index) {
    if (!tensor.holds(index)) {
        return std::nullopt;
    }
    if (plane.rowAxis < 0) { // a vector, or a number
        const auto element = static_cast<std::int64_t>(tensor.flat(index));
        return std::pair{element / plane.columns, element % plane.columns};
    }
    for (std::size_t d = 0; d < index.size(); ++d) {
        if (plane.slice[d] >= 0 && plane.slice[d] != index[d]) {
            return std::nullopt;
        }
    }
    return std::pair{index[static_cast<std::size_t>(plane.rowAxis)],
                     index[static_cast<std::size_t>(plane.columnAxis)]};
}

namespace {

bool planeDiffers(const Tensor& tensor, const Plane& plane) {
    const std::size_t size = tensor.type->size;
    for (std::int64_t row = 0; row < plane.rows; ++row) {
        for (std::int64_t column = 0; column < plane.columns; ++column) {
            const std::uint64_t element = plane.element(row, column);
            if (std::memcmp(tensor.at(true, element), tensor.at(false, element), size) != 0) {
                return true;
            }
        }
    }
    return false;
}

} // namespace

std::optional<std::vector<std::int64_t>> nextDifferingSlice(const Tensor& tensor,
                                                            const Plane& plane, int direction) {
    Focus focus;
    focus.slice = plane.slice;
    // The fixed dimensions count like the digits of a number.
    const auto advance = [&] {
        for (std::size_t d = focus.slice.size(); d-- > 0;) {
            if (focus.slice[d] < 0) {
                continue;
            }
            focus.slice[d] += direction;
            if (focus.slice[d] >= 0 && focus.slice[d] < tensor.shape[d]) {
                return true;
            }
            focus.slice[d] = direction > 0 ? 0 : tensor.shape[d] - 1;
        }
        return false;
    };
    while (tensor.isPair() && plane.rowAxis >= 0 && advance()) {
        if (planeDiffers(tensor, planeOf(tensor, focus))) {
            return focus.slice;
        }
    }
    return std::nullopt;
}

std::vector<std::uint64_t> differingElements(const Tensor& tensor, std::size_t limit,
                                             const CancelFlag& cancel, const ElementTest& test) {
    std::vector<std::pair<double, std::uint64_t>> found;
    const auto cut = [&] {
        if (found.size() > limit) {
            const auto middle = found.begin() + static_cast<std::ptrdiff_t>(limit);
            std::nth_element(found.begin(), middle, found.end(), std::greater<>());
            found.erase(middle, found.end());
        }
    };
    eachDiffering(tensor, cancel, [&](std::uint64_t element) {
        const std::byte *a = tensor.at(true, element), *b = tensor.at(false, element);
        const double ulp = tensor.type->ulp(a, b);
        if (test && !test(tensor.type->read(a), tensor.type->read(b), ulp)) {
            return;
        }
        // What has no distance is the worst.
        found.emplace_back(std::isnan(ulp) ? INFINITY : std::abs(ulp), element);
        if (found.size() > 4 * limit) {
            cut();
        }
    });
    cut();
    std::sort(found.begin(), found.end(), [](const auto& p, const auto& q) {
        return p.first != q.first ? p.first > q.first : p.second < q.second;
    });
    std::vector<std::uint64_t> elements;
    for (const auto& [ulp, element] : found) {
        elements.push_back(element);
    }
    return elements;
}

} // namespace repro::gui
