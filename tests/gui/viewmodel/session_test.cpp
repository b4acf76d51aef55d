// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/commands.h"
#include "gui/viewmodel/explanation.h"
#include "gui/viewmodel/named_settings.h"
#include "gui/viewmodel/notes.h"
#include "gui/viewmodel/session.h"
#include "gui/viewmodel/texts.h"
#include "tests/bench/synthetic_trace.h"
#include "tests/gui/fixture.h"

#include <QCoreApplication>
#include <QFile>
#include <QKeySequence>
#include <QSet>
#include <QSettings>

namespace repro::gui {
namespace {

using namespace Qt::Literals::StringLiterals;
constexpr int kWaitMs = 20'000;

class SessionTest : public test::ViewerTest {};

TEST_F(SessionTest, OpensAPairOnItsFirstOrigin) {
    Session session;
    session.open(write("a.h5", test::kRunA), write("b.h5", test::runB()));
    EXPECT_EQ(session.state(), Session::State::Loading);
    ASSERT_TRUE(session.jobs().waitUntilIdle(kWaitMs));
    ASSERT_EQ(session.state(), Session::State::Ready);
    EXPECT_EQ(session.focus().now().row, session.document()->rows().origins.front());
    EXPECT_TRUE(verdictSentence(*session.document())
                    .startsWith(u"First divergence: aten::mm in net.fc, step 1"_s))
        << qPrintable(verdictSentence(*session.document()));
}

TEST_F(SessionTest, MovesByEveryGrainAndStopsAtTheEnds) {
    using Grain = Session::Grain;
    Session session;
    session.open(write("a.h5", test::kRunA), write("b.h5", test::runB()));
    ASSERT_TRUE(session.jobs().waitUntilIdle(kWaitMs));
    const Rows& rows = session.document()->rows();
    EXPECT_FALSE(session.move(Grain::Origin, 1));
    EXPECT_TRUE(session.move(Grain::Difference, 1));
    EXPECT_TRUE(rows.all[session.focus().now().row].differs());
    EXPECT_TRUE(session.move(Grain::Step, 1));
    EXPECT_EQ(rows.all[session.focus().now().row].step, 2U);
    EXPECT_FALSE(session.move(Grain::Step, 1));
    ASSERT_EQ(session.focus().setAddress(u"0:"), QString());
    EXPECT_FALSE(session.move(Grain::Event, -1));
    EXPECT_TRUE(session.move(Grain::Layer, 1));
    EXPECT_EQ(rows.layers[qsizetype(rows.all[session.focus().now().row].layer)], u"net.act"_s);
    int moves = 0;
    while (session.move(Grain::Event, 1)) {
        ++moves;
    }
    EXPECT_GT(moves, 3);
}

TEST_F(SessionTest, WhatCannotBeOpenedFailsInOneLineThatNamesTheFile) {
    Session session;
    for (const QString& wrong : {path("missing.h5"), write("a.h5", test::kRunA) + u".txt"_s}) {
        QFile text(path("a.h5.txt"));
        ASSERT_TRUE(text.open(QIODevice::WriteOnly) && text.write("no trace") > 0);
        text.close();
        session.open(wrong, path("a.h5"));
        ASSERT_TRUE(session.jobs().waitUntilIdle(kWaitMs));
        EXPECT_EQ(session.state(), Session::State::Failed);
        EXPECT_TRUE(session.error().contains(wrong)) << qPrintable(session.error());
        EXPECT_FALSE(session.error().contains(u'\n'));
    }
    session.open(path("a.h5"));
    ASSERT_TRUE(session.jobs().waitUntilIdle(kWaitMs));
    EXPECT_EQ(session.state(), Session::State::Ready);
}

TEST_F(SessionTest, NoDamageGetsThrough) {
    const QString good = writeNet("a.h5");
    QFile file(good);
    ASSERT_TRUE(file.open(QIODevice::ReadOnly));
    const QByteArray whole = file.readAll();
    Session session;
    for (int part = 0; part < 24; ++part) {
        QByteArray damaged = whole;
        const qsizetype at = whole.size() * part / 24;
        if (part % 3 == 0) {
            damaged.truncate(at);
        } else {
            damaged[at] = char(damaged[at] ^ 0x55);
        }
        QFile bad(path("bad.h5"));
        ASSERT_TRUE(bad.open(QIODevice::WriteOnly | QIODevice::Truncate) &&
                    bad.write(damaged) == damaged.size());
        bad.close();
        session.open(good, bad.fileName());
        ASSERT_TRUE(session.jobs().waitUntilIdle(kWaitMs));
        // Whatever it did not touch may be shown; nothing may crash or hang.
        EXPECT_TRUE(session.state() == Session::State::Failed ||
                    session.state() == Session::State::Ready);
        EXPECT_EQ(session.state() == Session::State::Failed, !session.error().isEmpty());
    }
}

TEST_F(SessionTest, UnrelatedRunsAreNotComparableAndCanBeLookedAt) {
    Session session;
    session.open(writeNet("a.h5"), writeNet("b.h5", {.otherProgram = true}));
    ASSERT_TRUE(session.jobs().waitUntilIdle(kWaitMs));
    EXPECT_TRUE(verdictSentence(*session.document()).startsWith(u"Not comparable"_s));
    EXPECT_FALSE(session.focus().now().isNone());
    EXPECT_TRUE(summaryCard(*session.document()).contains(u"reprorec info"_s));
}

TEST_F(SessionTest, CancelLeavesWhatWasOpenAndWaitsForNothing) {
    bench::writeSyntheticRun(path("big-a.h5").toStdString(), {.events = 200'000});
    bench::writeSyntheticRun(path("big-b.h5").toStdString(), {.events = 200'000, .diverges = true});
    Session session;
    session.open(write("a.h5", test::kRunA));
    ASSERT_TRUE(session.jobs().waitUntilIdle(kWaitMs));
    const auto before = session.document();
    session.open(path("big-a.h5"), path("big-b.h5"));
    session.cancel(); // asks for nothing that is still to be done
    EXPECT_EQ(session.state(), Session::State::Ready);
    EXPECT_EQ(session.document(), before);
    EXPECT_EQ(session.pathA(), path("a.h5"));
    ASSERT_TRUE(session.jobs().waitUntilIdle(kWaitMs));
    EXPECT_EQ(session.listed(), before); // what was under way does not come any more
}

TEST_F(SessionTest, EventsAreThereBeforeTheVerdict) {
    const QString environment = u"{\"threads\":8}"_s;
    const QString a = writeNet("a.h5");
    const QString b = writeNet("b.h5", {.environment = environment.toStdString()});
    Session session;
    std::shared_ptr<const Document> look;
    QObject::connect(&session, &Session::stateChanged, &session, [&] {
        if (session.state() == Session::State::Loading && session.listed()) {
            look = session.listed();
            EXPECT_EQ(session.everything()->count(), look->rows().size());
            EXPECT_FALSE(session.document()); // nothing that needs more than the list sees it
        }
    });
    session.open(a, b);
    ASSERT_TRUE(session.jobs().waitUntilIdle(kWaitMs));
    ASSERT_TRUE(look);
    EXPECT_TRUE(look->isFirstLook());
    EXPECT_EQ(look->rows().names, session.document()->rows().names);
    EXPECT_EQ(look->rows().size(), session.document()->runA().rowCount());
    EXPECT_EQ(look->diff().environment.size(), session.document()->diff().environment.size());
    EXPECT_FALSE(look->diff().environment.empty());
    EXPECT_EQ(session.listed(), session.document());
}

TEST_F(SessionTest, ProgressSaysWhatIsKnownAndWhatIsLeft) {
    const auto a = load(test::kRunA);
    LoadProgress progress{{replay::DiffStage::Classify, 10, 1000, {}}, 50};
    EXPECT_EQ(progress.sentence(nullptr),
              u"Comparing: no difference in the first 10 of 1,000 rows"_s);
    progress = {{replay::DiffStage::Align, 0, 0, {}}, 0};
    EXPECT_EQ(progress.sentence(nullptr), u"Aligning the runs"_s);
    progress = {{replay::DiffStage::Align, 500, 1000, {}}, 2000};
    EXPECT_EQ(progress.sentence(nullptr),
              u"Aligning the runs before comparing them: 500 of 1,000 rows; about 2 s left"_s);
    progress = {{replay::DiffStage::Classify, 250, 1000, replay::Row{.a = 6, .b = 6}}, 1000};
    EXPECT_EQ(progress.sentence(nullptr),
              u"Comparing: the runs differ; 250 of 1,000 rows judged; about 3 s left"_s);
    const RowEntry& row = a->rows().all[a->rows().rowOfA[6]];
    EXPECT_EQ(progress.sentence(&a->rows()),
              u"Comparing: the runs differ, first so far in %1 of %2, step 1; 250 of 1,000 rows "
              "judged; about 3 s left"_s.arg(a->rows().names[qsizetype(row.name)],
                                             a->rows().layers[qsizetype(row.layer)]));
}

TEST_F(SessionTest, CardsNameCauseEvidenceAgainstAndRemedy) {
    const auto pair = load(test::kRunA, test::runB());
    const QString card = explainCard(*pair, pair->rows().origins.front());
    for (const QString& part :
         {u"Cause"_s, u"Confidence"_s, u"Evidence"_s, u"Against"_s, u"Remedy"_s, u"out0"_s}) {
        EXPECT_TRUE(card.contains(part) || (part == u"Cause" && card.contains(u"No known cause"_s)))
            << qPrintable(part) << qPrintable(card);
    }
    const std::uint32_t inherited = pair->rows().differing.back();
    EXPECT_TRUE(explainCard(*pair, inherited).contains(u"<a href=\"focus:"_s));
}

TEST_F(SessionTest, NotesSurviveARestartAndDamageIsSaid) {
    const auto pair = load(test::kRunA, test::runB());
    const std::uint32_t origin = pair->rows().origins.front();
    {
        Notes notes;
        notes.open(pair);
        notes.set(origin, u"look here"_s);
        notes.set(0, {});
        notes.view(origin);
    }
    Notes notes;
    QStringList failures;
    QObject::connect(&notes, &Notes::failed, &notes,
                     [&](const QString& why) { failures.append(why); });
    notes.open(pair);
    EXPECT_EQ(notes.at(origin), u"look here"_s);
    EXPECT_EQ(notes.at(0), u"bookmark"_s);
    EXPECT_EQ(notes.viewedOrigins(), 1);
    EXPECT_EQ(notes.rows(), (std::vector<std::uint32_t>{0, origin}));
    notes.remove(0);
    EXPECT_FALSE(notes.has(0));
    QFile file(notes.path());
    ASSERT_TRUE(file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write("{") == 1);
    file.close();
    notes.open(pair);
    ASSERT_EQ(failures.size(), 1);
    EXPECT_TRUE(failures.front().contains(notes.path()));
}

TEST(Commands, IdsAreUniqueAndNoKeyMeansTwoThings) {
    QSet<QString> ids, keys;
    for (const Command& command : commands()) {
        EXPECT_FALSE(ids.contains(QString::fromLatin1(command.id))) << command.id;
        ids.insert(QString::fromLatin1(command.id));
        for (const QString& key :
             QString::fromLatin1(command.keys).split(u"; "_s, Qt::SkipEmptyParts)) {
            const QString canonical = QKeySequence(key).toString();
            EXPECT_FALSE(canonical.isEmpty()) << qPrintable(key);
            EXPECT_FALSE(keys.contains(canonical)) << qPrintable(key);
            keys.insert(canonical);
        }
    }
}

TEST(Commands, MnemonicsOfOneMenuDiffer) {
    QSet<QString> used;
    for (const Command& command : commands()) {
        const QString text = QString::fromLatin1(command.text);
        const qsizetype at = text.indexOf(u'&');
        if (*command.menu == 0 || at < 0) {
            continue;
        }
        const QString key = QString::fromLatin1(command.menu) + text[at + 1].toLower();
        EXPECT_FALSE(used.contains(key)) << command.menu << ": " << command.text;
        used.insert(key);
    }
}

TEST(NamedSettings, OutliveTheObjectWhereTheyHaveAKey) {
    const QTemporaryDir folder;
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder.path());
    QCoreApplication::setOrganizationName(u"reprorec-test"_s);
    const QString name = u"a/b: \u00e9 = %"_s;
    NamedSettings(u"filters"_s).set(name, u"op:relu"_s);
    NamedSettings(QString()).set(u"gone"_s, 1);
    EXPECT_EQ(NamedSettings(u"filters"_s).names(), QStringList{name});
    EXPECT_EQ(NamedSettings(u"filters"_s).value(name).toString(), u"op:relu"_s);
    EXPECT_FALSE(QSettings().fileName().isEmpty());
    EXPECT_TRUE(QSettings().fileName().startsWith(folder.path()));
    NamedSettings(u"filters"_s).remove(name);
    EXPECT_TRUE(NamedSettings(u"filters"_s).names().isEmpty());
}

TEST(Commands, TheManualHasTheTableOfTheRegistry) {
    QFile manual(QStringLiteral(REPRO_VIEWER_MANUAL));
    ASSERT_TRUE(manual.open(QIODevice::ReadOnly));
    EXPECT_TRUE(QString::fromUtf8(manual.readAll()).contains(commandMarkdown()))
        << "reproview --list-actions --markdown prints the table for docs/viewer.md";
}

} // namespace
} // namespace repro::gui
