// SPDX-License-Identifier: BSD-3-Clause
#include "gui/panes/events_pane.h"
#include "gui/panes/tensor_pane.h"
#include "gui/plot/tensor/tensor_image.h"
#include "gui/window/main_window.h"
#include "gui/window/style.h"
#include "tests/bench/measure.h"
#include "tests/bench/synthetic_trace.h"

#include <CLI/CLI.hpp>
#include <QApplication>
#include <QDir>
#include <QFile>
#include <QScrollBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTimer>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

// What a user waits for, off-screen, on made-up pairs: one table of Markdown, a column for each
// size. The system has read the files before, so that no disk is measured.
namespace {

using namespace repro;
using namespace repro::gui;
using bench::Duration;
using bench::durationOf;
using bench::percentile;
using namespace Qt::Literals::StringLiterals;

constexpr int kWaitMs = 600'000;

/// One table: a row for each thing measured, a column for each size.
class Table {
public:
    void add(const std::string& what, const std::string& budget, const std::string& figure) {
        const auto known = std::find_if(m_rows.begin(), m_rows.end(),
                                        [&](const Row& row) { return row.what == what; });
        Row& row = known == m_rows.end() ? m_rows.emplace_back(Row{what, budget, {}}) : *known;
        row.figures.push_back(figure);
    }
    void add(const std::string& what, const std::string& budget, Duration figure) {
        add(what, budget, fmt::format("{:.1f} ({:.1f})", figure.ms, figure.processorMs));
    }
    void print(const std::vector<std::uint64_t>& sizes) const {
        fmt::print("| what, ms (of them on a processor, all threads) | budget |");
        for (const std::uint64_t size : sizes) {
            fmt::print(" {} events a run |", size);
        }
        fmt::print("\n|---|---|");
        for (std::size_t i = 0; i < sizes.size(); ++i) {
            fmt::print("---|");
        }
        for (const Row& row : m_rows) {
            fmt::print("\n| {} | {} | {} |", row.what, row.budget, fmt::join(row.figures, " | "));
        }
        fmt::print("\n");
    }

private:
    struct Row {
        std::string what, budget;
        std::vector<std::string> figures;
    };
    std::vector<Row> m_rows;
};

void require(bool holds, const char* what) {
    if (!holds) {
        throw std::runtime_error(what);
    }
}

void waitWhile(const std::function<bool()>& busy) {
    const double deadline = bench::nowMs(CLOCK_MONOTONIC) + kWaitMs;
    QTimer tick; // something for the loop to wait for
    tick.start(2);
    while (busy()) {
        require(bench::nowMs(CLOCK_MONOTONIC) < deadline, "waited too long");
        QApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
    }
}

/// The window and what is done with it.
class Bench {
public:
    Bench(Table& table) : m_table(table) {
        m_window.resize(1600, 1000);
        m_window.show();
        QApplication::processEvents();
    }

    void openOne(const QString& a) {
        m_table.add("one run: first paint of its events", "1000 at 1 M", durationOf([&] {
                        session().open(a);
                        paintEvents();
                    }));
    }

    void openPair(const QString& a, const QString& b) {
        session().close();
        Duration look;
        const Duration verdict = durationOf([&] {
            look = durationOf([&] {
                session().open(a, b);
                waitWhile([&] {
                    return session().state() == Session::State::Loading && !session().listed();
                });
                paintList();
            });
            paintEvents();
        });
        m_table.add("a pair: first paint, of run A's events", "1000 at 1 M", look);
        m_table.add("... and of the verdict and the compared events", "2000 at 1 M", verdict);
        m_table.add("... and of every pane in sight", "", durationOf([&] { settle(); }));
        require(session().document()->diff().verdict == replay::Verdict::Diverged,
                "the made-up pair should diverge");
    }

    void scroll(bool tree) {
        events().setTree(tree);
        QApplication::processEvents();
        QScrollBar* bar = events().view()->verticalScrollBar();
        std::vector<Duration> pages;
        constexpr int kPages = 300;
        for (int page = 0; page < kPages; ++page) {
            pages.push_back(durationOf([&] {
                bar->setValue(static_cast<int>(qint64(bar->maximum()) * page / kPages));
                events().view()->viewport()->repaint();
            }));
        }
        m_table.add(fmt::format("scroll the {} by a page, p99", tree ? "tree" : "list"), "16.7",
                    percentile(pages, 0.99));
    }

    void filter(const QString& text, const char* budget) {
        events().setTree(false);
        const auto all = [&] {
            events().setFilter({});
            settle();
        };
        std::vector<Duration> first, times;
        for (int round = 0; round < 5; ++round) {
            times.push_back(durationOf([&] {
                first.push_back(durationOf([&] {
                    const VisibleRows* before = events().visibleRows();
                    events().setFilter(text);
                    waitWhile([&] { return events().visibleRows() == before; });
                    events().view()->viewport()->repaint();
                }));
                paintList();
            }));
            require(events().visibleRows()->count() < session().document()->rows().size(),
                    "the filter hides nothing");
            all();
        }
        m_table.add(fmt::format("filter {}: rows shown", text.toStdString()), budget,
                    percentile(first, 0.5));
        m_table.add(fmt::format("... {}: and all of them counted", text.toStdString()), "",
                    percentile(times, 0.5));
    }

    void changeFocus() {
        std::vector<Duration> jumps, next;
        const std::uint32_t count = session().document()->rows().size();
        for (std::uint32_t jump = 0; jump < 20; ++jump) {
            jumps.push_back(durationOf([&] {
                session().focus().setRow(
                    static_cast<std::uint32_t>(std::uint64_t(count) * (jump * 7 % 20) / 20 + jump));
                settle();
            }));
            next.push_back(durationOf([&] {
                session().move(Session::Grain::Difference, 1);
                QApplication::processEvents();
            }));
            settle();
        }
        m_table.add("change of focus, every pane in sight painted, p90", "100",
                    percentile(jumps, 0.9));
        m_table.add("to the next difference, p90", "", percentile(next, 0.9));
    }

    /// Every pane in turn, so that the memory of all counts.
    void showEveryPane() {
        std::vector<Duration> times;
        for (Pane* pane : m_window.panes().docked) {
            times.push_back(durationOf([&] {
                m_window.showPane(pane->id());
                settle();
            }));
        }
        m_table.add("show another pane, the slowest", "", percentile(times, 1));
    }

    /// In the middle of loading: until the window is usable, and until nothing works any more.
    void cancel(const QString& a, const QString& b) {
        std::vector<Duration> usable, idle;
        for (const int afterMs : {1, 10, 50, 100, 200, 400}) {
            session().open(a, b);
            const double due = bench::nowMs(CLOCK_MONOTONIC) + afterMs;
            waitWhile([&] {
                return session().state() == Session::State::Loading &&
                       bench::nowMs(CLOCK_MONOTONIC) < due;
            });
            Duration toUsable;
            idle.push_back(durationOf([&] {
                toUsable = durationOf([&] {
                    session().cancel();
                    m_window.repaint();
                });
                waitWhile([&] { return session().jobs().working(); });
            }));
            usable.push_back(toUsable);
            settle();
        }
        m_table.add("cancel loading: the window answers, slowest", "100", percentile(usable, 1));
        m_table.add("... and nothing works any more, slowest", "100", percentile(idle, 1));
    }

    void tensor(const QString& a, const QString& b) {
        m_window.showPane(u"tensor"_s);
        m_table.add("a tensor of 64 M elements: shown", "", durationOf([&] {
                        session().open(a, b);
                        settle();
                    }));
        TensorPane* pane = m_window.panes().tensor;
        require(m_window.context().tensors.tensor() != nullptr, "the tensor is not shown");
        plot::TensorImage& image = *pane->image();
        const QRectF all = image.view();
        std::vector<Duration> pans, zooms;
        constexpr int kFrames = 100;
        for (int frame = 0; frame < kFrames; ++frame) {
            const double share = static_cast<double>(frame) / kFrames;
            pans.push_back(durationOf([&] {
                image.setView(
                    {all.width() / 2 * share, all.height() / 4, all.width() / 2, all.height() / 2});
                image.repaint();
            }));
            const double size = std::pow(64 / all.width(), share);
            zooms.push_back(durationOf([&] {
                image.setView(
                    {all.width() / 3, all.height() / 3, all.width() * size, all.height() * size});
                image.repaint();
            }));
        }
        m_table.add("... pan, p99 a frame", "16.7", percentile(pans, 0.99));
        m_table.add("... zoom from the whole to 64 columns, p99 a frame", "16.7",
                    percentile(zooms, 0.99));
    }

private:
    Session& session() { return m_window.context().session; }
    EventsPane& events() { return *m_window.events(); }
    void settle() {
        const QString trouble = m_window.settle(kWaitMs);
        require(trouble.isEmpty(), qPrintable(trouble));
    }
    /// Until the document that is being opened stands in the list.
    void paintEvents() {
        waitWhile([&] { return session().state() == Session::State::Loading; });
        require(session().state() == Session::State::Ready, qPrintable(session().error()));
        paintList();
    }
    void paintList() {
        waitWhile([&] { return session().jobs().active().contains(u"filter"_s); });
        require(events().visibleRows() != nullptr, "the list is empty");
        events().view()->viewport()->repaint();
    }

    Table& m_table;
    MainWindow m_window{true};
};

struct Paths {
    explicit Paths(const QString& folder) : a(folder + u"/a.h5"_s), b(folder + u"/b.h5"_s) {}
    QString a, b;
};

/// Making up a long run takes longer than looking at it.
Paths writeRuns(const QString& folder, std::uint64_t events) {
    const Paths paths(folder);
    if (!QFile::exists(paths.b)) {
        bench::writeSyntheticRun(paths.a.toStdString(), {.events = events});
        bench::writeSyntheticRun(paths.b.toStdString(), {.events = events, .diverges = true});
    }
    return paths;
}

void measureRuns(Table& table, std::uint64_t events, const std::string& kept) {
    const QTemporaryDir own;
    const QString folder =
        kept.empty() ? own.path() : QString::fromStdString(kept) + u"/%1"_s.arg(events);
    QDir().mkpath(folder);
    const Paths paths = writeRuns(folder, events);
    bench::forgetPeak();
    Bench bench(table);
    bench.openOne(paths.a);
    bench.openPair(paths.a, paths.b);
    bench.scroll(true);
    bench.scroll(false);
    bench.filter(u"op:relu step:5.."_s, "30");
    bench.filter(u"class:differs -layer:Net0.3"_s, "30");
    bench.changeFocus();
    bench.showEveryPane();
    table.add("memory at most, MiB", "2048 at 10 M", fmt::format("{}", bench::peakMebibytes()));
    bench.cancel(paths.a, paths.b);
    table.add("... and while another pair is loading", "",
              fmt::format("{}", bench::peakMebibytes()));
}

void measureTensor(Table& table) {
    const QTemporaryDir folder;
    const Paths paths(folder.path());
    constexpr std::size_t kSide = 8000;
    std::vector<float> numbers(kSide * kSide);
    std::mt19937 random(1);
    std::generate(numbers.begin(), numbers.end(),
                  [&] { return static_cast<float>(random() % 10000) / 5000 - 1; });
    bench::writeTensorRun(paths.a.toStdString(), numbers, kSide);
    for (std::size_t i = 0; i < numbers.size(); i += 1000) {
        numbers[i] = std::nextafter(numbers[i], 2.0F);
    }
    bench::writeTensorRun(paths.b.toStdString(), numbers, kSide);
    std::vector<float>().swap(numbers);
    bench::forgetPeak();
    Bench(table).tensor(paths.a, paths.b);
    table.add("... memory at most, MiB", "", fmt::format("{}", bench::peakMebibytes()));
}

} // namespace

int main(int argc, char** argv) {
    CLI::App cli("Times the viewer on made-up pairs; one table");
    std::vector<std::uint64_t> sizes{1'000'000, 10'000'000};
    bool noTensor = false;
    std::string kept;
    cli.add_option("--events", sizes, "Sizes of the runs")->check(CLI::PositiveNumber);
    cli.add_flag("--no-tensor", noTensor, "Leave out the tensor of 64 M elements");
    cli.add_option("--keep", kept, "A folder in which the pairs are kept, and found again");
    CLI11_PARSE(cli, argc, argv);
    qputenv("QT_QPA_PLATFORM", "offscreen");
    int count = 1;
    const QApplication app(count, argv);
    QApplication::setStyle(new Style);
    QApplication::setFont(plot::PlotTheme::light().font);
    double load = 0;
    ::getloadavg(&load, 1);
    fmt::print("The viewer, 1600x1000, off-screen; load {:.1f} at the start.\n\n", load);
    try {
        Table table;
        for (const std::uint64_t size : sizes) {
            measureRuns(table, size, kept);
        }
        if (!noTensor) {
            measureTensor(table);
        }
        table.print(sizes);
    } catch (const std::exception& error) {
        fmt::print(stderr, "viewer_bench: {}\n", error.what());
        return 1;
    }
}
