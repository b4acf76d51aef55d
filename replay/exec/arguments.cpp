// SPDX-License-Identifier: BSD-3-Clause
#include "replay/exec/arguments.h"

#include "trace/arguments.h"
#include "trace/error.h"

#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>

#include <cstring>
#include <string>

namespace repro::replay::exec {
namespace {

using trace::ArgumentTag;

/// Reads the tagged items of trace/arguments.h in order.
class Decoder {
public:
    Decoder(const Job& job, const std::vector<at::Tensor>& operands, const at::Generator& own)
        : m_job(job), m_operands(operands), m_own(own) {}

    c10::IValue argument(const c10::Argument& declared, std::uint16_t index) {
        m_declared = &declared;
        m_index = index;
        return value(declared.type(), 0);
    }

private:
    c10::IValue value(const c10::TypePtr& declared, std::uint32_t item) {
        const auto optional = declared->cast<c10::OptionalType>();
        const c10::TypePtr type = optional ? optional->getElementType() : declared;
        switch (const auto tag = static_cast<ArgumentTag>(take<std::uint8_t>())) {
        case ArgumentTag::None:
            return !optional && type->kind() == c10::TypeKind::TensorType ? at::Tensor()
                                                                          : c10::IValue();
        case ArgumentTag::Tensor:
            return operand(item);
        case ArgumentTag::Int:
            return take<std::int64_t>();
        case ArgumentTag::Double:
            return take<double>();
        case ArgumentTag::Complex: {
            const auto real = take<double>();
            return c10::complex<double>(real, take<double>());
        }
        case ArgumentTag::Bool:
            return take<std::uint8_t>() != 0;
        case ArgumentTag::String:
            return text();
        case ArgumentTag::Device: {
            const auto kind = static_cast<c10::DeviceType>(take<std::uint8_t>());
            return c10::Device(kind, static_cast<c10::DeviceIndex>(take<std::int8_t>()));
        }
        case ArgumentTag::Generator:
            return m_own;
        case ArgumentTag::Other:
            refuse("is a " + text());
        case ArgumentTag::Cut:
            refuse("was too long to be kept whole");
        default:
            return list(tag, type);
        }
    }

    c10::IValue list(ArgumentTag tag, const c10::TypePtr& type) {
        const auto declared = type->cast<c10::ListType>();
        if (!declared) {
            refuse("is a list where none is due");
        }
        c10::impl::GenericList items(declared->getElementType());
        const auto count = take<std::uint32_t>();
        for (std::uint32_t i = 0; i < count; ++i) {
            items.push_back(listItem(tag, declared->getElementType(), i));
        }
        return items;
    }

    c10::IValue listItem(ArgumentTag tag, const c10::TypePtr& type, std::uint32_t item) {
        switch (tag) {
        case ArgumentTag::IntList:
            return take<std::int64_t>();
        case ArgumentTag::DoubleList:
            return take<double>();
        case ArgumentTag::BoolList:
            return take<std::uint8_t>() != 0;
        case ArgumentTag::TensorList:
            return take<std::uint8_t>() != 0 ? operand(item) : at::Tensor();
        case ArgumentTag::List:
            return value(type, item);
        default:
            refuse("was recorded in a form that is not known");
        }
    }

    at::Tensor operand(std::uint32_t item) {
        for (std::size_t i = 0; i < m_operands.size(); ++i) {
            if (m_job.operands[i].argument == m_index && m_job.operands[i].item == item) {
                return m_operands[i];
            }
        }
        refuse("is a tensor that was not recorded");
    }

    template <class T>
    T take() {
        T taken{};
        std::memcpy(&taken, skip(sizeof taken), sizeof taken);
        return taken;
    }

    std::string text() {
        const auto length = take<std::uint32_t>();
        return {reinterpret_cast<const char*>(skip(length)), length};
    }

    const std::byte* skip(std::size_t bytes) {
        if (bytes > m_job.arguments.size() - m_at) {
            refuse("is missing");
        }
        m_at += bytes;
        return m_job.arguments.data() + m_at - bytes;
    }

    [[noreturn]] void refuse(const std::string& why) const {
        throw Error(ErrorKind::Torch, "argument " + m_declared->name() + " " + why);
    }

    const Job& m_job;
    const std::vector<at::Tensor>& m_operands;
    const at::Generator& m_own;
    const c10::Argument* m_declared = nullptr;
    std::uint16_t m_index = 0;
    std::size_t m_at = 0;
};

} // namespace

torch::jit::Stack makeStack(const c10::FunctionSchema& schema, const Job& job,
                            const std::vector<at::Tensor>& operands, const at::Generator& own) {
    Decoder decoder(job, operands, own);
    torch::jit::Stack stack;
    for (std::size_t i = 0; i < schema.arguments().size(); ++i) {
        stack.push_back(decoder.argument(schema.arguments()[i], static_cast<std::uint16_t>(i)));
    }
    return stack;
}

} // namespace repro::replay::exec
