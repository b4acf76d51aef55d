// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/stack/rule.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace repro::stack {
namespace {

constexpr std::uint64_t kRbp = 6;
constexpr std::uint64_t kRsp = 7;
constexpr std::uint64_t kReturnAddress = 16;
constexpr std::uint8_t kBreg0 = 0x70; ///< DW_OP_breg0: register plus offset
constexpr std::uint8_t kDeref = 0x06;

/// Where a DWARF register is among ours; none for those that a function need not keep.
std::optional<std::size_t> slotOf(std::uint64_t dwarf) {
    switch (dwarf) {
    case 3:
        return Rbx;
    case kRbp:
        return Rbp;
    case 12:
        return R12;
    case 13:
        return R13;
    case 14:
        return R14;
    case 15:
        return R15;
    case kReturnAddress:
        return ReturnAddress;
    default:
        return std::nullopt;
    }
}

Base baseOf(std::uint64_t dwarf) {
    return dwarf == kRsp ? Base::Sp : dwarf == kRbp ? Base::FramePointer : Base::None;
}

/// One row of the table that the instructions describe.
struct State {
    Base cfaBase = Base::None;
    std::int64_t cfaOffset = 0;
    bool dereferenced = false;
    std::array<Base, kSlots> bases{};
    std::array<std::int64_t, kSlots> offsets{};
    bool ends = false;    ///< the return address is undefined
    bool foreign = false; ///< says something that no Rule can hold
};

/// Runs the instructions of an entry up to one address.
class Interpreter {
public:
    Interpreter(const Fde& fde, std::uintptr_t address) : m_fde(fde), m_address(address) {
        m_location = 0;
        run(fde.common);
        m_initial = m_state;
        m_location = fde.begin;
        run(fde.own);
    }
    const State& state() const { return m_state; }

private:
    static constexpr std::size_t kMostRemembered = 8;

    void run(Bytes bytes) {
        while (!bytes.atEnd() && m_location <= m_address) {
            const auto code = bytes.take<std::uint8_t>();
            const std::uint64_t low = code & 0x3FU;
            switch (code >> 6U) {
            case 1:
                advance(low);
                break;
            case 2:
                save(low, scaled(bytes.uleb()));
                break;
            case 3:
                restore(low);
                break;
            default:
                extended(code, bytes);
                break;
            }
        }
        m_state.foreign = m_state.foreign || !bytes.ok();
    }

    void advance(std::uint64_t delta) { m_location += delta * m_fde.codeAlign; }

    void setSlot(std::uint64_t dwarf, Base base, std::int64_t offset) {
        if (const auto slot = slotOf(dwarf)) {
            m_state.bases[*slot] = base;
            m_state.offsets[*slot] = offset;
        }
    }
    void save(std::uint64_t dwarf, std::int64_t offset) { setSlot(dwarf, Base::Cfa, offset); }
    void restore(std::uint64_t dwarf) {
        if (const auto slot = slotOf(dwarf)) {
            setSlot(dwarf, m_initial.bases[*slot], m_initial.offsets[*slot]);
        }
    }
    void undefine(std::uint64_t dwarf) {
        m_state.ends = m_state.ends || dwarf == kReturnAddress;
        setSlot(dwarf, Base::None, 0);
    }
    void forget(std::uint64_t dwarf) {
        m_state.foreign = m_state.foreign || slotOf(dwarf).has_value();
    }

    void cfa(std::uint64_t dwarf, std::int64_t offset) {
        m_state.cfaBase = baseOf(dwarf);
        m_state.cfaOffset = offset;
        m_state.dereferenced = false;
    }
    /// GCC finds the CFA of a function that realigns its stack below the frame pointer, and glibc
    /// that of a signal's frame in the saved context: register, offset, dereference.
    void cfaExpression(Bytes expression) {
        const auto operation = expression.take<std::uint8_t>();
        cfa(std::uint64_t{operation} - kBreg0, expression.sleb());
        m_state.dereferenced = expression.take<std::uint8_t>() == kDeref;
        if (!m_state.dereferenced || !expression.atEnd()) {
            m_state.cfaBase = Base::None;
        }
    }
    void saveExpression(std::uint64_t dwarf, Bytes expression) {
        const auto operation = expression.take<std::uint8_t>();
        const Base base = baseOf(std::uint64_t{operation} - kBreg0);
        setSlot(dwarf, base, expression.sleb());
        if (base == Base::None || !expression.atEnd() || !expression.ok()) {
            forget(dwarf);
        }
    }
    void remember() {
        m_state.foreign = m_state.foreign || m_depth == kMostRemembered;
        if (!m_state.foreign) {
            m_remembered[m_depth++] = m_state;
        }
    }
    void recall() {
        if (m_depth > 0) {
            m_state = m_remembered[--m_depth];
        }
    }

    /// Unsigned, for it overflows if it is damaged.
    std::int64_t scaled(std::uint64_t offset) const {
        return static_cast<std::int64_t>(offset * static_cast<std::uint64_t>(m_fde.dataAlign));
    }

    /// The instructions whose operands all follow, by their numbers in DWARF 5, 7.24.
    void extended(std::uint8_t code, Bytes& bytes) {
        const auto number = [&] { return static_cast<std::int64_t>(bytes.uleb()); };
        std::uint64_t dwarf = 0;
        switch (code) {
        case 0x00:
            break;
        case 0x01:
            m_location = bytes.encoded(m_fde.encoding);
            break;
        case 0x02:
            advance(bytes.take<std::uint8_t>());
            break;
        case 0x03:
            advance(bytes.take<std::uint16_t>());
            break;
        case 0x04:
            advance(bytes.take<std::uint32_t>());
            break;
        case 0x05:
            dwarf = bytes.uleb(), save(dwarf, scaled(bytes.uleb()));
            break;
        case 0x06:
            restore(bytes.uleb());
            break;
        case 0x07:
            undefine(bytes.uleb());
            break;
        case 0x08:
            setSlot(bytes.uleb(), Base::None, 0);
            break;
        case 0x09:
            forget(bytes.uleb()), bytes.uleb();
            break;
        case 0x0A:
            remember();
            break;
        case 0x0B:
            recall();
            break;
        case 0x0C:
            dwarf = bytes.uleb(), cfa(dwarf, number());
            break;
        case 0x0D:
            cfa(bytes.uleb(), m_state.cfaOffset);
            break;
        case 0x0E:
            m_state.cfaOffset = number();
            break;
        case 0x0F:
            cfaExpression(bytes.block());
            break;
        case 0x10:
            dwarf = bytes.uleb(), saveExpression(dwarf, bytes.block());
            break;
        case 0x11:
            dwarf = bytes.uleb(), save(dwarf, scaled(static_cast<std::uint64_t>(bytes.sleb())));
            break;
        case 0x12:
            dwarf = bytes.uleb(), cfa(dwarf, scaled(static_cast<std::uint64_t>(bytes.sleb())));
            break;
        case 0x13:
            m_state.cfaOffset = scaled(static_cast<std::uint64_t>(bytes.sleb()));
            break;
        case 0x14:
        case 0x15:
            forget(bytes.uleb()), bytes.uleb();
            break;
        case 0x16:
            forget(bytes.uleb()), bytes.block();
            break;
        case 0x2E:
            bytes.uleb();
            break; // size of the arguments: for exceptions alone
        default:
            m_state.foreign = true, bytes = Bytes();
            break;
        }
    }

    const Fde& m_fde;
    std::uintptr_t m_address;
    std::uintptr_t m_location = 0;
    State m_state;
    State m_initial;
    std::array<State, kMostRemembered> m_remembered;
    std::size_t m_depth = 0;
};

template <class T>
bool fits(std::int64_t value) {
    return value >= std::numeric_limits<T>::min() && value <= std::numeric_limits<T>::max();
}

bool representable(const State& state) {
    return !state.foreign && state.cfaBase != Base::None && fits<std::int32_t>(state.cfaOffset) &&
           state.bases[ReturnAddress] != Base::None &&
           std::all_of(state.offsets.begin(), state.offsets.end(), fits<std::int16_t>);
}

/// Whether the walk's short way will do: what lies in memory lies just below the CFA.
bool isPlain(const State& state, bool signalFrame) {
    const bool fromCfa = std::all_of(state.bases.begin(), state.bases.end(), [](Base base) {
        return base == Base::None || base == Base::Cfa;
    });
    return fromCfa && !signalFrame && !state.dereferenced && state.offsets[ReturnAddress] == -8;
}

} // namespace

Rule makeRule(std::uintptr_t address, const std::optional<Object>& object) {
    Rule rule;
    rule.address = address;
    rule.object = object ? object->begin : 0;
    const std::optional<Fde> fde = object ? findFde(*object, address) : std::nullopt;
    if (!fde) {
        return rule;
    }
    const State state = Interpreter(*fde, address).state();
    if (state.ends && !state.foreign) {
        rule.kind = Rule::Kind::End;
    } else if (representable(state)) {
        rule.kind = isPlain(state, fde->signalFrame) ? Rule::Kind::Plain : Rule::Kind::General;
        rule.cfaOffset = static_cast<std::int32_t>(state.cfaOffset);
        rule.cfaBase = state.cfaBase;
        rule.dereferenced = state.dereferenced;
        rule.signalFrame = fde->signalFrame;
        rule.bases = state.bases;
        std::transform(state.offsets.begin(), state.offsets.end(), rule.offsets.begin(),
                       [](std::int64_t offset) { return static_cast<std::int16_t>(offset); });
    }
    return rule;
}

} // namespace repro::stack
