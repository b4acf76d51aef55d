// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/tensor_plots.h"

#include "gui/panes/plane_source.h"
#include "gui/viewmodel/texts.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

QString choiceLine(const TensorStore& store) {
    const QString sentence = store.choiceSentence();
    return sentence.isEmpty()
               ? QString()
               : u"%1 <a href=\"all:\">%2</a>"_s.arg(sentence, QObject::tr("List all (Esc)"));
}

QString TensorPlot::whyNot() const {
    const auto& tensor = m_context.tensors.tensor();
    return !tensor                   ? TensorBasedPane::whyNot()
           : tensor->elements() == 0 ? tr("The tensor has no elements.")
           : tensor->isPair()        ? QString()
                              : tr("Only one run's bytes were recorded, so there is nothing to "
                                   "compare. Record both runs with --capture full.");
}

HistogramPane::HistogramPane(Context& context)
    : TensorPlot(context, u"histogram"_s, tr("ULP histogram")) {
    m_histogram = new plot::UlpHistogram;
    setContent(m_histogram);
    connect(m_histogram, &plot::UlpHistogram::toleranceChanged, this, [this](quint64 ulp) {
        Q_EMIT statusMessage(m_histogram->sentence());
        Q_EMIT toleranceTried(ulp);
    });
    connect(m_histogram, &plot::Canvas::readoutChanged, this, &Pane::statusMessage);
}

void HistogramPane::showTensor() {
    m_context.session.jobs().start(
        u"ulp histogram"_s,
        [tensor = shown()](const CancelFlag& cancel) { return ulpBinsOf(*tensor, cancel); },
        [this](const plot::UlpBins& bins) { m_histogram->setBins(bins); });
}

ProfilePane::ProfilePane(Context& context) : TensorPlot(context, u"profile"_s, tr("Per channel")) {
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* top = new QHBoxLayout;
    m_axes = new QComboBox;
    m_axes->setAccessibleName(tr("Dimension of the profile"));
    m_axes->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_orders = new QComboBox;
    m_orders->setAccessibleName(tr("Order of the channels"));
    m_orders->addItems({tr("by index"), tr("by elements that differ"), tr("by max |\u0394|"),
                        tr("by mean |\u0394|")});
    top->addWidget(m_axes);
    top->addWidget(m_orders);
    top->addStretch(1);
    layout->addLayout(top);
    m_profile = new plot::ChannelProfile;
    layout->addWidget(m_profile, 1);
    setContent(content);
    connect(m_axes, &QComboBox::activated, this, &ProfilePane::count);
    connect(m_orders, &QComboBox::activated, this,
            [this](int order) { m_profile->setOrder(static_cast<plot::ProfileOrder>(order)); });
    connect(m_profile, &plot::Canvas::readoutChanged, this, &Pane::statusMessage);
    connect(m_profile, &plot::ChannelProfile::channelActivated, this, [this](qint64 channel) {
        if (!shown() || m_axes->currentIndex() < 0) {
            return;
        }
        // The first element of that channel; its slice comes with it.
        std::vector<std::int64_t> index(shown()->shape.size(), 0);
        index[static_cast<std::size_t>(m_axes->currentIndex())] = channel;
        m_context.tensors.selectElement(shown()->flat(index));
    });
}

void ProfilePane::showTensor() {
    const Tensor& tensor = *shown();
    m_axes->clear();
    for (std::size_t d = 0; d < tensor.shape.size(); ++d) {
        m_axes->addItem(tr("%1, %2 channels").arg(tensor.axisName(d)).arg(tensor.shape[d]));
    }
    const int axis = tensor.shape.empty() ? -1 : tensor.shape.size() < 3 ? 0 : 1;
    m_axes->setCurrentIndex(axis);
    count(axis);
}

void ProfilePane::count(int axis) {
    m_context.session.jobs().start(
        u"profile"_s,
        [tensor = shown(), axis](const CancelFlag& cancel) {
            return profileOf(*tensor, axis, cancel);
        },
        [this](plot::ProfileData profile) {
            m_profile->setData(std::move(profile));
            showElement();
        });
}

void ProfilePane::showElement() {
    const std::vector<std::int64_t>& index = m_context.session.focus().now().index;
    const auto axis = static_cast<std::size_t>(std::max(m_axes->currentIndex(), 0));
    m_profile->setFocusChannel(axis < index.size() ? index[axis] : -1);
}

ScatterPane::ScatterPane(Context& context) : TensorPlot(context, u"scatter"_s, tr("Scatter")) {
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    m_modes = new QComboBox;
    m_modes->setAccessibleName(tr("Axes"));
    m_modes->addItems({tr("distance in ULP against magnitude"), tr("B against A")});
    m_scatter = new plot::Scatter;
    m_choice = new QLabel;
    m_choice->setObjectName(u"choice"_s);
    m_choice->setAccessibleName(tr("Lasso selection"));
    m_choice->setMinimumWidth(1);
    auto* top = new QHBoxLayout;
    top->addWidget(m_modes);
    top->addWidget(m_choice, 1);
    layout->addLayout(top);
    layout->addWidget(m_scatter, 1);
    setContent(content);
    connect(m_modes, &QComboBox::activated, this, [this](int mode) {
        m_context.tensors.chooseAll(); // a lasso is of one mode's coordinates
        m_scatter->setMode(static_cast<plot::ScatterMode>(mode));
    });
    connect(m_scatter, &plot::Canvas::readoutChanged, this, &Pane::statusMessage);
    TensorStore& store = context.tensors;
    connect(m_scatter, &plot::Scatter::lassoed, this,
            [&store](const QPolygonF& lasso, plot::ScatterMode mode) {
                lasso.isEmpty() ? store.chooseAll() : store.choose(plot::insideLasso(mode, lasso));
            });
    connect(m_choice, &QLabel::linkActivated, &store, &TensorStore::chooseAll);
    connect(&store, &TensorStore::changed, this, [this, &store] {
        m_choice->setText(choiceLine(store));
        if (store.choiceSentence().isEmpty()) {
            m_scatter->clearLasso();
        }
    });
}

void ScatterPane::showTensor() {
    const Plane whole{.rows = 1,
                      .columns = static_cast<std::int64_t>(shown()->elements()),
                      .offset = 0,
                      .rowStride = 0,
                      .columnStride = 1,
                      .slice = {}};
    m_scatter->setSource(std::make_shared<PlaneSource>(shown(), whole));
}

} // namespace repro::gui
