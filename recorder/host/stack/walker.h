// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/stack/bounds.h"
#include "recorder/host/stack/rules.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

/// Who called whom, on the calling thread. x86-64. Takes no lock, no memory and, but for the first
/// walk on a stack, makes no system call; replaces nothing of the program's own unwinder.
namespace repro::stack {

constexpr std::size_t kMostFrames = 256;

/// Why a walk went no further.
enum class Ending : std::uint8_t {
    Complete,   ///< at the thread's first function
    NoRule,     ///< code that .eh_frame does not describe: made at run time, or assembly
    OutOfStack, ///< a rule led to where no stack is
    TooDeep,    ///< kMostFrames
    Busy        ///< a signal handler interrupted a walk of the same walker: nothing was walked
};

/// One activation of a function that made a call.
struct Frame {
    std::uintptr_t returnAddress = 0;
    std::uintptr_t object = 0; ///< Object::begin of what that is in
    std::uintptr_t cfa = 0;    ///< where its frame ends; 0 for the last one of a walk
    std::uintptr_t sp = 0;     ///< during the call
    std::array<std::uintptr_t, kRegisters> registers{}; ///< during the call, by Register
    std::array<std::uintptr_t, kRegisters> savedAt{};   ///< address where each is; 0 = in itself
};

/// A frame as walk() finds it: what suffices to see whether it is still there.
struct Step {
    std::uintptr_t cfa = 0; ///< of the callee; its return address lies just below
    std::uintptr_t framePointer = 0;
    const std::uintptr_t* framePointerAt = nullptr; ///< null: the callee did not save it
    bool plain = false;
};

/// Return addresses, innermost first. Of an instruction that a signal interrupted, the address plus
/// one: what runs is always at one less.
struct Stack {
    std::span<const std::uintptr_t> addresses; ///< valid until the next walk
    Ending ending = Ending::Complete;
    std::span<const Step> steps = {}; ///< of each
    /// All between the first step's CFA and the last one's is memory of the one stack.
    bool isOnOneStack = false;
};

/// Walks the stack of the one thread that it belongs to. Its results are not to be in use where a
/// signal handler may walk, too.
class Walker {
public:
    Walker() = default;
    Walker(const Walker&) = delete;
    Walker& operator=(const Walker&) = delete;

    /// From the caller outward.
    Stack walk();

    /// The same frames with all that is known of them, each handed to `visitor`; slower.
    template <class Visitor>
    [[gnu::always_inline]] Ending visit(Visitor&& visitor) { // else it would be the first frame
        return visitEach(
            [](void* data, const Frame& frame) {
                (*static_cast<std::remove_reference_t<Visitor>*>(data))(frame);
            },
            &visitor);
    }

private:
    struct Context {
        std::array<std::uintptr_t, kRegisters> registers{};
        std::uintptr_t sp = 0;
        std::uintptr_t returnAddress = 0;
        std::array<std::uintptr_t, kRegisters> savedAt{};
    };
    using Call = void (*)(void* data, const Frame& frame);

    Ending visitEach(Call call, void* data);
    bool begin(std::uintptr_t sp);
    Ending walkFrom(std::uintptr_t address, Step at);
    bool meetsLastWalk(std::size_t& old) const;
    Ending stepOver(const Rule& rule, std::uintptr_t& address, Step& at);
    Ending general(const Rule& rule, Context& context, std::uintptr_t& cfa);
    bool read(std::uintptr_t address, std::uintptr_t& value) const;
    bool enterStack(std::uintptr_t sp, std::uintptr_t lowest);
    std::size_t stillThere(std::size_t index) const;
    bool push(std::uintptr_t address, const Step& step);
    void keepNew(std::size_t last);

    Rules m_rules;
    Bounds m_bounds;
    Range m_readable; ///< of the stack that the walk is on
    std::uint64_t m_unloads = 0;
    bool m_walking = false;

    // The last walk, at the end of its arrays, so that a new walk that meets it keeps what is
    // outward of there, and puts its own frames before.
    std::array<std::uintptr_t, kMostFrames> m_addresses{};
    std::array<Step, kMostFrames> m_steps{};
    std::size_t m_first = kMostFrames;
    Ending m_ending = Ending::Complete;
    bool m_endedByRule = false; ///< its end follows from the last address alone

    // The new frames of this walk.
    std::array<std::uintptr_t, kMostFrames> m_newAddresses{};
    std::array<Step, kMostFrames> m_newSteps{};
    std::size_t m_new = 0;
};

/// A library is about to be unloaded, or was: all walkers drop what they remember. Safe anywhere.
void forgetUnloaded();
/// How often that was said: what an address means may have changed since it was less.
std::uint64_t unloads();

} // namespace repro::stack
