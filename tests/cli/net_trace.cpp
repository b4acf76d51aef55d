// SPDX-License-Identifier: BSD-3-Clause
#include "net_trace.h"

#include "trace/arguments.h"
#include "trace/fingerprint.h"
#include "trace/writer.h"

#include <array>
#include <vector>

namespace repro::cli::test {

namespace {

using trace::Direction;
using trace::kNone32;

/// Writes the rows of the network, step by step.
class NetWriter {
public:
    NetWriter(const std::filesystem::path& path, const NetOptions& options)
        : m_writer(path), m_options(options) {
        m_writer.environment(options.environment);
        m_addmm = op("addmm", "(Tensor self, Tensor mat1, *, Scalar beta=1) -> Tensor");
        m_mul = op("mul", "(Tensor self, Tensor other) -> Tensor");
        m_relu = op("relu", "(Tensor self) -> Tensor");
        m_net = m_writer.add(trace::Layer{text(root()), text(root() + "Impl"), kNone32});
        m_fc = m_writer.add(trace::Layer{text(root() + ".fc"), text("LinearImpl"), m_net});
        m_writer.add(trace::Thread{text("main"), text("main"), kNone32, 1});
        m_writer.add(trace::Context{4, trace::context_flag::GradMode});
        m_writer.add(trace::Site{text("train"), 16, text("step()"), text("train.cpp"), 42});
        m_writer.add(trace::Generator{0, -1, true, 7, text("default cpu")});
    }

    void step(std::uint32_t step) {
        m_step = step;
        const bool last = step + 1 == m_options.steps;
        const float input = static_cast<float>(step) + 1;
        const auto in = value(1, input);
        const auto out = value(2, 2 * input + (last ? m_options.outputOffset : 0));
        const auto rectified = value(3, 2 * input + (last ? m_options.outputOffset : 0));
        if (step != 0) {
            m_starts.push_back(m_events);
        }
        const auto call = begin(trace::EventKind::Layer, kNone32, m_fc, trace::kNone64);
        const auto addmm = begin(trace::EventKind::Op, m_addmm, m_fc, call);
        const auto mul = begin(trace::EventKind::Op, m_mul, m_fc, addmm);
        end(mul, {}, {{mul, in, 0, 0, Direction::In, trace::use_flag::Assumed, kNone32}});
        end(addmm, kTop,
            {{addmm, in, 0, 0, Direction::In, trace::use_flag::Verified, text("Net.fc.weight")},
             {addmm, out, 0, 0, Direction::Out, trace::use_flag::Verified, kNone32}});
        m_writer.add(trace::Draw{addmm, 0, {1, 2}, {3, 4}});
        end(call, 0, {});
        const auto relu = begin(trace::EventKind::Op, m_relu, m_net, trace::kNone64);
        end(relu, kTop,
            {{relu, out, 0, 0, Direction::In, trace::use_flag::Verified, kNone32},
             {relu, rectified, 0, 0, Direction::Out, trace::use_flag::Verified, kNone32}});
        m_writer.add(trace::Statistics{out, 2, 4, 3, 5, 0, 0, 1, 0});
    }

    void finish() {
        trace::Header header;
        header.toolVersion = "0.1.0";
        header.runId = "2f1c1f0e-9d3a-4b7a-8a0e-0123456789ab";
        header.torchVersion = "2.13.0";
        header.program = "./train --epochs 2";
        header.startedNs = 1'700'000'000'000'000'000;
        header.endedNs = 1'700'000'002'000'000'000;
        header.complete = m_options.complete;
        header.ending = m_options.ending;
        header.capture = m_options.bytes ? "full" : "fingerprints";
        header.verifyInputs = "top";
        header.environment = m_options.environment;
        m_writer.finish(header, m_starts);
    }

private:
    static constexpr std::uint32_t kTop =
        trace::event_flag::Outermost | trace::event_flag::Verified | trace::event_flag::Drew;

    [[nodiscard]] std::string root() const { return m_options.otherProgram ? "Other" : "Net"; }
    trace::TextId text(const std::string& words) { return m_writer.text(words); }

    trace::OpId op(const std::string& name, const std::string& arguments) {
        const std::string full = (m_options.otherProgram ? "own::" : "aten::") + name;
        return m_writer.add(trace::Op{text(full), text(""), text(full + arguments),
                                      trace::op_flag::Aten | trace::op_flag::Schema});
    }

    trace::ValueId value(std::uint64_t storage, float first) {
        const std::array<float, 6> contents = {first, 0, 1, 2, 3, 4};
        const auto bytes = std::as_bytes(std::span(contents));
        const std::int64_t columns = m_options.otherProgram ? 2 : 3;
        const std::array<std::int64_t, 2> sizes = {6 / columns, columns};
        const std::array<std::int64_t, 2> strides = {columns, 1};
        trace::Value row;
        row.fingerprint = trace::fingerprintOfContents(bytes);
        row.dtype = trace::DType::Float32;
        row.sizes = m_writer.list(sizes);
        row.strides = m_writer.list(strides);
        row.elements = contents.size();
        row.storage = storage;
        row.spanEnd = bytes.size();
        if (m_options.bytes) {
            row.payload = m_writer.payload(row.dtype, bytes);
        }
        return m_writer.add(row, {});
    }

    trace::EventId begin(trace::EventKind kind, trace::OpId op, trace::LayerId layer,
                         trace::EventId parent) {
        std::vector<std::byte> bytes;
        trace::ArgumentEncoder encoder(bytes);
        encoder.tag(trace::ArgumentTag::Tensor);
        encoder.tag(trace::ArgumentTag::Tensor);
        encoder.real(0.5);
        trace::Event event;
        event.begin = ++m_ordinal;
        event.kind = kind;
        event.phase = trace::Phase::Forward;
        event.op = op;
        event.layer = layer;
        event.parent = parent;
        event.step = m_step;
        event.thread = 0;
        event.context = 0;
        event.site = 0;
        event.arguments = op == m_addmm ? m_writer.arguments(bytes) : kNone32;
        m_layers.push_back(layer);
        ++m_events;
        return m_writer.begin(event);
    }

    void end(trace::EventId event, std::uint32_t flags, const std::vector<trace::Use>& uses) {
        trace::EventEnd row;
        row.end = ++m_ordinal;
        row.flags = flags;
        row.phase = trace::Phase::Forward;
        row.layer = m_layers[event];
        row.useCount = static_cast<std::uint32_t>(uses.size());
        row.firstUse = uses.empty() ? 0 : m_writer.add(uses);
        m_writer.end(event, row);
    }

    trace::Writer m_writer;
    NetOptions m_options;
    trace::OpId m_addmm = 0, m_mul = 0, m_relu = 0;
    trace::LayerId m_net = 0, m_fc = 0;
    std::uint32_t m_step = 0;
    std::uint64_t m_ordinal = 0;
    std::uint64_t m_events = 0;
    std::vector<trace::LayerId> m_layers;
    std::vector<trace::EventId> m_starts;
};

} // namespace

void writeNet(const std::filesystem::path& path, const NetOptions& options) {
    NetWriter writer(path, options);
    for (std::uint32_t step = 0; step < options.steps; ++step) {
        writer.step(step);
    }
    writer.finish();
}

} // namespace repro::cli::test
