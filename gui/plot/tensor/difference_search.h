// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/tensor/tensor_source.h"

#include <QObject>
#include <QThreadPool>

#include <memory>

namespace repro::gui::plot {

/// Looks for the next differing element in a worker; a new search ends the one before it. Belongs
/// to the GUI thread.
class DifferenceSearch : public QObject {
    Q_OBJECT
public:
    explicit DifferenceSearch(QObject* parent = nullptr);
    ~DifferenceSearch() override;

    void start(std::shared_ptr<const TensorSource> source, Element from, Direction direction);
    void cancel();
    [[nodiscard]] bool busy() const { return m_busy; }
    void finish();

Q_SIGNALS:
    /// None: there is no further one.
    void found(std::optional<repro::gui::plot::Element> element);

private:
    std::shared_ptr<Cancel> m_cancel; // of the last search, shared with its worker
    bool m_busy = false;
    QThreadPool m_pool;
};

} // namespace repro::gui::plot
