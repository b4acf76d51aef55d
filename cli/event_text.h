// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/model.h"
#include "trace/reader.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

/// How the verbs write rows of a trace.
namespace repro::cli {

/// "aten::add.Tensor"; empty for kNone32.
std::string opText(const trace::Reader& reader, trace::OpId op);
/// What happened: the op, or the kind where no op has a name ("layer", "optimizer step").
std::string eventName(const trace::Reader& reader, const trace::Event& event);
/// Path of a layer; empty for kNone32.
std::string_view layerPath(const trace::Reader& reader, trace::LayerId layer);
std::string_view threadName(const trace::Reader& reader, trace::ThreadId thread);
/// "[2, 3]"; "[]" is a tensor without dimensions.
std::string listText(const trace::Reader& reader, trace::ListId list);
/// "[2, 3] [3] -> [2, 3]": sizes of what an event read and wrote.
std::string shapesText(const trace::Reader& reader, const trace::Event& event);
/// "cpu", "cuda:1".
std::string deviceText(const trace::Value& value);
/// 32 hexadecimal digits, most significant first.
std::string fingerprintText(const trace::Fingerprint& fingerprint);

/// One line; what is not UTF-8 in the recorded program's texts is replaced.
std::string jsonLine(const nlohmann::ordered_json& json);
/// An interned text as JSON: null for kNone32.
nlohmann::json textJson(const trace::Reader& reader, trace::TextId text);
/// A text as JSON: null when it is empty.
nlohmann::json textOrNull(std::string_view text);
nlohmann::json listJson(const trace::Reader& reader, trace::ListId list);
/// An id as JSON: null for none.
nlohmann::json idJson(std::uint64_t id);

} // namespace repro::cli
