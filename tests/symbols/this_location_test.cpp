// SPDX-License-Identifier: BSD-3-Clause
// Where `this` is by debug information, looked up in what a stack walk of the fixture knew, against
// what `this` was.
#include "symbols/object.h"
#include "tests/symbols/fixture.h"

#include <gmock/gmock.h>

#include <array>
#include <map>
#include <set>

namespace repro::symbols::test {
namespace {

using Base = Location::Base;

struct Frame {
    std::uint64_t returnOffset;
    std::uint64_t sp;
    std::vector<std::uint64_t> preserved; ///< rbx, rbp, r12 to r15
    std::vector<std::uint64_t> stack;     ///< from sp
};

struct Passed {
    std::string function;
    std::uint64_t self;
    std::vector<Frame> frames;
};

std::vector<Passed> passedBy(const std::filesystem::path& program) {
    std::vector<Passed> all;
    for (const std::string& line : split(shell(program.string()), '\n')) {
        const auto part = split(line, '|');
        std::vector<std::uint64_t> numbers;
        for (std::size_t i = part.at(0) == "T" ? 2 : 1; i < part.size(); ++i) {
            numbers.push_back(std::stoull(part[i], nullptr, 16));
        }
        if (part.at(0) == "T") {
            all.push_back({part.at(1), numbers.at(0), {}});
        } else {
            const auto stack = numbers.begin() + 8;
            all.back().frames.push_back(
                {numbers[0], numbers[1], {numbers.begin() + 2, stack}, {stack, numbers.end()}});
        }
    }
    return all;
}

class ThisLocation : public testing::TestWithParam<std::string> {
protected:
    /// The value of a location in one of the frames.
    std::optional<std::uint64_t> valueOf(const Location& location, const std::vector<Frame>& frames,
                                         std::size_t frame) {
        m_bases.insert(location.base);
        const std::uint64_t cfa = frames.at(frame + 1).sp;
        const std::uint64_t address = cfa + location.at;
        switch (location.base) {
        case Base::Register:
            return frames[frame].preserved.at(indexOf(location.reg)) + location.offset;
        case Base::Slot:
            return frames[frame].stack.at((address - frames[frame].sp) / 8) + location.offset;
        case Base::Frame:
            return address;
        case Base::Entry:
            for (const Argument& argument : argumentsOf(frames, frame)) {
                if (argument.reg == location.reg) {
                    const auto value = valueOf(argument.value, frames, frame + 1);
                    return value ? std::optional(*value + location.offset) : std::nullopt;
                }
            }
            return std::nullopt;
        case Base::Unknown:
            break;
        }
        return std::nullopt;
    }
    /// What the function of a frame got when it was entered.
    std::vector<Argument> argumentsOf(const std::vector<Frame>& frames, std::size_t frame) {
        const auto entered = m_object.lookup(frames[frame].returnOffset);
        const auto caller = m_object.lookup(frames.at(frame + 1).returnOffset);
        const bool isCalled = !caller.empty() && caller[0].callee == entered.back().function;
        return isCalled ? caller[0].arguments : std::vector<Argument>();
    }
    static std::size_t indexOf(std::uint8_t reg) {
        return std::map<int, std::size_t>{{3, 0}, {6, 1}, {12, 2}, {13, 3}, {14, 4}, {15, 5}}.at(
            reg);
    }

    std::filesystem::path m_program = programOf(GetParam(), "selves");
    Object m_object{m_program.string(), buildIdOf(m_program), {}};
    std::set<Base> m_bases; ///< that there were
};

TEST_P(ThisLocation, IsRightOrUnknown) {
    std::size_t known = 0;
    const auto all = passedBy(m_program);
    ASSERT_EQ(all.size(), 55U);
    for (const Passed& passed : all) {
        const auto frames = m_object.lookup(passed.frames.at(0).returnOffset);
        ASSERT_EQ(frames.at(0).function, passed.function);
        const auto self = valueOf(frames[0].self, passed.frames, 0);
        EXPECT_EQ(self.value_or(passed.self), passed.self) << passed.function;
        known += self ? 1 : 0;
    }
    if (GetParam().find("-O0") != std::string::npos) {
        EXPECT_GE(known, all.size() - 1); // GCC leaves out `this` that is an address in the frame
        EXPECT_THAT(m_bases, testing::Contains(Base::Slot));
    } else if (GetParam().starts_with("gcc")) {
        EXPECT_EQ(known, all.size() - 2); // the two that Relay jumped to
        EXPECT_THAT(m_bases, testing::IsSupersetOf({Base::Register, Base::Frame, Base::Entry}));
    } else {
        EXPECT_GT(known, all.size() * 4 / 5); // clang forgets the address of a part
        EXPECT_THAT(m_bases, testing::IsSupersetOf({Base::Register, Base::Slot, Base::Entry}));
    }
}

INSTANTIATE_TEST_SUITE_P(Form, ThisLocation, testing::ValuesIn(split(REPRO_SELVES_FORMS, ',')),
                         nameOfForm);

} // namespace
} // namespace repro::symbols::test
