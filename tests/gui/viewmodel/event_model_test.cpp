// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/event_model.h"
#include "gui/viewmodel/filter.h"
#include "tests/bench/synthetic_trace.h"
#include "tests/gui/fixture.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

#include <malloc.h>
#include <numeric>

namespace repro::gui {
namespace {

using namespace Qt::Literals::StringLiterals;

std::shared_ptr<const VisibleRows> visible(const Document& document, const QString& filter = {}) {
    Filter::Error error;
    return std::make_shared<const VisibleRows>(
        Filter::parse(filter, &error)->apply(document.rows(), {}, [] { return false; }),
        document.rows());
}

class EventModelTest : public test::ViewerTest,
                       public ::testing::WithParamInterface<EventModel::Shape> {};
INSTANTIATE_TEST_SUITE_P(Shapes, EventModelTest,
                         ::testing::Values(EventModel::Shape::Tree, EventModel::Shape::Flat));

TEST_P(EventModelTest, KeepsTheRulesOfModelsInEveryState) {
    EventModel model(GetParam());
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::Fatal);
    EXPECT_EQ(model.rowCount(), 0);
    const auto pair = load(test::kRunA, test::runB());
    model.setRows(pair, visible(*pair));
    EXPECT_GT(model.rowCount(), 0);
    model.setRows(pair, visible(*pair, u"op:mm"_s));
    model.setDetails(std::make_shared<const std::vector<RowDetail>>());
    model.setNotes([](std::uint32_t) { return u"note"_s; });
    model.setRows(pair, visible(*pair, u"nothing"_s));
    EXPECT_EQ(model.rowCount(), 0);
    const auto one = load(test::kRunA);
    model.setRows(one, visible(*one));
    model.setRows(nullptr, nullptr);
    EXPECT_EQ(model.rowCount(), 0);
}

TEST_P(EventModelTest, DetailsChangeEveryColumnThatShowsThem) {
    EventModel model(GetParam());
    const auto pair = load(test::kRunA, test::runB());
    model.setRows(pair, visible(*pair));
    const QSignalSpy changes(&model, &EventModel::dataChanged);
    model.setDetails(std::make_shared<const std::vector<RowDetail>>());
    ASSERT_EQ(changes.count(), 1);
    EXPECT_EQ(changes.front().at(0).toModelIndex().column(), EventModel::Elements);
    EXPECT_EQ(changes.front().at(1).toModelIndex().column(), EventModel::Gain);
}

TEST_P(EventModelTest, FindsEveryRowThatTheFilterShows) {
    EventModel model(GetParam());
    const auto pair = load(test::kRunA, test::runB());
    const auto shown = visible(*pair, u"kind:op"_s);
    model.setRows(pair, shown);
    for (std::uint32_t row = 0; row < pair->rows().size(); ++row) {
        const QModelIndex index = model.indexOfRow(row);
        EXPECT_EQ(index.isValid(), shown->placeOf(row) != trace::kNone32);
        EXPECT_EQ(model.rowOf(index), index.isValid() ? row : trace::kNone32);
    }
}

TEST_P(EventModelTest, SaysClassesByLetterAndWord) {
    EventModel model(GetParam());
    const auto pair = load(test::kRunA, test::runB());
    model.setRows(pair, visible(*pair));
    EXPECT_EQ(model.cell(pair->rows().origins.front(), EventModel::Mark), u"\u25c6 origin"_s);
    EXPECT_EQ(model.cell(0, EventModel::Mark), u"= same"_s);
}

TEST_F(EventModelTest, StepsHoldLayersHoldRows) {
    EventModel model(EventModel::Shape::Tree);
    const auto pair = load(test::kRunA, test::runB());
    model.setRows(pair, visible(*pair));
    ASSERT_EQ(model.rowCount(), 3);
    const QModelIndex step = model.index(1, 0);
    EXPECT_EQ(step.data().toString(), u"step 1"_s);
    ASSERT_EQ(model.rowCount(step), 2);
    EXPECT_EQ(model.index(0, 0, step).data().toString(), u"net.fc"_s);
    EXPECT_EQ(model.index(1, 0, model.index(0, 0, step)).data().toString(), u"aten::mm"_s);
    EXPECT_TRUE(model.index(1, EventModel::Mark).data().toString().contains(u"\u25c6"_s));
}

TEST_P(EventModelTest, KeepsTheRulesAtOneHundredThousandEvents) {
    bench::writeSyntheticRun(path("a.h5").toStdString(), {.events = 100'000});
    bench::writeSyntheticRun(path("b.h5").toStdString(), {.events = 100'000, .diverges = true});
    const auto pair = Document::load(path("a.h5"), path("b.h5"), {});
    EventModel model(GetParam());
    model.setRows(pair, visible(*pair));
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::Fatal);
    EXPECT_GT(model.rowCount(), 900);
}

TEST_P(EventModelTest, TakesNoMemoryPerEvent) {
    bench::writeSyntheticRun(path("a.h5").toStdString(), {.events = 100'000});
    const auto run = Document::load(path("a.h5"), {}, {});
    const auto rows = visible(*run);
    EventModel model(GetParam());
    const std::size_t before = ::mallinfo2().uordblks;
    model.setRows(run, rows);
    EXPECT_EQ(model.cell(run->rows().size() - 1, EventModel::EventB), QString());
    EXPECT_LT(::mallinfo2().uordblks, before + run->rows().size() / 10);
}

} // namespace
} // namespace repro::gui
