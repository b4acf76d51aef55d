// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/panes/tensor_based_pane.h"
#include "gui/plot/charts/channel_profile.h"
#include "gui/plot/charts/ulp_histogram.h"
#include "gui/plot/tensor/scatter.h"

class QComboBox;
class QLabel;

namespace repro::gui {

/// That elements were chosen, with the link that ends it; empty: all are listed.
[[nodiscard]] QString choiceLine(const TensorStore& store);

/// Panes of the tensor in focus that need its bytes in both runs; says so where they are not there.
class TensorPlot : public TensorBasedPane {
    Q_OBJECT
public:
    using TensorBasedPane::TensorBasedPane;

protected:
    [[nodiscard]] QString whyNot() const override;
};

/// How far apart the elements are; drag the threshold to see what a tolerance would hide.
class HistogramPane : public TensorPlot {
    Q_OBJECT
public:
    explicit HistogramPane(Context& context);
    [[nodiscard]] plot::Canvas* canvas() const override { return m_histogram; }
    void endPreview() { m_histogram->setTolerance({}); }

Q_SIGNALS:
    /// The threshold was moved.
    void toleranceTried(quint64 ulp);

protected:
    void showTensor() override;

private:
    plot::UlpHistogram* m_histogram = nullptr;
};

/// Differences along one dimension.
class ProfilePane : public TensorPlot {
    Q_OBJECT
public:
    explicit ProfilePane(Context& context);
    [[nodiscard]] plot::Canvas* canvas() const override { return m_profile; }

protected:
    void showTensor() override;
    void showElement() override;

private:
    void count(int axis);

    plot::ChannelProfile* m_profile = nullptr;
    QComboBox* m_axes = nullptr;
    QComboBox* m_orders = nullptr;
};

/// A against B. A lasso lists the elements inside it in the pane of the numbers.
class ScatterPane : public TensorPlot {
    Q_OBJECT
public:
    explicit ScatterPane(Context& context);
    [[nodiscard]] plot::Canvas* canvas() const override { return m_scatter; }

protected:
    void showTensor() override;

private:
    plot::Scatter* m_scatter = nullptr;
    QComboBox* m_modes = nullptr;
    QLabel* m_choice = nullptr;
};

} // namespace repro::gui
