// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/launcher/child.h"
#include "recorder/launcher/environment.h"
#include "recorder/launcher/target.h"
#include "trace/error.h"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace repro::launcher {
namespace {

namespace fs = std::filesystem;

class LauncherTest : public testing::Test {
protected:
    LauncherTest()
        : m_folder(fs::path(testing::TempDir()) / ("launcher-" + std::to_string(getpid()))) {
        fs::create_directories(m_folder);
    }
    ~LauncherTest() override { fs::remove_all(m_folder); }

    fs::path writeFile(const std::string& name, const std::string& text, bool executable) {
        fs::path path = m_folder / name;
        std::ofstream(path) << text;
        fs::permissions(path, executable ? fs::perms::owner_all : fs::perms::owner_read);
        return path;
    }

    static int statusOf(const std::string& program) {
        try {
            findTarget(program);
        } catch (const LaunchError& error) {
            EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
            return error.status();
        }
        return 0;
    }

    int run(const std::string& script) {
        const fs::path path = writeFile("script", "#!/bin/sh\n" + script, true);
        std::string word = path.string();
        char* words[] = {word.data()};
        Child child(findTarget(word), words, Environment::own());
        return child.wait(
            std::chrono::milliseconds(10), [] {},
            [this](const std::string& ending) { m_ending = ending; });
    }

    fs::path m_folder;
    std::string m_ending;
};

TEST_F(LauncherTest, RefusesWhatCannotRun) {
    EXPECT_EQ(statusOf("no-such-program-anywhere"), 127);
    EXPECT_EQ(statusOf("./no/such/file"), 127);
    EXPECT_EQ(statusOf(m_folder.string()), 126);
    EXPECT_EQ(statusOf(writeFile("plain", "#!/bin/sh\n", false).string()), 126);
}

TEST_F(LauncherTest, TakesScriptsAndProgramsOfThePath) {
    EXPECT_EQ(statusOf("sh"), 0);
    EXPECT_EQ(statusOf(writeFile("script", "#!/bin/sh\n", true).string()), 0);
}

TEST_F(LauncherTest, RefusesAnotherArchitecture) {
    const fs::path copy = m_folder / "foreign";
    fs::copy_file("/bin/sh", copy);
    std::fstream file(copy, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(18);          // e_machine
    file.write("\x16\0", 2); // EM_S390
    file.close();
    EXPECT_EQ(statusOf(copy.string()), 126);
}

TEST_F(LauncherTest, RefusesAStaticProgram) {
    EXPECT_EQ(statusOf(REPROREC_STATIC_PROGRAM), 125);
}

TEST_F(LauncherTest, TellsThatThreadSanitizerIsInTheWay) {
    const Target target = findTarget(REPROREC_TSAN_PROGRAM);
    EXPECT_NE(target.obstacle.find("ThreadSanitizer"), std::string::npos);
    EXPECT_EQ(findTarget("/bin/sh").obstacle, "");
}

TEST_F(LauncherTest, PassesTheExitStatusThrough) {
    EXPECT_EQ(run("exit 7\n"), 7);
    EXPECT_EQ(m_ending, "exit 7");
    EXPECT_EQ(run("kill -KILL $$\n"), 128 + SIGKILL);
    EXPECT_EQ(m_ending, "signal 9");
}

TEST_F(LauncherTest, AScriptWithoutAFirstLineIsRunByTheShell) {
    std::string path = writeFile("bare", "exit 5\n", true).string();
    char* words[] = {path.data()};
    Child child(findTarget(path), words, Environment::own());
    EXPECT_EQ(child.wait(
                  std::chrono::milliseconds(10), [] {}, [](const std::string&) {}),
              5);
}

TEST_F(LauncherTest, AnInterpreterThatIsMissingIsTold) {
    std::string path = writeFile("script", "#!/no/such/interpreter\n", true).string();
    char* words[] = {path.data()};
    EXPECT_THROW(Child(findTarget(path), words, Environment::own()), LaunchError);
}

TEST_F(LauncherTest, HandsASignalOnToTheProgramAndOutlivesIt) {
    const fs::path path = writeFile(
        "script",
        "#!/bin/sh\ntrap 'exit 42' TERM\nkill -TERM $PPID\nwhile :; do sleep 0.05; done\n", true);
    std::string word = path.string();
    char* words[] = {word.data()};
    Child child(findTarget(word), words, Environment::own());
    EXPECT_EQ(child.wait(
                  std::chrono::milliseconds(10), [] {}, [](const std::string&) {}),
              42);
}

TEST(LauncherEnvironment, PreloadsTheSanitizerFirstAndKeepsTheUsersLibraries) {
    Environment base;
    base.set("LD_PRELOAD", "/users.so");
    EnvironmentOptions options;
    options.socketPath = "/s";
    options.preload = "/lib/ours.so";
    options.sanitizer = "libasan.so.8";
    const auto built = buildEnvironment(base, options);
    EXPECT_EQ(built.get("LD_PRELOAD"), "libasan.so.8:/lib/ours.so:/users.so");
    EXPECT_EQ(built.get("REPROREC_SOCKET"), "/s");
    EXPECT_EQ(built.get("ASAN_OPTIONS"), "verify_asan_link_order=0");
}

TEST_F(LauncherTest, PreloadsThroughALinkWhereTheFolderHasASpace) {
    const fs::path library = writeFile("ours.so", "x", false);
    EXPECT_EQ(preloadable(library, m_folder), library);
    fs::create_directory(m_folder / "of a user");
    fs::rename(library, m_folder / "of a user" / "ours.so");
    const fs::path path = preloadable(m_folder / "of a user" / "ours.so", m_folder);
    EXPECT_EQ(path.native().find(' '), std::string::npos);
    EXPECT_TRUE(fs::equivalent(path, m_folder / "of a user" / "ours.so"));
    EXPECT_THROW(preloadable(m_folder / "of a user" / "ours.so", m_folder / "of a user"), Error);
}

TEST(LauncherEnvironment, SetsWhatMustStandBeforeStart) {
    Environment base;
    base.set("PYTHONHASHSEED", "3");
    EnvironmentOptions options;
    options.threads = 2;
    options.deterministic = true;
    options.seed = 7;
    options.assignments = {{"A", "b=c"}};
    const auto built = buildEnvironment(base, options);
    EXPECT_EQ(built.get("OMP_NUM_THREADS"), "2");
    EXPECT_EQ(built.get("CUBLAS_WORKSPACE_CONFIG"), ":4096:8");
    EXPECT_EQ(built.get("PYTHONHASHSEED"), "3"); // the user's own stays
    EXPECT_EQ(built.get("A"), "b=c");
}

} // namespace
} // namespace repro::launcher
