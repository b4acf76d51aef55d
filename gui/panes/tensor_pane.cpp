// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/tensor_pane.h"

#include "gui/panes/plane_source.h"
#include "gui/plot/charts/value_histogram.h"
#include "gui/viewmodel/texts.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSpinBox>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <cmath>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString kTensorPaneTag = u"value histogram"_s;

/// A view of the focus: its button, and what the picture calls it.
struct ViewButton {
    View view;
    plot::Channel channel;
    const char* text;
    const char* name;
};
constexpr std::array kViews = {
    ViewButton{View::A, plot::Channel::A, "A", "Run A"},
    ViewButton{View::B, plot::Channel::B, "B", "Run B"},
    ViewButton{View::Delta, plot::Channel::Delta, "\u0394", "Difference B - A"},
    ViewButton{View::Ulp, plot::Channel::Ulp, "ULP", "Distance in ULP"},
};

plot::Channel channelOf(View view) {
    return std::ranges::find(kViews, view, &ViewButton::view)->channel;
}

View viewOf(plot::Channel channel) {
    return std::ranges::find(kViews, channel, &ViewButton::channel)->view;
}

} // namespace

TensorPane::TensorPane(Context& context) : TensorBasedPane(context, u"tensor"_s, tr("Tensor")) {
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(buildTools());
    m_image = new plot::TensorImage;
    m_histogram = new plot::ValueHistogram;
    m_histogram->setFixedHeight(84);
    m_readout = new QLabel;
    m_readout->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_readout->setAccessibleName(tr("Element under the cursor"));
    m_readout->setFont(context.theme.mono);
    m_readout->setContentsMargins(4, 0, 4, 2);
    m_readout->setMinimumWidth(1); // its text does not hold the dock open
    layout->addWidget(m_image, 1);
    layout->addWidget(m_histogram);
    layout->addWidget(m_readout);
    setContent(content);
    m_blink = new QTimer(this);
    m_blink->setInterval(500);
    connect(m_blink, &QTimer::timeout, this, [this, b = false]() mutable {
        b = !b;
        m_image->setBlink(b ? plot::Run::B : plot::Run::A);
    });
    connect(m_image, &plot::TensorImage::elementPicked, this, [this](qint64 row, qint64 column) {
        m_context.tensors.selectElement(m_context.tensors.plane().element(row, column));
    });
    connect(m_image, &plot::TensorImage::noFurtherDifference, this,
            [this] { Q_EMIT statusMessage(tr("No more differences in that direction")); });
    connect(m_image, &plot::TensorImage::channelChanged, this, [this](plot::Channel channel) {
        Focus focus = m_context.session.focus().now();
        focus.view = viewOf(channel);
        m_context.session.focus().set(focus, FocusStore::Reason::Nudge);
    });
    connect(m_image, &plot::Canvas::readoutChanged, this, &Pane::statusMessage);
    connect(m_histogram, &plot::ValueHistogram::rangeChanged, this,
            [this](double low, double high) {
                m_ranges[rangeKey()] = {low, high};
                applyScales();
            });
}

TensorPane::~TensorPane() = default;

QWidget* TensorPane::buildTools() {
    auto* tools = new QWidget;
    auto* line = new QHBoxLayout(tools);
    line->setContentsMargins(2, 0, 2, 0);
    m_slots = new QComboBox;
    m_slots->setAccessibleName(tr("Tensor of the event"));
    m_slots->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_slots->setMaximumWidth(330);
    connect(m_slots, &QComboBox::activated, this,
            [this](int index) { m_context.tensors.selectSlot(index); });
    line->addWidget(m_slots);
    m_views = new QButtonGroup(this);
    for (const ViewButton& view : kViews) {
        auto* button = new QToolButton;
        button->setText(QString::fromUtf8(view.text));
        button->setAccessibleName(tr(view.name));
        button->setToolTip(button->accessibleName());
        button->setCheckable(true);
        m_views->addButton(button, static_cast<int>(view.view));
        line->addWidget(button);
    }
    connect(m_views, &QButtonGroup::idClicked, this,
            [this](int view) { setView(static_cast<View>(view)); });
    m_layouts = new QComboBox;
    m_layouts->setAccessibleName(tr("Image layout"));
    m_layouts->addItems({tr("side by side"), tr("split"), tr("blink"), tr("single")});
    connect(m_layouts, &QComboBox::activated, this,
            [this](int index) { setLayoutMode(static_cast<plot::TensorLayout>(index)); });
    line->addWidget(m_layouts);
    m_logButton = new QToolButton;
    m_logButton->setText(tr("log"));
    m_logButton->setAccessibleName(tr("Color by magnitude, on a log scale"));
    m_logButton->setCheckable(true);
    connect(m_logButton, &QToolButton::clicked, this, &TensorPane::setLog);
    line->addWidget(m_logButton);
    m_zeroButton = new QToolButton;
    m_zeroButton->setText(u"\u00b1"_s);
    m_zeroButton->setAccessibleName(tr("Center the range on zero"));
    m_zeroButton->setToolTip(m_zeroButton->accessibleName());
    m_zeroButton->setCheckable(true);
    connect(m_zeroButton, &QToolButton::clicked, this, &TensorPane::setZeroLocked);
    line->addWidget(m_zeroButton);
    auto* fit = new QToolButton;
    fit->setText(tr("fit"));
    fit->setAccessibleName(tr("Fit the range to the values"));
    connect(fit, &QToolButton::clicked, this, &TensorPane::fitRange);
    line->addWidget(fit);
    m_sliceBar = new QWidget;
    m_slices = new QHBoxLayout(m_sliceBar);
    m_slices->setContentsMargins(0, 0, 0, 0);
    line->addWidget(m_sliceBar);
    line->addStretch(1);
    return tools;
}

plot::Canvas* TensorPane::canvas() const {
    return m_image;
}

void TensorPane::setTheme(const plot::PlotTheme& theme) {
    Pane::setTheme(theme);
    m_histogram->setTheme(theme);
    m_readout->setFont(theme.mono);
}

void TensorPane::setView(View view) {
    Focus focus = m_context.session.focus().now();
    focus.view = view;
    if (m_image->layoutMode() == plot::TensorLayout::SideBySide) {
        setLayoutMode(plot::TensorLayout::Single);
    }
    m_context.session.focus().set(focus, FocusStore::Reason::Nudge);
    m_views->button(static_cast<int>(view))->setChecked(true);
}

void TensorPane::setLayoutMode(plot::TensorLayout layout) {
    m_image->setLayout(layout);
    m_layouts->setCurrentIndex(static_cast<int>(layout));
    if (layout == plot::TensorLayout::Blink) {
        m_blink->start();
    } else {
        m_blink->stop();
    }
}

void TensorPane::setLog(bool log) {
    m_log = log;
    m_logButton->setChecked(log);
    applyScales();
}

void TensorPane::setZeroLocked(bool locked) {
    if (locked) {
        m_zeroLocked.insert(rangeKey());
    } else {
        m_zeroLocked.remove(rangeKey());
    }
    applyScales();
}

void TensorPane::fitRange() {
    m_ranges.remove(rangeKey());
    m_histogram->setRange(m_fitted.low, m_fitted.high);
    applyScales();
}

QString TensorPane::rangeKey() const {
    const int slot = m_context.tensors.slotIndex();
    const auto& document = m_context.session.document();
    const std::uint32_t row = m_context.session.focus().now().row;
    if (!document || slot < 0 || row >= document->rows().size()) {
        return {};
    }
    // By what it is, not when: the same tensor of another step keeps its range.
    const RowEntry& entry = document->rows().all[row];
    return u"%1 %2 %3"_s.arg(entry.name)
        .arg(entry.layer)
        .arg(m_context.tensors.slots()[static_cast<std::size_t>(slot)].name);
}

void TensorPane::clear() {
    fillSlots();
    m_planeShown.clear();
    m_image->setSource(nullptr, m_context.tensors.reason());
    m_readout->clear();
}

void TensorPane::fillSlots() {
    m_slots->clear();
    for (const Slot& slot : m_context.tensors.slots()) {
        m_slots->addItem(u"%1%2 %3%4 %5"_s.arg(slot.differs() ? u"\u25c7 "_s : u""_s, slot.name,
                                               QString::fromLatin1(trace::dtypeName(slot.dtype)),
                                               shapeText(slot.shape), slot.argument));
    }
    m_slots->setCurrentIndex(m_context.tensors.slotIndex());
}

void TensorPane::showTensor() {
    fillSlots();
    fillSlices();
    const auto& tensor = shown();
    const bool pair = tensor->isPair();
    for (QAbstractButton* button : m_views->buttons()) {
        button->setVisible(pair);
    }
    m_layouts->setVisible(pair);
    m_image->setChannels(pair
                             ? std::vector{plot::Channel::A, plot::Channel::B, plot::Channel::Delta}
                             : std::vector{plot::Channel::A});
    m_deltaHigh = tensor->difference.maxAbs.value_or(0);
    m_context.session.jobs().start(
        kTensorPaneTag, [tensor](const CancelFlag& cancel) { return valueBinsOf(*tensor, cancel); },
        [this](const plot::ValueBins& bins) {
            m_fitted = {bins.low, bins.high};
            m_histogram->setBins(bins);
            applyScales();
        });
}

void TensorPane::fillSlices() {
    while (QLayoutItem* item = m_slices->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const std::size_t rank = shown()->shape.size();
    for (std::size_t d = 0; rank > 2 && d < rank; ++d) {
        auto* label = new QLabel(shown()->axisName(d));
        auto* box = new QSpinBox;
        box->setAccessibleName(
            tr("Slice along dimension %1; -1 shows the whole dimension").arg(shown()->axisName(d)));
        box->setRange(-1, static_cast<int>(std::min<std::int64_t>(shown()->shape[d] - 1, INT_MAX)));
        box->setSpecialValueText(u":"_s);
        label->setBuddy(box);
        m_slices->addWidget(label);
        m_slices->addWidget(box);
        connect(box, &QSpinBox::valueChanged, this, [this, d](int value) {
            std::vector<std::int64_t> slice = m_context.tensors.plane().slice;
            if (d >= slice.size() || slice[d] == value) {
                return;
            }
            if (value < 0) { // another dimension gives way
                const auto shown = std::find(slice.begin(), slice.end(), -1);
                *shown = 0;
            } else if (slice[d] < 0) {
                for (std::size_t other = 0; other < slice.size(); ++other) {
                    if (other != d && slice[other] >= 0) {
                        slice[other] = -1;
                        break;
                    }
                }
            }
            slice[d] = value;
            m_context.tensors.selectSlice(slice);
        });
    }
    m_sliceBar->setVisible(rank > 2);
}

void TensorPane::showElement() {
    showPlane();
    const View view = m_context.session.focus().now().view;
    m_views->button(static_cast<int>(view))->setChecked(true);
    m_image->setChannel(channelOf(view));
    applyScales();
    showReadout();
}

/// Does nothing for the plane that is shown already.
void TensorPane::showPlane() {
    const Plane& plane = m_context.tensors.plane();
    const QString key =
        u"%1 %2 %3"_s.arg(plane.offset).arg(plane.rowStride).arg(quintptr(shown().get()));
    if (key == m_planeShown) {
        return;
    }
    m_planeShown = key;
    m_image->setSource(std::make_shared<PlaneSource>(shown(), plane));
    const auto boxes = m_sliceBar->findChildren<QSpinBox*>();
    for (qsizetype d = 0; d < boxes.size() && static_cast<std::size_t>(d) < plane.slice.size();
         ++d) {
        const QSignalBlocker quiet(boxes[d]);
        boxes[d]->setValue(static_cast<int>(plane.slice[static_cast<std::size_t>(d)]));
    }
    const auto name = [this](int axis) {
        return shown()->axisName(static_cast<std::size_t>(std::max(axis, 0)));
    };
    m_image->setAxisNames(plane.rowAxis < 0 ? tr("lines of %1").arg(plane.columns)
                                            : name(plane.rowAxis),
                          name(plane.columnAxis));
}

void TensorPane::showReadout() {
    const TensorStore& store = m_context.tensors;
    const Focus& focus = m_context.session.focus().now();
    std::vector<std::int64_t> index = focus.index;
    if (!shown()->holds(index)) {
        if (shown()->elements() == 0) {
            m_readout->setText(tr("no elements"));
            return;
        }
        index = shown()->unflat(store.differing().empty() ? 0 : store.differing().front());
    }
    const auto place = placeIn(store.plane(), *shown(), index);
    m_image->setCursor(place ? std::optional(plot::Element{place->first, place->second})
                             : std::nullopt);
    const std::uint64_t element = shown()->flat(index);
    const ElementType& type = *shown()->type;
    QString line = shapeText(index) + u"  "_s;
    const auto side = [&](bool ofA) {
        const std::byte* at = shown()->at(ofA, element);
        return u"%1 %2 (%3)  "_s.arg(ofA ? u"A"_s : u"B"_s, type.write(at, NumberFormat::RoundTrip),
                                     type.write(at, NumberFormat::Bits));
    };
    line += shown()->hasA() ? side(true) : QString();
    line += shown()->hasB() ? side(false) : QString();
    if (shown()->isPair()) {
        const double a = type.read(shown()->at(true, element));
        const double b = type.read(shown()->at(false, element));
        const double ulp = type.ulp(shown()->at(true, element), shown()->at(false, element));
        line += u"\u0394 %1  "_s.arg(realText(b - a, 6));
        line += std::isnan(ulp)                           ? tr("no ULP distance")
                : std::abs(ulp) == ElementType::kZeroSign ? tr("signs of zero differ")
                                                          : u"%1 ULP"_s.arg(realText(ulp, 17));
    }
    m_readout->setText(line);
}

void TensorPane::applyScales() {
    Range range = m_ranges.value(rangeKey(), m_fitted);
    const double farthest = std::max(std::abs(range.low), std::abs(range.high));
    const bool locked = isZeroLocked();
    if (locked) {
        range = {-farthest, farthest};
    }
    m_zeroButton->setChecked(locked);
    m_histogram->setZeroLocked(locked);
    m_histogram->setRange(range.low, range.high);
    const bool mixed = range.low < 0 && range.high > 0;
    plot::ColourScale values{.map = locked || (m_log && mixed) ? plot::ColourMap::Diverging
                                                               : plot::ColourMap::Cividis,
                             .log = m_log,
                             .low = range.low,
                             .high = range.high};
    if (m_log) {
        values.high = farthest > 0 ? farthest : 1;
        values.low = mixed || range.low <= 0 ? values.high * 1e-6 : range.low;
    }
    m_image->setScale(plot::Channel::A, values);
    const double top = m_deltaHigh > 0 && std::isfinite(m_deltaHigh) ? m_deltaHigh : 1;
    m_image->setScale(plot::Channel::Delta, {.map = plot::ColourMap::Diverging,
                                             .log = m_log,
                                             .low = m_log ? top * 1e-6 : -top,
                                             .high = top});
}

} // namespace repro::gui
