// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/plot/tensor/tensor_source.h"

#include <bit>
#include <cstdint>
#include <functional>
#include <vector>

namespace repro::gui::plot::samples {

/// Two float32 matrices in memory.
class FakeTensor : public TensorSource {
public:
    FakeTensor(qint64 rows, qint64 columns, bool pair = true)
        : a(std::size_t(rows * columns)), b(pair ? a.size() : 0), m_rows(rows), m_columns(columns) {
    }

    std::vector<float> a, b;

    [[nodiscard]] float& at(Run run, qint64 row, qint64 column) {
        return (run == Run::A ? a : b)[std::size_t(row * m_columns + column)];
    }
    /// Bits differ by so many steps.
    void nudge(qint64 row, qint64 column, int ulp) {
        float& value = at(Run::B, row, column);
        value = std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) + std::uint32_t(ulp));
    }

    [[nodiscard]] qint64 rows() const override { return m_rows; }
    [[nodiscard]] qint64 columns() const override { return m_columns; }
    [[nodiscard]] bool has(Run run) const override { return run == Run::A || !b.empty(); }

    void read(Run run, const Block& block, std::span<double> out) const override {
        const float* from = (run == Run::A ? a : b).data();
        std::size_t next = 0;
        for (int i = 0; i < block.rows; ++i) {
            const float* row =
                from + (block.row + qint64(i) * block.step) * m_columns + block.column;
            for (int j = 0; j < block.columns; ++j) {
                out[next++] = double(row[std::ptrdiff_t(j) * block.step]);
            }
        }
    }
    void readUlp(const Block& block, std::span<double> out) const override {
        std::size_t next = 0;
        for (int i = 0; i < block.rows; ++i) {
            const qint64 row = (block.row + qint64(i) * block.step) * m_columns + block.column;
            for (int j = 0; j < block.columns; ++j) {
                const auto at = std::size_t(row + qint64(j) * block.step);
                out[next++] = ulp(a[at], b[at]);
            }
        }
    }
    [[nodiscard]] QString text(Channel channel, qint64 row, qint64 column) const override {
        double value = 0;
        readChannel(*this, channel, {row, column, 1, 1, 1}, {&value, 1});
        return channel == Channel::Ulp ? QString::number(value) : QString::number(value, 'g', 9);
    }

private:
    static double ulp(float a, float b) {
        const auto x = std::bit_cast<std::int32_t>(a), y = std::bit_cast<std::int32_t>(b);
        if (x == y) {
            return 0;
        }
        if (!std::isfinite(a) || !std::isfinite(b)) {
            return NAN;
        }
        const auto key = [](std::int32_t bits) {
            return bits < 0 ? -double(bits & 0x7FFFFFFF) : double(bits);
        };
        return key(x) == key(y) ? kZeroSign : key(y) - key(x);
    }

    qint64 m_rows, m_columns;
};

} // namespace repro::gui::plot::samples
