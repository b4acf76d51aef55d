// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/op_table.h"

#include "recorder/host/capture.h"
#include "recorder/host/rules.h"
#include "trace/xxh3.h"

#include <ATen/core/dispatch/Dispatcher.h>

#include <algorithm>
#include <iterator>
#include <mutex>
#include <sstream>
#include <unordered_map>

namespace repro::host {
namespace {

struct Table {
    std::mutex mutex;
    std::unordered_map<std::string, OpInfo*> byName; ///< "aten::add.Tensor", "scope: name"
};

Table& table() {
    static auto* made = new Table();
    return *made;
}

bool isDrawing(const c10::OperatorName& name, const c10::FunctionSchema& schema, bool aten) {
    if (!aten) {
        return true; // nothing is known of it
    }
    for (const c10::Argument& argument : schema.arguments()) {
        if (argument.type()->str().find("Generator") != std::string::npos) {
            return true;
        }
    }
    const auto handle = c10::Dispatcher::singleton().findSchema(name);
    return handle.has_value() && handle->hasTag(at::Tag::nondeterministic_seeded);
}

/// embedding_dense_backward calls zeros and then adds to what that made, as many kernels do.
bool hasKernel(const c10::OperatorName& name) {
    using c10::DispatchKey;
    const auto handle = c10::Dispatcher::singleton().findSchema(name);
    constexpr DispatchKey kBackends[] = {DispatchKey::CPU, DispatchKey::CUDA,
                                         DispatchKey::PrivateUse1};
    return handle && std::any_of(std::begin(kBackends), std::end(kBackends), [&](DispatchKey key) {
               return handle->hasKernelForDispatchKey(key);
           });
}

/// CompositeImplicitAutograd kernels serve every backend and autograd at once, so they may reach
/// contents through other ops only. A kernel for a backend takes precedence over one.
bool isComposite(const c10::OperatorName& name) {
    using c10::DispatchKey;
    const auto handle = c10::Dispatcher::singleton().findSchema(name);
    if (!handle || !handle->hasKernelForDispatchKey(DispatchKey::CompositeImplicitAutograd)) {
        return false;
    }
    constexpr DispatchKey kOwn[] = {DispatchKey::Autograd, DispatchKey::AutogradCPU,
                                    DispatchKey::AutogradCUDA};
    return !hasKernel(name) && std::none_of(std::begin(kOwn), std::end(kOwn), [&](DispatchKey key) {
        return handle->hasKernelForDispatchKey(key);
    });
}

bool returnsWork(const c10::FunctionSchema& schema) {
    return std::any_of(schema.returns().begin(), schema.returns().end(),
                       [](const c10::Argument& returned) {
                           return returned.type()->str().find("c10d.Work") != std::string::npos;
                       });
}

/// Fills in what the schema tells. Views: a returned tensor aliases an argument that is not
/// written.
void describe(OpInfo& op, const c10::OperatorName& name, const c10::FunctionSchema& schema) {
    op.name = name.name;
    op.flags = trace::op_flag::Schema;
    setFlag(op.flags, trace::op_flag::Aten, op.name.rfind("aten::", 0) == 0);
    setFlag(op.flags, trace::op_flag::Draws, isDrawing(name, schema, op.aten()));
    op.composite = op.aten() && isComposite(name);
    op.kernel = !op.aten() || hasKernel(name);
    op.returns = schema.returns().size();
    op.allocates = allocatesOnly(op.name);
    op.asksIdly = asksWithoutConsequence(op.name);
    op.replaces = op.name == "aten::set_" || op.name == "aten::set_data";
    op.handsOver = op.name == "aten::_has_compatible_shallow_copy_type"; // Tensor::set_data
    op.normalises = op.name == "aten::batch_norm" || op.name == "aten::instance_norm";
    op.captured = capturesOp(op.name);
    const bool work = returnsWork(schema);
    op.asynchronous = work || isAsynchronous(op.name);
    const bool overwritten = overwrites(op.name);
    for (std::size_t i = 0; i < schema.arguments().size(); ++i) {
        const c10::Argument& argument = schema.arguments()[i];
        OpInfo::Argument info;
        info.unannotated = writesUnannotated(op.name, i) || (work && i == 0 && !sendsOnly(op.name));
        info.workspace = takesWorkspace(op.name, i);
        info.written = (argument.alias_info() != nullptr && argument.alias_info()->isWrite()) ||
                       info.unannotated;
        info.meaningless = info.written ? overwritten || (argument.is_out() && !info.unannotated)
                                        : readsNoBytes(op.name, i);
        op.writes = op.writes || info.written;
        op.arguments.push_back(info);
    }
    for (const c10::Argument& returned : schema.returns()) {
        if (returned.alias_info() != nullptr && !returned.alias_info()->isWrite() && !op.writes) {
            op.flags |= trace::op_flag::View;
        }
    }
}

void send(ThreadState& state, const OpInfo& op, const std::string& overload,
          const std::string& schema) {
    wire::OpRecord record;
    record.id = op.id;
    record.flags = op.flags;
    record.nameLength = static_cast<std::uint32_t>(op.name.size());
    record.overloadLength = static_cast<std::uint32_t>(overload.size());
    record.schemaLength = static_cast<std::uint32_t>(schema.size());
    sendDefinition(state, wire::RecordKind::Op, record, op.name, overload, schema);
}

/// Under the lock until the definition is sent: whoever finds the op finds it defined in the
/// stream.
const OpInfo& intern(ThreadState& state, const std::string& key, const at::RecordFunction& fn,
                     bool hasSchema) {
    Table& ops = table();
    const std::lock_guard lock(ops.mutex);
    OpInfo*& entry = ops.byName[key];
    if (entry == nullptr) {
        auto* op = new OpInfo();
        op->id = static_cast<std::uint32_t>(ops.byName.size() - 1);
        std::ostringstream text;
        std::string overload;
        if (hasSchema) {
            const auto schema = fn.operator_schema();
            describe(*op, schema->operator_name(), *schema);
            overload = schema->overload_name();
            text << *schema;
        } else {
            op->name = fn.name();
            // torch::autograd::Function, what runs the hooks of a leaf, and
            // torch.autograd.Function: LibTorch's own end in a number.
            op->callsProgram = op->name.find("CppNode<") != std::string::npos ||
                               op->name.find("AccumulateGrad") != std::string::npos ||
                               op->name.ends_with("Backward");
        }
        send(state, *op, overload, text.str());
        entry = op;
    }
    return *entry;
}

} // namespace

const OpInfo& opOf(ThreadState& state, const at::RecordFunction& fn) {
    // The name of an op is a member of its schema, which lives as long as the op is registered, so
    // that its address names the op: no string that is alive besides it can have the same one.
    const char* name = fn.name();
    const auto hit = state.ops.find(name);
    if (hit != state.ops.end() && hit->second->name == name) {
        return *hit->second;
    }
    if (const auto full = fn.operator_name(); full.has_value()) {
        const OpInfo& op = intern(state, full->name + "." + full->overload_name, fn, true);
        state.ops[name] = &op;
        return op;
    }
    // Their names are made for the occasion.
    const std::string_view text(name);
    const OpInfo*& known = state.textOps[trace::xxh3(text.data(), text.size()).low ^
                                         static_cast<std::uint64_t>(fn.scope())];
    if (known == nullptr || known->name != text) {
        known =
            &intern(state, std::to_string(static_cast<int>(fn.scope())) + ": " + name, fn, false);
    }
    return *known;
}

} // namespace repro::host
