// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <stdexcept>
#include <string>

/// The program `reprorec`: one verb, one file.
namespace repro::cli {

/// What the first word of the command line chooses. `run` takes everything after that word and
/// returns the exit status; it may throw, and main() turns what it throws into one line.
struct Verb {
    const char* name;
    const char* summary;
    int (*run)(std::span<char*> arguments);
};

/// Exit statuses; those of `diff` are the verdict's.
inline constexpr int kSame = 0;
inline constexpr int kDiverged = 1;
inline constexpr int kTrouble = 2;
inline constexpr int kNotComparable = 3;
/// Own trouble of `record`, as `env` and `timeout` do: other statuses are the recorded program's.
inline constexpr int kRecordTrouble = 125;

/// Trouble that ends with a status of the caller's choice. `answered`: the answer that stdout is
/// for is there already.
class Trouble : public std::runtime_error {
public:
    Trouble(int status, const std::string& message, bool answered)
        : std::runtime_error(message), m_status(status), m_answered(answered) {}
    [[nodiscard]] int status() const { return m_status; }
    [[nodiscard]] bool answered() const { return m_answered; }

private:
    int m_status;
    bool m_answered;
};

int runDiff(std::span<char*> arguments);
int runInfo(std::span<char*> arguments);
int runList(std::span<char*> arguments);
int runLines(std::span<char*> arguments);
int runShow(std::span<char*> arguments);
int runDump(std::span<char*> arguments);
int runEnvDiff(std::span<char*> arguments);
int runReexec(std::span<char*> arguments);
int runRecover(std::span<char*> arguments);
int runSymbolize(std::span<char*> arguments);
int runVerify(std::span<char*> arguments);
int runView(std::span<char*> arguments);
int runDoctor(std::span<char*> arguments);

} // namespace repro::cli
