// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/plane_source.h"

#include "gui/viewmodel/differing.h"
#include "gui/viewmodel/texts.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace repro::gui {

PlaneSource::PlaneSource(std::shared_ptr<const Tensor> tensor, Plane plane)
    : m_tensor(std::move(tensor)), m_plane(std::move(plane)) {}

bool PlaneSource::has(plot::Run run) const {
    // A tensor of run B alone is shown as the only one there is.
    return run == plot::Run::A ? m_tensor->hasA() || m_tensor->hasB() : m_tensor->isPair();
}

template <class Visit>
void PlaneSource::each(const plot::Block& block, std::span<double> out, Visit visit) const {
    std::size_t at = 0;
    for (int i = 0; i < block.rows; ++i) {
        for (int j = 0; j < block.columns; ++j) {
            out[at++] = visit(m_plane.element(block.row + qint64(i) * block.step,
                                              block.column + qint64(j) * block.step));
        }
    }
}

void PlaneSource::read(plot::Run run, const plot::Block& block, std::span<double> out) const {
    const bool ofA = run == plot::Run::A && m_tensor->hasA();
    each(block, out,
         [&](std::uint64_t element) { return m_tensor->type->read(m_tensor->at(ofA, element)); });
}

void PlaneSource::readUlp(const plot::Block& block, std::span<double> out) const {
    each(block, out, [&](std::uint64_t element) {
        return m_tensor->type->ulp(m_tensor->at(true, element), m_tensor->at(false, element));
    });
}

QString PlaneSource::text(plot::Channel channel, qint64 row, qint64 column) const {
    const std::uint64_t element = m_plane.element(row, column);
    const ElementType& type = *m_tensor->type;
    switch (channel) {
    case plot::Channel::A:
    case plot::Channel::B: {
        const bool ofA = channel == plot::Channel::A && m_tensor->hasA();
        return type.write(m_tensor->at(ofA, element), NumberFormat::Shortest);
    }
    case plot::Channel::Delta:
        return realText(type.read(m_tensor->at(false, element)) -
                        type.read(m_tensor->at(true, element)));
    case plot::Channel::Ulp:
        break;
    }
    const double ulp = type.ulp(m_tensor->at(true, element), m_tensor->at(false, element));
    return std::abs(ulp) == ElementType::kZeroSign ? QStringLiteral("\u00b10") : realText(ulp, 12);
}

namespace {

constexpr std::uint64_t kPoll = 1U << 20U;

void poll(std::uint64_t element, const CancelFlag& cancel) {
    if (element % kPoll == 0 && cancel) {
        throw replay::Cancelled();
    }
}

void countDifference(plot::UlpBins& bins, const Tensor& tensor, std::uint64_t element) {
    const std::byte *x = tensor.at(true, element), *y = tensor.at(false, element);
    const double ulp = tensor.type->ulp(x, y);
    if (std::isnan(ulp)) {
        const bool finiteA = std::isfinite(tensor.type->read(x));
        const bool finiteB = std::isfinite(tensor.type->read(y));
        ++(finiteB ? bins.nonFiniteA : finiteA ? bins.nonFiniteB : bins.nanPayload);
    } else if (ulp == ElementType::kZeroSign) {
        ++bins.zeroSign;
    } else {
        const double steps = std::min(std::abs(ulp), 9.2e18);
        const auto bin = std::bit_width(static_cast<std::uint64_t>(steps)) - 1;
        ++(ulp < 0 ? bins.below : bins.above)[bin];
    }
}

} // namespace

plot::UlpBins ulpBinsOf(const Tensor& tensor, const CancelFlag& cancel) {
    plot::UlpBins bins;
    std::uint64_t differing = 0;
    eachDiffering(tensor, cancel, [&](std::uint64_t element) {
        ++differing;
        countDifference(bins, tensor, element);
    });
    bins.same = tensor.isPair() ? tensor.elements() - differing : 0;
    return bins;
}

plot::ValueBins valueBinsOf(const Tensor& tensor, const CancelFlag& cancel) {
    constexpr std::size_t kBins = 128;
    plot::ValueBins bins;
    double low = std::numeric_limits<double>::infinity(), high = -low;
    const auto each = [&](bool ofA, auto visit) {
        const bool there = ofA ? tensor.hasA() : tensor.hasB();
        for (std::uint64_t element = 0; there && element < tensor.elements(); ++element) {
            poll(element, cancel);
            visit(tensor.type->read(tensor.at(ofA, element)));
        }
    };
    const auto widen = [&](double value) {
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    };
    each(true, widen);
    each(false, widen);
    if (low > high) {
        low = 0;
        high = 1;
    }
    bins.low = low;
    bins.high = high > low ? high : low + std::max(std::abs(low) * 1e-3, 1e-3);
    const auto count = [&](std::vector<quint64>& into, quint64& nonFinite, bool ofA) {
        into.assign(kBins, 0);
        each(ofA, [&](double value) {
            if (!std::isfinite(value)) {
                ++nonFinite;
                return;
            }
            const double unit = (value - bins.low) / (bins.high - bins.low);
            into[std::min(static_cast<std::size_t>(unit * kBins), kBins - 1)] += 1;
        });
    };
    // One run: whichever it is stands as the first.
    count(bins.a, bins.nonFiniteA, tensor.hasA());
    if (tensor.isPair()) {
        count(bins.b, bins.nonFiniteB, false);
    }
    return bins;
}

plot::ProfileData profileOf(const Tensor& tensor, int axis, const CancelFlag& cancel) {
    plot::ProfileData profile;
    const auto d = static_cast<std::size_t>(std::max(axis, 0));
    profile.axis = tensor.axisName(d);
    const auto channels =
        static_cast<std::size_t>(axis < 0 || d >= tensor.shape.size() ? 1 : tensor.shape[d]);
    std::uint64_t stride = 1;
    for (std::size_t after = d + 1; after < tensor.shape.size(); ++after) {
        stride *= static_cast<std::uint64_t>(tensor.shape[after]);
    }
    profile.differing.assign(channels, 0);
    profile.maxDelta.assign(channels, 0);
    profile.meanDelta.assign(channels, 0);
    profile.a.assign(channels, 0);
    profile.b.assign(tensor.isPair() ? channels : 0, 0);
    profile.nonFinite.assign(channels, false);
    const std::uint64_t count = tensor.elements();
    const double perChannel =
        static_cast<double>(std::max<std::uint64_t>(count / std::max<std::size_t>(channels, 1), 1));
    for (std::uint64_t element = 0; element < count; ++element) {
        poll(element, cancel);
        const std::size_t channel = static_cast<std::size_t>(element / stride) % channels;
        const std::byte* x = tensor.at(tensor.hasA(), element);
        const double a = tensor.type->read(x);
        profile.a[channel] += a / perChannel;
        if (!tensor.isPair()) {
            profile.nonFinite[channel] = profile.nonFinite[channel] || !std::isfinite(a);
            continue;
        }
        const std::byte* y = tensor.at(false, element);
        const double b = tensor.type->read(y);
        profile.b[channel] += b / perChannel;
        if (std::memcmp(x, y, tensor.type->size) == 0) {
            continue;
        }
        ++profile.differing[channel];
        if (std::isfinite(a) && std::isfinite(b)) {
            profile.maxDelta[channel] = std::max(profile.maxDelta[channel], std::abs(b - a));
            profile.meanDelta[channel] += std::abs(b - a) / perChannel;
        } else {
            profile.nonFinite[channel] = true;
        }
    }
    return profile;
}

} // namespace repro::gui
