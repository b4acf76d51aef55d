// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/charts/channel_profile.h"
#include "gui/plot/charts/ulp_histogram.h"
#include "gui/plot/charts/value_histogram.h"
#include "gui/plot/tensor/tensor_source.h"
#include "gui/viewmodel/tensor.h"

#include <memory>

namespace repro::gui {

/// A plane of a tensor, as pictures read it. Keeps the tensor alive.
class PlaneSource : public plot::TensorSource {
public:
    PlaneSource(std::shared_ptr<const Tensor> tensor, Plane plane);

    [[nodiscard]] qint64 rows() const override { return m_plane.rows; }
    [[nodiscard]] qint64 columns() const override { return m_plane.columns; }
    [[nodiscard]] bool has(plot::Run run) const override;
    void read(plot::Run run, const plot::Block& block, std::span<double> out) const override;
    void readUlp(const plot::Block& block, std::span<double> out) const override;
    [[nodiscard]] QString text(plot::Channel channel, qint64 row, qint64 column) const override;

private:
    template <class Visit>
    void each(const plot::Block& block, std::span<double> out, Visit visit) const;

    const std::shared_ptr<const Tensor> m_tensor; // shared with the pictures of one tensor
    const Plane m_plane;
};

/// The whole tensor counted by distance; by value, over a range that fits both runs; along an axis.
/// Throw replay::Cancelled.
[[nodiscard]] plot::UlpBins ulpBinsOf(const Tensor& tensor, const CancelFlag& cancel);
[[nodiscard]] plot::ValueBins valueBinsOf(const Tensor& tensor, const CancelFlag& cancel);
[[nodiscard]] plot::ProfileData profileOf(const Tensor& tensor, int axis, const CancelFlag& cancel);

} // namespace repro::gui
