// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/filter.h"
#include "tests/gui/fixture.h"

#include <algorithm>
#include <random>

namespace repro::gui {
namespace {

using namespace Qt::Literals::StringLiterals;

class FilterTest : public test::ViewerTest {
protected:
    FilterTest() : m_document(load(test::kRunA, test::runB())) {}

    [[nodiscard]] QStringList names(const QString& text, const FilterFacts& facts = {}) const {
        Filter::Error error;
        const auto filter = Filter::parse(text, &error);
        EXPECT_TRUE(filter) << qPrintable(error.message);
        QStringList found;
        const Rows& rows = m_document->rows();
        for (const std::uint32_t row : filter ? filter->apply(rows, facts, [] { return false; })
                                              : std::vector<std::uint32_t>()) {
            found.append(rows.names[qsizetype(rows.all[row].name)].section(u"::"_s, -1));
        }
        return found;
    }
    static Filter::Error errorOf(const QString& text) {
        Filter::Error error;
        EXPECT_FALSE(Filter::parse(text, &error)) << qPrintable(text);
        return error;
    }
    std::shared_ptr<const Document> m_document;
};

TEST_F(FilterTest, EmptyTextLetsAllPass) {
    EXPECT_EQ(names(u""_s).size(), qsizetype(m_document->rows().size()));
    EXPECT_EQ(names(u"  "_s).size(), qsizetype(m_document->rows().size()));
}

TEST_F(FilterTest, WordsLookInOpsAndLayersAndMustAllHold) {
    EXPECT_EQ(names(u"relu"_s), (QStringList{u"relu"_s, u"relu"_s}));
    EXPECT_EQ(names(u"net.act kind:op"_s), (QStringList{u"relu"_s, u"relu"_s, u"neg"_s}));
    EXPECT_EQ(names(u"net.act kind:op -neg"_s), (QStringList{u"relu"_s, u"relu"_s}));
}

TEST_F(FilterTest, FieldsRangesAlternativesAndRegularExpressions) {
    EXPECT_EQ(names(u"op:mm step:1.."_s), (QStringList{u"mm"_s, u"mm"_s}));
    EXPECT_EQ(names(u"op:mm step:1"_s), QStringList{u"mm"_s});
    EXPECT_EQ(names(u"(op:neg | op:mm) step:1"_s), (QStringList{u"mm"_s, u"neg"_s}));
    EXPECT_EQ(names(u"/^aten::n/"_s), QStringList{u"neg"_s});
    EXPECT_EQ(names(u"layer:net.*c kind:op step:0"_s), (QStringList{u"mm"_s, u"relu"_s}));
}

TEST_F(FilterTest, ClassesAreThoseOfTheComparison) {
    EXPECT_EQ(names(u"class:origin"_s), QStringList{u"mm"_s});
    EXPECT_EQ(names(u"class:healed"_s), QStringList{u"relu"_s});
    EXPECT_EQ(names(u"class:inherited kind:op"_s), QStringList{u"neg"_s});
    EXPECT_EQ(names(u"class:differs"_s), names(u"-class:same"_s));
    EXPECT_EQ(names(u"(class:origin op:relu) | op:neg"_s), names(u"op:neg"_s));
    EXPECT_TRUE(names(u"only:A"_s).isEmpty());
}

TEST_F(FilterTest, DistancesAndNotesComeFromFacts) {
    const std::uint32_t origin = m_document->rows().origins.front();
    FilterFacts facts;
    facts.details = std::make_shared<const std::vector<RowDetail>>(
        std::vector<RowDetail>{{origin, 2, 7, 0.5, 0.25, true, false}});
    facts.noted = {0};
    EXPECT_EQ(names(u"ulp>=7"_s, facts), QStringList{u"mm"_s});
    EXPECT_TRUE(names(u"ulp>7"_s, facts).isEmpty());
    EXPECT_EQ(names(u"rel<1 abs>0.1 n=2"_s, facts), QStringList{u"mm"_s});
    EXPECT_EQ(names(u"note:"_s, facts).size(), 1);
}

TEST_F(FilterTest, LooksAtEachRowOnceWhateverIsAsked) {
    Rows rows;
    rows.names = {u"aten::mm"_s, u"aten::relu"_s};
    rows.layers = {QString()};
    rows.all.resize(10'000);
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
        rows.all[row].name = row % 3 == 0 ? 1 : 0;
        rows.all[row].step = row / 100;
    }
    Filter::Error error;
    for (const QString& text :
         {u""_s, u"relu"_s, u"(op:relu | step:5..) -step:90.. -class:origin"_s}) {
        int asked = 0;
        std::vector<std::uint32_t> expected;
        for (std::uint32_t row = 0; row < rows.size(); ++row) {
            const bool relu = row % 3 == 0;
            if (text.isEmpty() || (text == u"relu" ? relu : row < 9000 && (relu || row >= 500))) {
                expected.push_back(row);
            }
        }
        EXPECT_EQ(Filter::parse(text, &error)->apply(rows, {}, [&] { return ++asked < 0; }),
                  expected)
            << qPrintable(text);
        EXPECT_EQ(asked, 3); // blocks of 4096 rows
    }
}

TEST_F(FilterTest, TheFirstRowsCostTheSameInEveryList) {
    for (const std::uint32_t count : {100'000U, 1'000'000U}) {
        Rows rows;
        rows.names = {u"aten::mm"_s, u"aten::relu"_s};
        rows.layers = {QString()};
        rows.all.resize(count);
        for (std::uint32_t row = 0; row < count; row += 50) {
            rows.all[row].name = 1;
        }
        rows.all.back().step = 7;
        int asked = 0;
        const auto look = [&asked] { return ++asked < 0; };
        const auto relu = *Filter::parse(u"relu"_s, nullptr);
        const auto all = relu.apply(rows, {}, [] { return false; });
        for (const std::uint32_t row : {0U, 7U, count / 2, count - 50, trace::kNone32}) {
            asked = 0;
            const auto near = relu.applyNear(row, rows, {}, look);
            ASSERT_TRUE(near);
            EXPECT_LE(asked, 7); // blocks of 4096 rows
            EXPECT_LT(near->size(), 800U);
            const auto first = std::lower_bound(all.begin(), all.end(), near->front());
            EXPECT_TRUE(std::equal(near->begin(), near->end(), first));
            const bool passes = row % 50 == 0;
            EXPECT_EQ(std::binary_search(near->begin(), near->end(), row), passes);
            EXPECT_EQ(near->front() == 0, !passes || row == 0);
        }
        asked = 0; // what is rare takes a look at every block, but at none twice
        EXPECT_EQ(Filter::parse(u"step:7"_s, nullptr)->applyNear(0, rows, {}, look),
                  std::vector{count - 1});
        EXPECT_LE(asked, static_cast<int>(count / 4096 + 1));
        // From a first divergence on: nothing before it passes.
        for (std::uint32_t row = count / 2; row < count; ++row) {
            rows.all[row].rowClass = replay::RowClass::Inherited;
            rows.differing.push_back(row);
        }
        asked = 0;
        const auto differs = Filter::parse(u"class:inherited"_s, nullptr);
        ASSERT_TRUE(differs);
        const auto heirs = differs->applyNear(count / 2, rows, {}, look);
        ASSERT_TRUE(heirs);
        EXPECT_EQ(heirs->front(), count / 2);
        EXPECT_LE(asked, 64);
    }
}

TEST_F(FilterTest, ErrorsNameTheirPlace) {
    EXPECT_EQ(errorOf(u"op:mm (relu"_s).position, 6);
    EXPECT_EQ(errorOf(u"op:mm )"_s).position, 6);
    EXPECT_EQ(errorOf(u"ulp>many"_s).position, 4);
    EXPECT_EQ(errorOf(u"class:nonsense"_s).position, 6);
    EXPECT_TRUE(errorOf(u"class:nonsense"_s).message.contains(u"origin"_s));
    EXPECT_EQ(errorOf(u"colour:red"_s).position, 0);
    EXPECT_EQ(errorOf(u"a | | b"_s).position, 4);
    EXPECT_EQ(errorOf(u"/(/"_s).position, 0);
    EXPECT_EQ(errorOf(u"x /abc"_s).position, 2);
    EXPECT_EQ(errorOf(u"step:x"_s).position, 5);
    EXPECT_EQ(errorOf(u"relu -"_s).position, 5);
}

TEST_F(FilterTest, EachTermIsExplained) {
    Filter::Error error;
    const auto filter = Filter::parse(u"class:or -op:detach step:2..5"_s, &error);
    ASSERT_TRUE(filter);
    EXPECT_EQ(filter->explanation(),
              (QStringList{u"class is origin"_s, u"not: op has 'detach'"_s, u"step is 2..5"_s}));
}

TEST_F(FilterTest, CompletesFieldsValuesOpsAndLayers) {
    EXPECT_TRUE(Filter::completions(u"relu cl"_s, nullptr).contains(u"class:"_s));
    EXPECT_TRUE(Filter::completions(u"class:or"_s, nullptr).contains(u"class:origin"_s));
    EXPECT_EQ(Filter::completions(u"op:re"_s, &m_document->rows()), QStringList{u"op:relu"_s});
    EXPECT_TRUE(
        Filter::completions(u"-layer:net.a"_s, &m_document->rows()).contains(u"-layer:net.act"_s));
}

TEST_F(FilterTest, NoTextMakesItFail) {
    std::mt19937 random(7);
    const QString letters = u"a (|)-+/:>=<.*ulpstepclass0"_s;
    for (int round = 0; round < 20'000; ++round) {
        QString text;
        for (auto length = random() % 14; length > 0; --length) {
            text += letters[qsizetype(random() % std::size_t(letters.size()))];
        }
        Filter::Error error;
        if (const auto filter = Filter::parse(text, &error)) {
            (void)filter->apply(m_document->rows(), {}, [] { return false; });
        } else {
            EXPECT_FALSE(error.message.isEmpty()) << qPrintable(text);
            EXPECT_LE(error.position, text.size()) << qPrintable(text);
        }
    }
}

} // namespace
} // namespace repro::gui
