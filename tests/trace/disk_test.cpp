// SPDX-License-Identifier: BSD-3-Clause
#include "sample_trace.h"
#include "scratch.h"
#include "trace/reader.h"
#include "trace/writer.h"

#include <csignal>
#include <sys/resource.h>

namespace repro::trace {
namespace {

/// While it lives, files cannot grow past a size, as if the disk were full.
class SizeLimit {
public:
    explicit SizeLimit(rlim_t bytes) {
        m_handler = std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit limit{bytes, m_before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~SizeLimit() {
        setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_handler);
    }
    SizeLimit(const SizeLimit&) = delete;
    SizeLimit& operator=(const SizeLimit&) = delete;

private:
    rlimit m_before{};
    void (*m_handler)(int) = nullptr;
};

class TraceDisk : public test::Scratch {
protected:
    /// Writes until the disk is full. Returns: the error.
    std::pair<ErrorKind, std::string> fillDisk(rlim_t bytes) {
        const SizeLimit limit(bytes);
        return test::errorOf([this] {
            Writer writer(path());
            test::fillSample(writer);
            const auto contents = test::sampleContents(DType::Float32, 1U << 20U);
            for (int i = 0; i < 16; ++i) {
                writer.payload(DType::Float32, contents);
            }
            writer.finish(test::sampleHeader(), {});
        });
    }
};

} // namespace

TEST_F(TraceDisk, ReportsAFullDiskWhilePayloadIsWritten) {
    const auto [kind, message] = fillDisk(9U << 20U);
    EXPECT_EQ(kind, ErrorKind::Io);
    EXPECT_NE(message.find("File too large"), std::string::npos) << message;
    EXPECT_NE(message.find("run.h5.partial"), std::string::npos) << message;
    EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(TraceDisk, ReportsAFullDiskAtEverySize) {
    for (rlim_t bytes = 1U << 14U; bytes < (80U << 20U) / 2; bytes += bytes / 2) {
        std::filesystem::remove_all(path("run.h5.partial"));
        const auto [kind, message] = fillDisk(bytes);
        EXPECT_EQ(kind, ErrorKind::Io) << message;
        EXPECT_FALSE(std::filesystem::exists(path())) << bytes;
    }
}

TEST_F(TraceDisk, WritesTheNextTraceAfterAFullDisk) {
    fillDisk(9U << 20U);
    test::writeSample(path("next.h5"), false);
    Reader(path("next.h5")).verify();
}

} // namespace repro::trace
