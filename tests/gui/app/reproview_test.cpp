// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/commands.h"
#include "tests/gui/fixture.h"

#include <QFile>
#include <QImage>
#include <QProcess>

namespace repro::gui {
namespace {

using namespace Qt::Literals::StringLiterals;

/// The program as it is called, with no display.
class Reproview : public test::ViewerTest {
protected:
    struct Outcome {
        int status = -1;
        QString out, errors;
    };
    [[nodiscard]] static Outcome run(const QStringList& arguments) {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const QString& name : {u"DISPLAY"_s, u"WAYLAND_DISPLAY"_s, u"QT_QPA_PLATFORM"_s}) {
            environment.remove(name);
        }
        process.setProcessEnvironment(environment);
        process.start(QStringLiteral(REPROVIEW_PROGRAM), arguments);
        EXPECT_TRUE(process.waitForFinished(60'000));
        return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }
    void expectRefusal(const QStringList& arguments, const QString& named) const {
        const Outcome outcome = run(arguments);
        EXPECT_EQ(outcome.status, 2) << qPrintable(named);
        EXPECT_TRUE(outcome.errors.contains(named)) << qPrintable(outcome.errors);
        EXPECT_EQ(outcome.errors.count(u'\n'), 1) << qPrintable(outcome.errors);
    }
};

TEST_F(Reproview, StatusIsTheVerdicts) {
    const QString a = writeNet("a.h5"), b = writeNet("b.h5", {.outputOffset = 0.5F});
    const QString json = path("v.json");
    EXPECT_EQ(run({a, writeNet("c.h5"), u"--json"_s, json}).status, 0);
    EXPECT_EQ(run({a, b, u"--json"_s, json}).status, 1);
    EXPECT_EQ(run({a, writeNet("d.h5", {.otherProgram = true}), u"--json"_s, json}).status, 3);
    EXPECT_EQ(run({a, u"--screenshot"_s, path("one.png")}).status, 0);
    EXPECT_TRUE(
        run({a, b, u"--json"_s, u"-"_s}).out.startsWith(u"{\"schema\":\"reprorec.diff/2\""_s));
}

TEST_F(Reproview, PicturesHaveTheSizeAndThemeThatWereAsked) {
    const QString a = writeNet("a.h5"), b = writeNet("b.h5", {.outputOffset = 0.5F});
    EXPECT_EQ(run({a, b, u"--screenshot"_s, path("l.png"), u"--size"_s, u"1200x800"_s}).status, 1);
    const QImage light(path("l.png"));
    EXPECT_EQ(light.size(), QSize(1200, 800));
    EXPECT_EQ(run({a, b, u"--screenshot"_s, path("d.png"), u"--size"_s, u"1200x800"_s, u"--scale"_s,
                   u"2"_s, u"--theme"_s, u"dark"_s})
                  .status,
              1);
    const QImage dark(path("d.png"));
    EXPECT_EQ(dark.size(), QSize(2400, 1600));
    EXPECT_GT(light.pixelColor(600, 10).lightness(), 128);
    EXPECT_LT(dark.pixelColor(1200, 20).lightness(), 128);
    EXPECT_EQ(run({a, b, u"--pane"_s, u"tensor"_s, u"--screenshot"_s, path("t.png")}).status, 1);
    EXPECT_GT(QImage(path("t.png")).height(), 500);
}

TEST_F(Reproview, WritesReportAndTable) {
    const QString a = writeNet("a.h5"), b = writeNet("b.h5", {.outputOffset = 0.5F});
    EXPECT_EQ(run({a, b, u"--report"_s, path("out"), u"--csv"_s, path("e.csv"), u"--filter"_s,
                   u"class:origin"_s})
                  .status,
              1);
    EXPECT_TRUE(QFile::exists(path("out/report.html")));
    QFile csv(path("e.csv"));
    ASSERT_TRUE(csv.open(QIODevice::ReadOnly));
    EXPECT_EQ(csv.readAll().count('\n'), 2);
}

TEST_F(Reproview, RunsAFileOfActions) {
    const QString a = writeNet("a.h5"), b = writeNet("b.h5", {.outputOffset = 0.5F});
    QFile steps(path("steps"));
    ASSERT_TRUE(steps.open(QIODevice::WriteOnly));
    steps.write(
        (u"# a session\ngo.first\nwindow.tensor\nfile.screenshot "_s + path("s.png") + u"\n"_s)
            .toUtf8());
    steps.close();
    EXPECT_EQ(run({a, b, u"--run-actions"_s, path("steps")}).status, 1);
    EXPECT_FALSE(QImage(path("s.png")).isNull());
    ASSERT_TRUE(steps.open(QIODevice::WriteOnly | QIODevice::Append) &&
                steps.write("go.nowhere\n") > 0);
    steps.close();
    expectRefusal({a, b, u"--run-actions"_s, path("steps")}, path("steps") + u":5: go.nowhere"_s);
}

TEST_F(Reproview, NamesOfTheOtherRunComeFromAFile) {
    const QString a = write("a.h5", "mul %x:f32[2]=x -> %y:f32[2]=y\nneg %y -> %z:f32[2]=z");
    const QString b = write("b.h5", "abs %x:f32[2]=x -> %q:f32[2]=q\nmy::scale %x -> %y:f32[2]=y\n"
                                    "neg %y -> %z:f32[2]=z");
    const auto names = [this](const char* lines) {
        QFile file(path("names.map"));
        EXPECT_TRUE(file.open(QIODevice::WriteOnly) && file.write(lines) > 0);
        return file.fileName();
    };
    EXPECT_EQ(run({a, b, u"--json"_s, path("v.json")}).status, 1);
    EXPECT_EQ(
        run({a, b, u"--map"_s, names("op aten::mul = my::scale\n"), u"--csv"_s, path("e.csv")})
            .status,
        0);
    QFile csv(path("e.csv"));
    ASSERT_TRUE(csv.open(QIODevice::ReadOnly));
    EXPECT_TRUE(csv.readAll().contains(",mapped,"));
    expectRefusal({a, b, u"--map"_s, names("op aten::sin = my::scale\n"), u"--json"_s, u"-"_s},
                  u"names.map:1: no op of run A has that name"_s);
    expectRefusal({a, b, u"--map"_s, path("no.map"), u"--json"_s, u"-"_s}, path("no.map"));
}

TEST_F(Reproview, BadInputIsOneLineThatNamesIt) {
    const QString a = writeNet("a.h5"), b = writeNet("b.h5");
    const QString shot = path("x.png");
    expectRefusal({path("missing.h5"), b, u"--screenshot"_s, shot}, path("missing.h5"));
    QFile text(path("text.h5"));
    ASSERT_TRUE(text.open(QIODevice::WriteOnly) && text.write("hello") > 0);
    text.close();
    expectRefusal({text.fileName(), u"--screenshot"_s, shot}, text.fileName());
    expectRefusal({a, b, u"--goto"_s, u"7:77"_s, u"--screenshot"_s, shot}, u"7:77"_s);
    expectRefusal({a, b, u"--filter"_s, u"class:x"_s, u"--screenshot"_s, shot}, u"position 7"_s);
    expectRefusal({a, b, u"--pane"_s, u"nothing"_s, u"--screenshot"_s, shot}, u"nothing"_s);
    expectRefusal({a, b, u"--size"_s, u"big"_s, u"--screenshot"_s, shot}, u"big"_s);
    expectRefusal({a, b, u"--no-such-option"_s}, u"--no-such-option"_s);
    expectRefusal({a, b, u"--screenshot"_s, path("no/folder/x.png")}, path("no/folder/x.png"));
    expectRefusal({a, u"--json"_s, u"-"_s}, u"two traces"_s);
    expectRefusal({a, b}, u"no display"_s);
}

TEST_F(Reproview, DamageEndsInALineOrInThePicture) {
    const QString a = writeNet("a.h5"), bad = path("bad.h5");
    QFile file(a);
    ASSERT_TRUE(file.open(QIODevice::ReadOnly));
    const QByteArray whole = file.readAll();
    int refused = 0;
    for (int part = 0; part < 12; ++part) {
        QByteArray damaged = whole;
        const qsizetype at = whole.size() * part / 12;
        if (part % 3 == 0) {
            damaged.truncate(at);
        } else {
            damaged[at] = char(damaged[at] ^ 0x55);
        }
        QFile out(bad);
        ASSERT_TRUE(out.open(QIODevice::WriteOnly) && out.write(damaged) == damaged.size());
        out.close();
        const Outcome outcome = run({a, bad, u"--screenshot"_s, path("x.png")});
        // What the damage did not touch is shown.
        EXPECT_TRUE(outcome.status >= 0 && outcome.status <= 3) << part;
        EXPECT_EQ(outcome.errors.count(u'\n'), outcome.status == 2 ? 1 : 0)
            << part << qPrintable(outcome.errors);
        EXPECT_EQ(outcome.errors.contains(bad), outcome.status == 2);
        refused += outcome.status == 2 ? 1 : 0;
    }
    EXPECT_GE(refused, 4);
}

TEST_F(Reproview, BytesThatFailTheirFingerprintEndInALineAndTheStatus) {
    const QString a = writeNet("a.h5"), b = writeNet("b.h5", {.outputOffset = 0.001F});
    damageBytes(b);
    expectRefusal({a, b, u"--screenshot"_s, path("x.png")}, b);
    EXPECT_FALSE(QImage(path("x.png")).isNull()); // the rest of the pair is shown
    expectRefusal({a, b, u"--json"_s, path("x.json")}, b);
}

TEST_F(Reproview, ListsItsActionsAndPanes) {
    const QString actions = run({u"--list-actions"_s}).out;
    EXPECT_EQ(actions, commandList());
    const QString a = writeNet("a.h5");
    const QStringList panes = run({u"--list-panes"_s}).out.split(u'\n', Qt::SkipEmptyParts);
    EXPECT_TRUE(panes.contains(u"rerun"_s) && panes.contains(u"events"_s));
    for (const QString& pane : panes) {
        EXPECT_EQ(run({a, u"--pane"_s, pane, u"--screenshot"_s, path("p.png")}).status, 0)
            << qPrintable(pane);
    }
    EXPECT_EQ(run({u"--version"_s}).status, 0);
    EXPECT_TRUE(run({u"--help"_s}).out.contains(u"--screenshot"_s));
}

} // namespace
} // namespace repro::gui
