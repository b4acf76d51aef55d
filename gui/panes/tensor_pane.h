// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/panes/tensor_based_pane.h"
#include "gui/plot/tensor/tensor_image.h"

#include <QHash>
#include <QSet>

class QButtonGroup;
class QComboBox;
class QHBoxLayout;
class QSpinBox;
class QTimer;
class QToolButton;

namespace repro::gui {

namespace plot {
class ValueHistogram;
}

/// The tensor in focus as pictures: A, B, difference, ULP; side by side, split, blinking or one.
class TensorPane : public TensorBasedPane {
    Q_OBJECT
public:
    explicit TensorPane(Context& context);
    ~TensorPane() override;

    [[nodiscard]] plot::Canvas* canvas() const override;
    void setTheme(const plot::PlotTheme& theme) override;
    void setView(View view);
    void setLayoutMode(plot::TensorLayout layout);
    void setLog(bool log);
    [[nodiscard]] bool isLog() const { return m_log; }
    /// Of the tensor in focus: the range is symmetric to zero, in colours that diverge from it.
    void setZeroLocked(bool locked);
    [[nodiscard]] bool isZeroLocked() const { return m_zeroLocked.contains(rangeKey()); }
    void fitRange();
    [[nodiscard]] plot::TensorImage* image() const { return m_image; }

protected:
    void clear() override;
    void showTensor() override;
    void showElement() override;

private:
    struct Range {
        double low = 0, high = 1;
    };
    QWidget* buildTools();
    void fillSlots();
    void fillSlices();
    void showPlane();
    void showReadout();
    void applyScales();
    [[nodiscard]] QString rangeKey() const;

    plot::TensorImage* m_image = nullptr;
    plot::ValueHistogram* m_histogram = nullptr;
    QComboBox* m_slots = nullptr;
    QComboBox* m_layouts = nullptr;
    QButtonGroup* m_views = nullptr;
    QToolButton* m_logButton = nullptr;
    QToolButton* m_zeroButton = nullptr;
    QHBoxLayout* m_slices = nullptr;
    QWidget* m_sliceBar = nullptr;
    QLabel* m_readout = nullptr;
    QTimer* m_blink = nullptr;
    bool m_log = false;
    Range m_fitted; // the finite values of both runs
    double m_deltaHigh = 1;
    QHash<QString, Range> m_ranges; // chosen by the user, by tensor
    QSet<QString> m_zeroLocked;     // tensors
    QString m_planeShown;
};

} // namespace repro::gui
