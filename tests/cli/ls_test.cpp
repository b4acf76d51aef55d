// SPDX-License-Identifier: BSD-3-Clause
#include "net_trace.h"
#include "program.h"

#include <nlohmann/json.hpp>

#include <sstream>

namespace repro::cli::test {

namespace {

class LsTest : public CliTest {
protected:
    LsTest() { writeNet(in("net.h5")); }
    Outcome ls(std::vector<std::string> options) {
        options.insert(options.begin(), {"ls", in("net.h5")});
        return reprorec(options);
    }
    /// Numbers of the events that pass.
    std::vector<std::uint64_t> events(std::vector<std::string> options) {
        options.emplace_back("--json");
        const Outcome outcome = ls(options);
        EXPECT_EQ(outcome.status, 0) << outcome.err;
        std::vector<std::uint64_t> found;
        std::istringstream records(outcome.out);
        for (std::string record; std::getline(records, record);) {
            found.push_back(nlohmann::json::parse(record)["event"]);
        }
        return found;
    }
    using Events = std::vector<std::uint64_t>;
};

} // namespace

TEST_F(LsTest, ShowsOutermostOpsInOrder) {
    const Outcome outcome = ls({});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.out,
              "event  step  phase      thread  layer   op           shapes\n"
              "    1     0  forward    main    Net.fc  aten::addmm  [2, 3] -> [2, 3]\n"
              "    3     0  forward    main    Net     aten::relu   [2, 3] -> [2, 3]\n"
              "    5     1  forward    main    Net.fc  aten::addmm  [2, 3] -> [2, 3]\n"
              "    7     1  forward    main    Net     aten::relu   [2, 3] -> [2, 3]\n");
}

TEST_F(LsTest, FiltersCombine) {
    EXPECT_EQ(events({}), (Events{1, 3, 5, 7}));
    EXPECT_EQ(events({"--nested"}), (Events{1, 2, 3, 5, 6, 7}));
    EXPECT_EQ(events({"--op", "relu$"}), (Events{3, 7}));
    EXPECT_EQ(events({"--layer", "^Net\\.fc$", "--step", "1"}), (Events{5}));
    EXPECT_EQ(events({"--step", "1-"}), (Events{5, 7}));
    EXPECT_EQ(events({"--step", "0-1", "--limit", "3"}), (Events{1, 3, 5}));
    EXPECT_EQ(events({"--kind", "layer"}), (Events{0, 4}));
    EXPECT_EQ(events({"--kind", "layer,op", "--thread", "main", "--step", "0"}), (Events{0, 1, 3}));
}

TEST_F(LsTest, AnExpressionLooksAtEventsOfEveryKind) {
    EXPECT_EQ(events({"--filter", "relu"}), (Events{3, 7}));
    EXPECT_EQ(events({"--filter", "layer:net.fc step:0"}), (Events{0, 1}));
    EXPECT_EQ(events({"--filter", "kind:layer | /^aten::relu$/"}), (Events{0, 3, 4, 7}));
    EXPECT_EQ(events({"--filter", "kind:op -relu step:1.."}), (Events{5}));
    EXPECT_EQ(events({"--filter", "step:0", "--kind", "op", "--op", "relu"}), (Events{3}));
    EXPECT_EQ(events({"--filter", "phase:forward kind:op", "--limit", "2"}), (Events{1, 3}));
}

TEST_F(LsTest, AnExpressionThatIsWrongSaysWhere) {
    EXPECT_TRUE(isTrouble(ls({"--filter", "op:mm (relu"}),
                          "--filter 'op:mm (relu': this '(' is not closed, at position 7"));
    EXPECT_TRUE(isTrouble(ls({"--filter", "/a(/"}),
                          "--filter '/a(/': not a regular expression: missing ), at position 4"));
    EXPECT_TRUE(isTrouble(ls({"--filter", "colour:red"}), "there is no field 'colour'"));
    EXPECT_TRUE(isTrouble(ls({"--filter", "class:origin"}), "'class' asks what two runs have"));
    EXPECT_TRUE(isTrouble(ls({"--filter", "ulp>4"}), "'ulp' asks what two runs have"));
    EXPECT_TRUE(isTrouble(ls({"--filter", "conv"}), "no event passes the filters"));
}

TEST_F(LsTest, NothingThatPassesIsTrouble) {
    EXPECT_TRUE(isTrouble(ls({"--op", "conv"}), "no event passes the filters"));
    EXPECT_TRUE(isTrouble(ls({"--thread", "other"}), "no event passes the filters"));
}

TEST_F(LsTest, MalformedFiltersAreTrouble) {
    EXPECT_TRUE(isTrouble(ls({"--op", "("}),
                          "--op '(': not a regular expression: missing ) at position 2"));
    EXPECT_TRUE(isTrouble(ls({"--step", "2-1"}), "--step '2-1': not a range of steps"));
    EXPECT_TRUE(isTrouble(ls({"--step", "x"}), "--step 'x': not a range of steps"));
    EXPECT_TRUE(isTrouble(ls({"--kind", "ops"}), "--kind 'ops': no such kind"));
}

} // namespace repro::cli::test
