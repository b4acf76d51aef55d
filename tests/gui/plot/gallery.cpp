// SPDX-License-Identifier: BSD-3-Clause
#include "tests/gui/plot/samples.h"

#include <QApplication>
#include <QDir>

#include <cstdio>

// gallery FOLDER [NAME]: paints the samples there as <name>-<theme>[-2x|-large].png and .svg.
int main(int argc, char** argv) {
    using namespace repro::gui::plot;
    if (argc < 2) {
        std::fputs("usage: plot_gallery FOLDER [NAME]\n", stderr);
        return 2;
    }
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    const QApplication app(argc, argv);
    const QString folder = QString::fromLocal8Bit(argv[1]);
    QDir().mkpath(folder);
    QStringList failures;
    for (const samples::Sample& sample : samples::all()) {
        const QString name = QString::fromLatin1(sample.name);
        if (argc > 2 && !name.startsWith(QString::fromLocal8Bit(argv[2]))) {
            continue;
        }
        const auto canvas = sample.make();
        for (const bool dark : {false, true}) {
            canvas->setTheme(dark ? PlotTheme::dark() : PlotTheme::light());
            const QString path =
                QStringLiteral("%1/%2-%3")
                    .arg(folder, name, dark ? QStringLiteral("dark") : QStringLiteral("light"));
            failures += canvas->exportPng(path + QStringLiteral(".png"), sample.size);
            failures += canvas->exportPng(path + QStringLiteral("-2x.png"), sample.size, 2);
            failures += canvas->exportSvg(path + QStringLiteral(".svg"), sample.size);
            canvas->setTheme(canvas->theme().withFontSize(24));
            failures += canvas->exportPng(path + QStringLiteral("-large.png"), sample.size);
        }
        failures += canvas->exportCsv(QStringLiteral("%1/%2.csv").arg(folder, name));
        std::printf("%s: %s\n", sample.name, qPrintable(canvas->sentence()));
    }
    failures.removeAll(QString());
    std::fputs(qPrintable(failures.join(QLatin1Char('\n'))), stderr);
    return failures.isEmpty() ? 0 : 2;
}
