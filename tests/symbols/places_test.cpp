// SPDX-License-Identifier: BSD-3-Clause
// What a compiler and a linker make of the fixture, against what the fixture says of itself.
#include "symbols/object.h"
#include "tests/symbols/fixture.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace repro::symbols::test {
namespace {

bool has(const std::string& form, const char* word) {
    return form.find(word) != std::string::npos;
}

/// With -g1 the name of a function that is inlined may lack its scopes: clang never says them, GCC
/// not in an anonymous namespace.
std::string nameIn(const std::string& form, const std::string& function) {
    const bool lacksScopes = has(form, "-g1") && (has(form, "clang") || has(function, "anonymous"));
    return lacksScopes ? function.substr(function.rfind("::") + 2) : function;
}

class Places : public testing::TestWithParam<std::string> {
protected:
    [[nodiscard]] std::string form() const { return GetParam(); }
    std::vector<Passed> m_places = placesOf(programOf(form()), form());
    Object m_object{programOf(form()).string(), buildIdOf(programOf(form())), {}};
};

class PlacesWithLines : public Places {};
class PlacesWithoutLines : public Places {};

TEST_P(PlacesWithLines, HaveFunctionFileAndLine) {
    EXPECT_EQ(m_object.status(), Status::Resolved);
    for (const Passed& place : m_places) {
        const auto frames = m_object.lookup(place.returnOffset);
        ASSERT_FALSE(frames.empty()) << place.function;
        EXPECT_EQ(frames[0].function,
                  place.callLine != 0 ? nameIn(form(), place.function) : place.function);
        EXPECT_EQ(frames[0].line, place.line) << place.function;
        EXPECT_EQ(frames[0].file, REPRO_PLACES);
        EXPECT_EQ(frames[0].inlined, place.callLine != 0) << place.function;
    }
    EXPECT_EQ(m_object.detail(), "");
}

TEST_P(PlacesWithLines, HaveTheLineOfTheCallThatWasInlined) {
    for (const Passed& place : m_places) {
        const auto frames = m_object.lookup(place.returnOffset);
        EXPECT_EQ(frames.back().function, place.compiled);
        EXPECT_FALSE(frames.back().inlined);
        if (place.callLine != 0) {
            ASSERT_GT(frames.size(), 1U) << place.function;
            EXPECT_EQ(frames[1].function,
                      frames[1].inlined ? nameIn(form(), place.around) : place.around);
            EXPECT_EQ(frames[1].line, place.callLine);
            EXPECT_EQ(frames[1].file, REPRO_PLACES);
        } else {
            EXPECT_EQ(frames.size(), 1U) << place.function;
        }
    }
}

TEST_P(PlacesWithoutLines, HaveTheFunctionOfTheSymbol) {
    EXPECT_EQ(m_object.status(), Status::SymbolsOnly);
    for (const Passed& place : m_places) {
        const auto frames = m_object.lookup(place.returnOffset);
        ASSERT_EQ(frames.size(), 1U);
        // Either of those that share their code.
        const auto& aliases = frames[0].aliases;
        EXPECT_TRUE(frames[0].function == place.compiled ||
                    std::ranges::find(aliases, place.compiled) != aliases.end())
            << frames[0].function << " for " << place.compiled;
        EXPECT_EQ(frames[0].file, "");
        EXPECT_EQ(frames[0].line, 0U);
    }
}

TEST_P(PlacesWithLines, NameTheFunctionsThatShareTheCode) {
    for (const Passed& place : m_places) {
        const auto aliases = m_object.lookup(place.returnOffset).back().aliases;
        const bool isShared = place.function == "plainC";
        EXPECT_EQ(aliases, std::vector<std::string>(isShared ? 1 : 0, "sharesPlainC"))
            << place.function;
    }
}

std::vector<std::string> formsOf(bool withLines) {
    std::vector<std::string> chosen;
    for (const std::string& form : split(REPRO_PLACES_FORMS, ',')) {
        if (has(form, "-g0") != withLines) {
            chosen.push_back(form);
        }
    }
    return chosen;
}

INSTANTIATE_TEST_SUITE_P(Form, PlacesWithLines, testing::ValuesIn(formsOf(true)), nameOfForm);
INSTANTIATE_TEST_SUITE_P(Form, PlacesWithoutLines, testing::ValuesIn(formsOf(false)), nameOfForm);

TEST(Places, AreBuiltByClangToo) {
    if (formsOf(true).back().starts_with("gcc")) {
        GTEST_SKIP() << "clang is not installed: scripts/setup.sh --developer";
    }
    SUCCEED();
}

TEST(Places, ACallThatDoesNotReturnBelongsToItsFunction) {
    const std::string form = "gcc-O2-g";
    Object object(programOf(form).string(), buildIdOf(programOf(form)), {});
    for (const Passed& place : placesOf(programOf(form), form)) {
        if (place.function == "shop::leave") {
            // The next function begins at the return address.
            EXPECT_NE(object.lookup(place.returnOffset + 1).at(0).function, "shop::leave");
            EXPECT_EQ(object.lookup(place.returnOffset).at(0).function, "shop::leave");
        }
    }
}

} // namespace
} // namespace repro::symbols::test
