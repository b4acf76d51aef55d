// SPDX-License-Identifier: BSD-3-Clause
#include "program.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace repro::cli::test {

namespace {

using File = std::unique_ptr<FILE, int (*)(FILE*)>;

std::string contentsOf(FILE* file) {
    std::string text;
    std::array<char, 4096> buffer{};
    std::rewind(file);
    while (const std::size_t read = std::fread(buffer.data(), 1, buffer.size(), file)) {
        text.append(buffer.data(), read);
    }
    return text;
}

} // namespace

Outcome reprorec(const std::vector<std::string>& arguments) {
    std::vector<std::string> words = arguments;
    words.insert(words.begin(), REPROREC_PROGRAM);
    std::vector<char*> argv;
    for (std::string& word : words) {
        argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    const File out(std::tmpfile(), std::fclose);
    const File err(std::tmpfile(), std::fclose);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, fileno(out.get()), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fileno(err.get()), STDERR_FILENO);
    pid_t child = -1;
    const int failed =
        posix_spawn(&child, REPROREC_PROGRAM, &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    if (failed != 0 || waitpid(child, &status, 0) != child) {
        ADD_FAILURE() << "cannot run " << REPROREC_PROGRAM;
        return {};
    }
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), contentsOf(out.get()),
            contentsOf(err.get())};
}

std::size_t lines(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

testing::AssertionResult isTrouble(const Outcome& outcome, const std::string& words, int status) {
    if (outcome.status == status && outcome.out.empty() && lines(outcome.err) == 1 &&
        outcome.err.starts_with("reprorec: ") && outcome.err.find(words) != std::string::npos) {
        return testing::AssertionSuccess();
    }
    return testing::AssertionFailure() << "status " << outcome.status << "\nstdout: " << outcome.out
                                       << "\nstderr: " << outcome.err << "\nwanted: " << words;
}

CliTest::CliTest() {
    std::string name = std::filesystem::temp_directory_path() / "reprorec-cli-XXXXXX";
    m_folder = mkdtemp(name.data());
}

CliTest::~CliTest() {
    std::error_code ignored;
    std::filesystem::remove_all(m_folder, ignored);
}

} // namespace repro::cli::test
