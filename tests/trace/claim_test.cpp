// SPDX-License-Identifier: BSD-3-Clause
#include "sample_trace.h"
#include "scratch.h"
#include "trace/claim.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace repro::trace {
namespace {

namespace fs = std::filesystem;

class TraceClaim : public test::Scratch {
protected:
    static void expectRefused(const fs::path& path, const char* word) {
        for (const bool overwrite : {false, true}) {
            const auto [kind, message] = test::errorOf([&] { claim(path, overwrite); });
            EXPECT_EQ(kind, ErrorKind::Io);
            EXPECT_NE(message.find(word), std::string::npos) << message;
        }
    }
};

} // namespace

TEST_F(TraceClaim, TakesAFreeName) {
    EXPECT_EQ(claim(path(), false), path());
    EXPECT_TRUE(fs::is_empty(path().parent_path()));
}

TEST_F(TraceClaim, OverwritesATraceOnlyWhenAsked) {
    test::writeSample(path());
    EXPECT_NE(test::errorOf([&] { claim(path(), false); }).second.find("exists"),
              std::string::npos);
    EXPECT_EQ(claim(path(), true), path());
}

TEST_F(TraceClaim, NeverOverwritesAnythingElse) {
    test::writeFile(path("notes.txt"), "these are notes");
    EXPECT_NE(test::errorOf([&] { claim(path("notes.txt"), true); }).second.find("is no trace"),
              std::string::npos);
    test::writeFile(partialOf(path()), "these are notes");
    EXPECT_NE(test::errorOf([&] { claim(path(), true); }).second.find(".partial: is no trace"),
              std::string::npos);
}

TEST_F(TraceClaim, AnEmptyFileHasNothingToLose) {
    test::writeFile(path(), "");
    EXPECT_EQ(claim(path(), true), path());
}

TEST_F(TraceClaim, OverwritesWhatAKilledRecorderLeft) {
    test::writeFile(partialOf(path()), "\x89HDF\r\n\x1a\n and no more");
    EXPECT_EQ(claim(path(), true), path());
}

TEST_F(TraceClaim, RefusesWhatIsNoFile) {
    expectRefused(path().parent_path(), "is a folder");
    expectRefused("/dev/null", "is a device");
    ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
    expectRefused(path("pipe"), "is a pipe");
    const int made = socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = {}};
    path("socket").string().copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(bind(made, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    close(made);
    expectRefused(path("socket"), "is a socket");
}

TEST_F(TraceClaim, FollowsALink) {
    fs::create_symlink("/dev/full", path("device"));
    expectRefused(path("device"), "/dev/full: is a device");
    fs::create_directory(path("far"));
    fs::create_symlink("far/new.h5", path("free")); // to what is not there yet
    EXPECT_EQ(claim(path("free"), false), path("far") / "new.h5");
    fs::create_symlink("loop", path("loop"));
    expectRefused(path("loop"), "links to itself");
}

} // namespace repro::trace
