// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "gui/viewmodel/document.h"
#include "tests/cli/net_trace.h"
#include "tests/support/trace_text.h"

#include <QByteArray>
#include <QFile>
#include <QString>
#include <QTemporaryDir>
#include <gtest/gtest.h>

namespace repro::gui::test {

/// A folder of its own for each test, and recordings in it.
class ViewerTest : public ::testing::Test {
protected:
    [[nodiscard]] QString path(const char* name) const {
        return m_folder.filePath(QString::fromLatin1(name));
    }
    [[nodiscard]] QString write(const char* name, std::string_view notation) const {
        repro::test::buildTrace(path(name).toStdString(), notation);
        return path(name);
    }
    [[nodiscard]] QString writeNet(const char* name,
                                   const cli::test::NetOptions& options = {}) const {
        cli::test::writeNet(path(name).toStdString(), options);
        return path(name);
    }
    /// Changes one element of what addmm wrote at `outputOffset` 0.001 (4.001) in the file alone,
    /// so that it fails its fingerprint.
    static void damageBytes(const QString& path) {
        QFile file(path);
        ASSERT_TRUE(file.open(QIODevice::ReadWrite));
        QByteArray bytes = file.readAll();
        ASSERT_TRUE(bytes.contains(QByteArray::fromHex("31088040")));
        bytes.replace(QByteArray::fromHex("31088040"), QByteArray::fromHex("32088040"));
        ASSERT_TRUE(file.seek(0) && file.write(bytes) == bytes.size());
    }
    /// A pair in the notation of trace_text.h.
    [[nodiscard]] std::shared_ptr<const Document> load(std::string_view a,
                                                       std::string_view b = {}) const {
        const QString pathA = write("a.h5", a);
        return Document::load(pathA, b.empty() ? QString() : write("b.h5", b), {});
    }
    /// The small network whose last step differs in what addmm writes; with bytes.
    [[nodiscard]] std::shared_ptr<const Document> loadNet(float offset = 0.001F) const {
        return Document::load(writeNet("a.h5"), writeNet("b.h5", {.outputOffset = offset}), {});
    }

private:
    QTemporaryDir m_folder;
};

/// Three steps of two layers; in run B the second step's mm makes something else, which relu heals.
inline constexpr std::string_view kRunA = R"(
    step 0
    layer net.fc LinearImpl
    mm %x:f32[4]=x0 %w:f32[4]=w -> %y:f32[4]=y0
    end
    layer net.act ReLUImpl
    relu %y -> %z:f32[4]=z0
    end
    step 1
    layer net.fc LinearImpl
    mm %x2:f32[4]=x1 %w -> %y2:f32[4]=y1
    end
    layer net.act ReLUImpl
    relu %y2 -> %z2:f32[4]=z1
    neg %y2 -> %n:f32[4]=n1
    end
    step 2
    layer net.fc LinearImpl
    mm %x3:f32[4]=x2 %w -> %y3:f32[4]=y2
    end
)";
inline std::string runB() {
    std::string b(kRunA);
    b.replace(b.find("=y1"), 3, "=Y1");
    b.replace(b.find("=n1"), 3, "=N1");
    return b;
}

} // namespace repro::gui::test
