// SPDX-License-Identifier: BSD-3-Clause
#include "symbols/client.h"
#include "tests/symbols/fixture.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sys/stat.h>

namespace repro::symbols::test {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class Client : public Files {
protected:
    static ObjectRequest object(const std::string& form) {
        ObjectRequest request{programOf(form), buildIdOf(programOf(form)), {}};
        for (const Passed& place : placesOf(programOf(form), form)) {
            request.offsets.push_back(place.returnOffset);
        }
        return request;
    }
    /// A program in place of repro-symbols.
    fs::path script(const std::string& body) {
        fs::path file = folder() / "script.sh";
        std::ofstream(file) << "#!/bin/sh\n" << body << "\n";
        fs::permissions(file, fs::perms::owner_all);
        return file;
    }
    static std::vector<Status> statusesOf(const std::vector<ObjectAnswer>& answers) {
        std::vector<Status> statuses;
        std::ranges::transform(answers, std::back_inserter(statuses), &ObjectAnswer::status);
        return statuses;
    }
};

constexpr const char* kAnswer =
    R"(echo '{"status":"resolved","detail":"","frames":[],"sources":{}}')";

TEST_F(Client, AnswersInTheOrderOfTheRequest) {
    const Request request{{object("gcc-O2-g"), {"/nowhere", "", {1}}, object("gcc-O2-g0")}, {}};
    const auto answers = resolve(REPRO_SYMBOLS, request);
    EXPECT_THAT(statusesOf(answers),
                ElementsAre(Status::Resolved, Status::Missing, Status::SymbolsOnly));
    const auto places = placesOf(programOf("gcc-O2-g"), "gcc-O2-g");
    ASSERT_EQ(answers[0].frames.size(), places.size());
    EXPECT_EQ(answers[0].frames[3][0].function, places[3].function);
    EXPECT_EQ(answers[0].frames[3][0].line, places[3].line);
}

TEST_F(Client, HasTheHashesOfTheSources) {
    const auto answers = resolve(REPRO_SYMBOLS, {{object("gcc-O2-g"), object("gcc-O2-g0")}, {}});
    EXPECT_EQ(answers[0].sources.at(REPRO_PLACES).size(), 32U);
    EXPECT_TRUE(answers[1].sources.empty());
}

TEST_F(Client, NeedsNoObjects) {
    EXPECT_TRUE(resolve("/nowhere", {}).empty());
}

TEST_F(Client, SaysThatTheProgramIsMissing) {
    const auto answers =
        resolve("/nowhere/repro-symbols", {{{"/a", "", {1}}, {"/b", "", {1}}}, {}});
    EXPECT_THAT(statusesOf(answers), ElementsAre(Status::Unread, Status::Unread));
    EXPECT_THAT(answers[1].detail, HasSubstr("cannot be started"));
}

TEST_F(Client, GoesOnBehindAnObjectThatCrashesTheProgram) {
    const fs::path program =
        script(std::string("case $(cat) in *crash*) kill -SEGV $$ ;; *) ") + kAnswer + " ;; esac");
    const auto answers = resolve(program, {{{"/crash", "", {1}}, {"/fine", "", {1}}}, {}});
    EXPECT_THAT(statusesOf(answers), ElementsAre(Status::Damaged, Status::Resolved));
    EXPECT_THAT(answers[0].detail, HasSubstr("Segmentation fault"));
}

TEST_F(Client, KeepsWhatWasAnsweredWhenTimeIsUp) {
    const fs::path program = script(std::string(kAnswer) + "; exec sleep 60");
    Request request{{{"/a", "", {1}}, {"/b", "", {1}}, {"/c", "", {1}}}, {}};
    request.seconds = 1;
    const auto start = std::chrono::steady_clock::now();
    const auto answers = resolve(program, request);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
    EXPECT_THAT(statusesOf(answers), ElementsAre(Status::Resolved, Status::TooBig, Status::Unread));
    EXPECT_THAT(answers[1].detail, HasSubstr("more than 1 s"));
    EXPECT_THAT(answers[2].detail, HasSubstr("/b"));
}

/// With too little memory it is said, and with enough all is there: nothing between.
TEST_F(Client, SaysThatMemoryRanOut) {
    Request request{{object("gcc-compressed-g")}, {}};
    const auto whole = resolve(REPRO_SYMBOLS, request);
    int refused = 0;
    for (request.bytes = 0; request.bytes < 1U << 20U; request.bytes += 1U << 14U) {
        const auto answers = resolve(REPRO_SYMBOLS, request);
        if (answers[0].status == Status::TooBig) {
            ++refused;
            EXPECT_THAT(answers[0].detail, HasSubstr("MiB"));
        } else {
            EXPECT_TRUE(nlohmann::json(answers[0]) == nlohmann::json(whole[0]))
                << request.bytes << ": " << answers[0].detail;
        }
    }
    EXPECT_GT(refused, 0);
}

TEST_F(Client, RefusesWhatIsNoAnswer) {
    const auto answers = resolve(script("echo hello"), {{{"/a", "", {1}}, {"/b", "", {1}}}, {}});
    EXPECT_THAT(statusesOf(answers), ElementsAre(Status::Unread, Status::Unread));
}

TEST_F(Client, DoesNotWaitForAPipe) {
    const fs::path pipe = folder() / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), S_IRUSR | S_IWUSR), 0);
    const auto answers = resolve(REPRO_SYMBOLS, {{{pipe.string(), "", {1}}}, {}});
    EXPECT_THAT(statusesOf(answers), ElementsAre(Status::Damaged));
    EXPECT_THAT(answers[0].detail, HasSubstr("not a file"));
}

TEST_F(Client, ReadsAHugeFileThatIsMostlyNothing) {
    const fs::path file = folder() / "huge";
    fs::copy(programOf("gcc-O2-g"), file);
    fs::resize_file(file, 1ULL << 40U);
    ObjectRequest huge = object("gcc-O2-g");
    huge.path = file;
    EXPECT_THAT(statusesOf(resolve(REPRO_SYMBOLS, {{huge}, {}})), ElementsAre(Status::Resolved));
}

TEST_F(Client, RefusesAHugeFileThatIsNoObject) {
    const fs::path file = folder() / "huge";
    std::ofstream(file) << "text";
    fs::resize_file(file, 1ULL << 40U);
    EXPECT_THAT(statusesOf(resolve(REPRO_SYMBOLS, {{{file, "", {1}}}, {}})),
                ElementsAre(Status::Damaged));
}

} // namespace
} // namespace repro::symbols::test
