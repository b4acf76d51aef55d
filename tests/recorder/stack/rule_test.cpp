// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/stack/rule.h"

#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>
#include <dlfcn.h>
#include <link.h>
#include <random>
#include <span>
#include <vector>

namespace repro::stack::test {
namespace {

/// The part of a library that holds its .eh_frame, which a test may damage.
class Copy {
public:
    Copy() : m_library(dlopen(REPRO_SMALL_FRAMES, RTLD_NOW)) {
        m_function = reinterpret_cast<std::uintptr_t>(dlsym(m_library, "bounce"));
        m_object = *objectAt(m_function);
        const std::span<const std::uint8_t> part = segment();
        m_bytes.assign(part.begin(), part.end());
        m_moved = reinterpret_cast<std::uintptr_t>(m_bytes.data()) -
                  reinterpret_cast<std::uintptr_t>(part.data());
    }
    ~Copy() { dlclose(m_library); }
    Copy(const Copy&) = delete;
    Copy& operator=(const Copy&) = delete;

    std::vector<std::uint8_t>& bytes() { return m_bytes; }
    Rule original(std::uintptr_t offset) const { return makeRule(m_function + offset, m_object); }
    /// All in .eh_frame is relative, so that a function of the copy is as far from it.
    Rule copied(std::uintptr_t offset) const {
        const auto begin = reinterpret_cast<std::uintptr_t>(m_bytes.data());
        const Object object{begin, begin + m_bytes.size(), 0, "", m_object.unwindTable + m_moved};
        return makeRule(m_function + m_moved + offset, object);
    }

private:
    std::span<const std::uint8_t> segment() const {
        const auto* header = reinterpret_cast<const ElfW(Ehdr)*>(m_object.begin);
        const auto* segments =
            reinterpret_cast<const ElfW(Phdr)*>(m_object.begin + header->e_phoff);
        for (const ElfW(Phdr) & one : std::span(segments, header->e_phnum)) {
            const auto* begin = reinterpret_cast<const std::uint8_t*>(m_object.bias + one.p_vaddr);
            const std::span part(begin, one.p_filesz);
            if (one.p_type == PT_LOAD && m_object.unwindTable >= begin &&
                m_object.unwindTable < begin + part.size()) {
                return part;
            }
        }
        return {};
    }

    void* m_library;
    std::uintptr_t m_function = 0;
    Object m_object;
    std::vector<std::uint8_t> m_bytes;
    std::uintptr_t m_moved = 0;
};

TEST(StackRule, FollowsTheInstructionsOfAFunction) {
    const Copy copy;
    const Rule first = copy.original(0);
    EXPECT_EQ(first.kind, Rule::Kind::Plain);
    EXPECT_EQ(first.cfaBase, Base::Sp);
    EXPECT_EQ(first.cfaOffset, 8);
    EXPECT_NE(copy.original(30).cfaOffset, 8); // it has made its frame by then
}

TEST(StackRule, IsUnknownWithoutAnObject) {
    EXPECT_EQ(makeRule(4096, std::nullopt).kind, Rule::Kind::Unknown);
}

TEST(StackRule, OfDamagedTablesReadsNothingElse) {
    Copy copy;
    Rule same = copy.copied(30);
    same.address = copy.original(30).address;
    same.object = copy.original(30).object;
    ASSERT_EQ(same, copy.original(30)); // the undamaged copy serves
    std::mt19937 random(3);
    int changed = 0;
    for (int round = 0; round < 20000; ++round) {
        const std::vector<std::uint8_t> before = copy.bytes();
        for (auto flips = 1 + random() % 16; flips > 0; --flips) {
            copy.bytes()[random() % before.size()] = static_cast<std::uint8_t>(random());
        }
        changed += copy.copied(30).kind != same.kind ? 1 : 0;
        std::memcpy(copy.bytes().data(), before.data(), before.size());
    }
    EXPECT_GT(changed, 100); // else nothing that counts was damaged
}

} // namespace
} // namespace repro::stack::test
