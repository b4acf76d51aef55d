// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/arguments.h"

#include "recorder/host/torch_version.h"
#include "trace/arguments.h"
#include "trace/xxh3.h"

#include <ATen/core/Tensor.h>

namespace repro::host {
namespace {

using trace::ArgumentEncoder;
using trace::ArgumentTag;

void encode(const c10::IValue& value, ArgumentEncoder& out);

void encodeTensors(const c10::IValue& value, ArgumentEncoder& out) {
    const auto list = value.toTensorList();
    out.tag(ArgumentTag::TensorList);
    out.count(list.size());
    for (std::size_t i = 0; i < list.size(); ++i) {
        out.put(static_cast<std::uint8_t>(
            static_cast<const at::Tensor&>(list.get(i)).defined() ? 1 : 0));
    }
}

template <class List>
void encodeNumbers(ArgumentTag tag, const List& list, ArgumentEncoder& out) {
    out.tag(tag);
    out.count(list.size());
    for (const auto& item : list) {
        out.put(item);
    }
}

void encodeInts(c10::ArrayRef<c10::IValue> items, ArgumentEncoder& out) {
    out.tag(ArgumentTag::IntList);
    out.count(items.size());
    for (const c10::IValue& item : items) {
        out.put(item.toInt());
    }
}

void encodeList(const c10::IValue& value, ArgumentEncoder& out) {
    const auto items = value.toListRef();
    out.tag(ArgumentTag::List);
    out.count(items.size());
    for (const c10::IValue& item : items) {
        encode(item, out);
    }
}

void encodeScalar(const c10::IValue& value, ArgumentEncoder& out) {
    if (value.isInt()) {
        out.integer(value.toInt());
    } else if (value.isDouble()) {
        out.real(value.toDouble());
    } else if (value.isBool()) {
        out.boolean(value.toBool());
    } else if (value.isComplexDouble()) {
        const auto z = value.toComplexDouble();
        out.complex(z.real(), z.imag());
    } else if (value.isString()) {
        out.string(value.toStringRef());
    } else if (value.isDevice()) {
        const auto device = value.toDevice();
        out.device(static_cast<std::uint8_t>(device.type()),
                   static_cast<std::int8_t>(device.index()));
    } else {
        out.string(value.tagKind(), ArgumentTag::Other);
    }
}

void encode(const c10::IValue& value, ArgumentEncoder& out) {
    if (value.isNone()) {
        out.tag(ArgumentTag::None);
    } else if (value.isTensor()) {
        out.tag(value.toTensor().defined() ? ArgumentTag::Tensor : ArgumentTag::None);
    } else if (value.isTensorList()) {
        encodeTensors(value, out);
    } else if (value.isIntList()) {
        encodeInts(value.toListRef(), out);
    } else if (value.isDoubleList()) {
        encodeNumbers(ArgumentTag::DoubleList, value.toDoubleVector(), out);
    } else if (value.isGenerator()) {
        out.tag(ArgumentTag::Generator);
    } else if (value.isList()) {
        encodeList(value, out);
    } else {
        encodeScalar(value, out);
    }
}

} // namespace

bool encodeArguments(c10::ArrayRef<const c10::IValue> values, std::vector<std::byte>& out) {
    out.clear();
    ArgumentEncoder encoder(out);
    std::size_t whole = 0; // bytes of the items before the current one
    std::size_t cutAt = 0;
    bool cut = false;
    for (const c10::IValue& value : values) {
        whole = out.size();
        encode(value, encoder);
        if (!cut && out.size() > kMostArgumentBytes) {
            cut = true;
            cutAt = whole;
        }
    }
    if (cut) {
        const trace::Fingerprint rest = trace::xxh3(out.data() + cutAt, out.size() - cutAt);
        out.resize(cutAt);
        encoder.tag(ArgumentTag::Cut);
        encoder.put(rest.low);
        encoder.put(rest.high);
    }
    return cut;
}

} // namespace repro::host
