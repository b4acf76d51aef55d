// SPDX-License-Identifier: BSD-3-Clause
// Debug information that is elsewhere, was taken away, or belongs to another build.
#include "symbols/object.h"
#include "tests/symbols/fixture.h"

#include <gmock/gmock.h>

namespace repro::symbols::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kForm = "gcc-O2-g";

class DebugFiles : public Files {
protected:
    /// The program with its debug information apart, in `debugFile`.
    void separate(const fs::path& debugFile) {
        fs::create_directories(debugFile.parent_path());
        shell("objcopy --only-keep-debug " + m_original.string() + " " + debugFile.string());
        shell("objcopy --strip-all --add-gnu-debuglink=" + debugFile.string() + " " +
              m_original.string() + " " + m_program.string());
    }
    [[nodiscard]] fs::path underBuildId(const fs::path& debugDir) const {
        return debugDir / ".build-id" / m_buildId.substr(0, 2) / (m_buildId.substr(2) + ".debug");
    }
    [[nodiscard]] Object open(const std::vector<std::string>& debugDirs = {}) const {
        return Object(m_program.string(), m_buildId, debugDirs);
    }
    void expectLines(Object&& object) {
        EXPECT_EQ(object.status(), Status::Resolved) << object.detail();
        for (const Passed& place : m_places) {
            const auto frames = object.lookup(place.returnOffset);
            ASSERT_FALSE(frames.empty());
            EXPECT_EQ(frames[0].function, place.function);
            EXPECT_EQ(frames[0].line, place.line);
        }
    }
    void expectNothing(Object&& object, Status status) {
        EXPECT_EQ(object.status(), status);
        for (const Passed& place : m_places) {
            EXPECT_THAT(object.lookup(place.returnOffset), IsEmpty());
        }
    }

    fs::path m_original = programOf(kForm);
    fs::path m_program = folder() / "places";
    std::string m_buildId = buildIdOf(m_original);
    std::vector<Passed> m_places = placesOf(m_original, kForm);
};

TEST_F(DebugFiles, BesideTheProgramAreFoundByTheirLink) {
    separate(folder() / "places.debug");
    expectLines(open());
}

TEST_F(DebugFiles, InTheFolderOfDebugFilesAreFoundByTheirLink) {
    separate(folder() / ".debug" / "places.debug");
    expectLines(open());
}

TEST_F(DebugFiles, InADebugDirAreFoundByTheirLink) {
    separate(folder() / "elsewhere" / "places.debug");
    expectLines(open({folder() / "elsewhere"}));
}

TEST_F(DebugFiles, InADebugDirAreFoundByTheBuildId) {
    const fs::path debugDir = folder() / "elsewhere";
    separate(underBuildId(debugDir));
    expectLines(open({debugDir}));
}

TEST_F(DebugFiles, StandForAProgramThatIsGone) {
    const fs::path debugDir = folder() / "elsewhere";
    separate(underBuildId(debugDir));
    fs::remove(m_program);
    expectLines(open({debugDir}));
}

TEST_F(DebugFiles, StandForAProgramThatWasBuiltAgain) {
    const fs::path debugDir = folder() / "elsewhere";
    separate(underBuildId(debugDir));
    fs::copy(programOf("gcc-O3-g"), m_program, fs::copy_options::overwrite_existing);
    expectLines(open({debugDir}));
}

TEST_F(DebugFiles, OfAnotherBuildAreNotUsed) {
    separate(folder() / "places.debug");
    shell("objcopy --only-keep-debug " + programOf("gcc-O3-g").string() + " " +
          (folder() / "places.debug").string());
    expectNothing(open(), Status::Stripped);
}

TEST_F(DebugFiles, ThatAreMissingLeaveNothing) {
    separate(folder() / "places.debug");
    fs::remove(folder() / "places.debug");
    expectNothing(open(), Status::Stripped);
}

TEST_F(DebugFiles, OfAProgramThatIsGone) {
    expectNothing(open(), Status::Missing);
    EXPECT_THAT(open().detail(), HasSubstr("No such file"));
}

TEST_F(DebugFiles, AProgramThatWasBuiltAgainIsNotRead) {
    fs::copy(programOf("gcc-O3-g"), m_program);
    expectNothing(open(), Status::Rebuilt);
    EXPECT_THAT(open().detail(), HasSubstr(m_buildId));
    EXPECT_THAT(open().detail(), HasSubstr(buildIdOf(m_program)));
}

TEST_F(DebugFiles, AProgramThatLostItsBuildIdIsNotRead) {
    shell("objcopy --remove-section=.note.gnu.build-id " + m_original.string() + " " +
          m_program.string());
    expectNothing(open(), Status::Rebuilt);
}

TEST_F(DebugFiles, AProgramThatNeverHadABuildIdIsRead) {
    shell("objcopy --remove-section=.note.gnu.build-id " + m_original.string() + " " +
          m_program.string());
    m_buildId.clear();
    expectLines(open());
}

TEST_F(DebugFiles, AStrippedLibraryNamesWhatItExports) {
    const std::string form = "gcc-library-g";
    shell("strip -o " + m_program.string() + " " + programOf(form).string());
    Object object(m_program.string(), buildIdOf(m_program), {});
    EXPECT_EQ(object.status(), Status::SymbolsOnly);
    for (const Passed& place : placesOf(programOf(form), form)) {
        const auto frames = object.lookup(place.returnOffset);
        if (place.function == "plainC") {
            EXPECT_EQ(frames.at(0).function, "plainC");
        } else if (place.function == "fileLocal") {
            EXPECT_THAT(frames, IsEmpty());
        }
    }
}

TEST_F(DebugFiles, SplitInformationThatIsMissingLeavesSymbolsAndLines) {
    for (const std::string form : {"gcc-split4-g", "gcc-split5-g"}) {
        // The folder of the build is named in the program, and must be gone: built here anew.
        const std::string version = form.substr(form.find("split") + 5, 1);
        shell("cd " + folder().string() +
              " && " REPRO_GCC " -std=c++20 -O2 -g -gsplit-dwarf -gdwarf-" + version +
              " " REPRO_PLACES " -o places && rm *.dwo");
        Object object(m_program.string(), buildIdOf(m_program), {});
        for (const Passed& place : placesOf(m_program, form)) {
            const auto frames = object.lookup(place.returnOffset);
            ASSERT_EQ(frames.size(), 1U);
            EXPECT_EQ(frames[0].function, place.compiled);
            EXPECT_EQ(frames[0].line, place.line);
        }
        EXPECT_THAT(object.detail(), HasSubstr(".dwo is missing"));
    }
}

} // namespace
} // namespace repro::symbols::test
