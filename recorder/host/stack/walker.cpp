// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/stack/walker.h"

#include <algorithm>
#include <atomic>

namespace repro::stack {
namespace {

constexpr std::uintptr_t kWord = sizeof(std::uintptr_t);
constexpr std::uintptr_t kRedZone = 128; ///< below the stack pointer, spared by signals

std::atomic<std::uint64_t> g_unloads{0};

/// What a walk is busy with, as a signal handler on the same thread sees it.
class Walking {
public:
    explicit Walking(bool& flag) : m_flag(flag) {
        m_flag = true;
        std::atomic_signal_fence(std::memory_order_seq_cst);
    }
    ~Walking() {
        std::atomic_signal_fence(std::memory_order_seq_cst);
        m_flag = false;
    }
    Walking(const Walking&) = delete;
    Walking& operator=(const Walking&) = delete;

private:
    bool& m_flag;
};

std::uintptr_t wordAt(std::uintptr_t address) {
    return *reinterpret_cast<const std::uintptr_t*>(address);
}

bool leadsOn(const Rule& rule) {
    return rule.kind == Rule::Kind::Plain || rule.kind == Rule::Kind::General;
}

/// Of a rule that does not lead on.
Ending endingOf(const Rule& rule) {
    return rule.kind == Rule::Kind::End ? Ending::Complete : Ending::NoRule;
}

} // namespace

void forgetUnloaded() {
    g_unloads.fetch_add(1, std::memory_order_release);
}

std::uint64_t unloads() {
    return g_unloads.load(std::memory_order_acquire);
}

[[gnu::noinline]] Stack Walker::walk() {
    const auto frame = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    if (m_walking) {
        return {{}, Ending::Busy};
    }
    const Walking walking(m_walking);
    if (!begin(frame)) {
        return {{}, Ending::OutOfStack};
    }
    // Of walk() itself: it has a frame pointer, for it asked for its frame's address.
    const Step first{frame + 2 * kWord, wordAt(frame),
                     reinterpret_cast<const std::uintptr_t*>(frame), true};
    const auto address = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0));
    m_ending = walkFrom(address, first);
    const auto steps = std::span(m_steps).subspan(m_first);
    const Stack stack{std::span(m_addresses).subspan(m_first), m_ending, steps,
                      steps.back().cfa >= frame && steps.back().cfa <= m_bounds.around(frame).end};
    if (!m_endedByRule) {
        m_first = kMostFrames; // what ended it was in memory, and may change
    }
    return stack;
}

bool Walker::begin(std::uintptr_t sp) {
    m_new = 0;
    if (const std::uint64_t now = unloads(); now != m_unloads) {
        m_unloads = now;
        m_rules.clear();
        m_first = kMostFrames;
    }
    return enterStack(sp, sp);
}

bool Walker::enterStack(std::uintptr_t sp, std::uintptr_t lowest) {
    m_readable = {lowest, m_bounds.around(sp).end};
    return m_readable.end > sp;
}

/// Ends with the whole walk at the end of the arrays.
Ending Walker::walkFrom(std::uintptr_t address, Step at) {
    constexpr std::size_t kLast = kMostFrames - 1;
    std::size_t old = m_first;
    while (push(address, at)) {
        if (meetsLastWalk(old)) {
            const std::size_t changed = stillThere(old + 1);
            if (changed == kMostFrames && old + 1 >= m_new) {
                keepNew(old);
                m_endedByRule = true; // as the last walk did
                return m_ending;
            }
            for (++old; old < changed && push(m_addresses[old], m_steps[old]); ++old) {
            }
            address = m_newAddresses[m_new - 1];
            at = m_newSteps[m_new - 1];
        }
        const Rule& rule = m_rules.at(address - 1);
        m_endedByRule = !leadsOn(rule);
        const Ending ending = m_endedByRule ? endingOf(rule) : stepOver(rule, address, at);
        if (m_endedByRule || ending != Ending::Complete || address == 0) {
            keepNew(kLast);
            return ending;
        }
    }
    keepNew(kLast);
    return Ending::TooDeep;
}

/// Whether the newest frame was one of the last walk, too: then `old` is its index there, else that
/// of the first one further out.
bool Walker::meetsLastWalk(std::size_t& old) const {
    const Step& at = m_newSteps[m_new - 1];
    while (old < kMostFrames && m_steps[old].cfa < at.cfa) {
        ++old;
    }
    return old < kMostFrames && m_steps[old].cfa == at.cfa &&
           m_steps[old].framePointer == at.framePointer &&
           m_addresses[old] == m_newAddresses[m_new - 1];
}

/// The first frame of the last walk, from `index` on, that memory does not confirm. Exact: what
/// leads from one to the next is the address, the CFA and the frame pointer, and each is compared.
std::size_t Walker::stillThere(std::size_t index) const {
    for (; index < kMostFrames; ++index) {
        const Step& step = m_steps[index];
        if (!step.plain || step.cfa > m_readable.end ||
            wordAt(step.cfa - kWord) != m_addresses[index] ||
            (step.framePointerAt != nullptr && *step.framePointerAt != step.framePointer)) {
            break;
        }
    }
    return index;
}

bool Walker::push(std::uintptr_t address, const Step& step) {
    if (m_new == kMostFrames) {
        return false;
    }
    m_newAddresses[m_new] = address;
    m_newSteps[m_new++] = step;
    return true;
}

/// Puts the new frames where the last of them is at index `last`.
void Walker::keepNew(std::size_t last) {
    m_first = last + 1 - m_new;
    std::copy_n(m_newAddresses.begin(), m_new, m_addresses.begin() + m_first);
    std::copy_n(m_newSteps.begin(), m_new, m_steps.begin() + m_first);
}

/// To the caller's frame. Complete: done.
Ending Walker::stepOver(const Rule& rule, std::uintptr_t& address, Step& at) {
    if (rule.kind == Rule::Kind::General) {
        Context context{{}, at.cfa, address, {}};
        context.registers[Rbp] = at.framePointer;
        std::uintptr_t cfa = 0;
        const Ending ending = general(rule, context, cfa);
        address = context.returnAddress;
        at = {context.sp, context.registers[Rbp], nullptr, false};
        return ending;
    }
    const std::uintptr_t cfa =
        (rule.cfaBase == Base::Sp ? at.cfa : at.framePointer) + rule.cfaOffset;
    if (cfa <= at.cfa || cfa > m_readable.end || cfa % kWord != 0) {
        return Ending::OutOfStack;
    }
    at = {cfa, at.framePointer, nullptr, true};
    if (rule.bases[Rbp] != Base::None) {
        const std::uintptr_t saved = cfa + rule.offsets[Rbp];
        if (!read(saved, at.framePointer)) {
            return Ending::OutOfStack;
        }
        at.framePointerAt = reinterpret_cast<const std::uintptr_t*>(saved);
    }
    address = wordAt(cfa - kWord);
    return Ending::Complete;
}

bool Walker::read(std::uintptr_t address, std::uintptr_t& value) const {
    if (address < m_readable.begin || address > m_readable.end - kWord || address % kWord != 0) {
        return false;
    }
    value = wordAt(address);
    return true;
}

/// Any rule, all registers. `cfa` is that of the frame that is left; Complete: done.
Ending Walker::general(const Rule& rule, Context& context, std::uintptr_t& cfa) {
    const Context inner = context;
    const auto from = [&](Base base) {
        return base == Base::Cfa ? cfa : base == Base::Sp ? inner.sp : inner.registers[Rbp];
    };
    cfa = from(rule.cfaBase) + rule.cfaOffset;
    if (rule.dereferenced && !read(cfa, cfa)) {
        return Ending::OutOfStack;
    }
    for (std::size_t i = 0; i < kSlots; ++i) {
        std::uintptr_t& value = i < kRegisters ? context.registers[i] : context.returnAddress;
        if (rule.bases[i] == Base::None) {
            continue;
        }
        const std::uintptr_t saved = from(rule.bases[i]) + rule.offsets[i];
        if (!read(saved, value)) {
            return Ending::OutOfStack;
        }
        if (i < kRegisters) {
            context.savedAt[i] = saved;
        }
    }
    context.sp = cfa;
    if (rule.signalFrame) {
        ++context.returnAddress;
        // Possibly on another stack. An epilogue may just have left what it restored.
        return cfa % kWord == 0 && enterStack(cfa, cfa - kRedZone) ? Ending::Complete
                                                                   : Ending::OutOfStack;
    }
    return cfa > inner.sp && cfa <= m_readable.end && cfa % kWord == 0 ? Ending::Complete
                                                                       : Ending::OutOfStack;
}

[[gnu::noinline]] Ending Walker::visitEach(Call call, void* data) {
    Context context;
    asm volatile("movq %%rbx, 0(%0)\n\t"
                 "movq %%rbp, 8(%0)\n\t"
                 "movq %%r12, 16(%0)\n\t"
                 "movq %%r13, 24(%0)\n\t"
                 "movq %%r14, 32(%0)\n\t"
                 "movq %%r15, 40(%0)\n\t"
                 "movq %%rsp, 48(%0)\n\t"
                 "leaq 0f(%%rip), %%rax\n"
                 "0:\tmovq %%rax, 56(%0)"
                 :
                 : "r"(&context)
                 : "rax", "memory");
    if (m_walking) {
        return Ending::Busy;
    }
    const Walking walking(m_walking);
    if (!begin(context.sp)) {
        return Ending::OutOfStack;
    }
    for (std::size_t i = 0; i <= kMostFrames; ++i) { // the first is this function's own
        const Rule& rule = m_rules.at(context.returnAddress - 1);
        Frame frame{context.returnAddress, rule.object,    0, context.sp,
                    context.registers,     context.savedAt};
        const bool ends = !leadsOn(rule);
        const Ending ending = ends ? endingOf(rule) : general(rule, context, frame.cfa);
        if (i > 0) {
            call(data, frame);
        }
        if (ends || ending != Ending::Complete || context.returnAddress == 0) {
            return ending;
        }
    }
    return Ending::TooDeep;
}

} // namespace repro::stack
