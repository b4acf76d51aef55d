// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/tensors.h"

#include "recorder/host/capture.h"
#include "recorder/host/contents.h"
#include "recorder/host/dtype.h"
#include "recorder/host/statistics.h"
#include "recorder/host/torch_version.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <bit>
#include <optional>
#include <sched.h>

namespace repro::host {
namespace {

namespace value_flag = trace::value_flag;
namespace use_flag = trace::use_flag;

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
    hash = (hash ^ value) * 0x9E3779B97F4A7C15ULL;
    return hash ^ (hash >> 29U);
}

ViewKey keyOf(const at::Tensor& tensor) {
    at::TensorImpl* impl = tensor.unsafeGetTensorImpl();
    const c10::IntArrayRef sizes = impl->sizes();
    const std::int64_t* strides = impl->strides().data();
    std::uint64_t layout = mix(static_cast<std::uint64_t>(tensor.scalar_type()),
                               static_cast<std::uint64_t>(impl->storage_offset()));
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        layout = mix(mix(layout, static_cast<std::uint64_t>(sizes.data()[i])),
                     static_cast<std::uint64_t>(strides[i]));
    }
    // Inference tensors have no version counter.
    return {layout, impl->is_inference() ? 0U : impl->version_counter().current_version()};
}

std::uint16_t flagsOf(const at::Tensor& tensor) {
    if (!tensor.defined()) {
        return value_flag::Undefined | value_flag::NoBytes;
    }
    std::uint16_t flags = 0;
    setFlag(flags, value_flag::Conj, tensor.is_conj());
    setFlag(flags, value_flag::Neg, tensor.is_neg());
    setFlag(flags, value_flag::RequiresGrad, tensor.requires_grad());
    setFlag(flags, value_flag::Inference, tensor.is_inference());
    setFlag(flags, value_flag::Sparse, tensor.layout() != at::kStrided);
    setFlag(flags, value_flag::Quantised, tensor.is_quantized());
    setFlag(flags, value_flag::WrappedNumber, tensor.unsafeGetTensorImpl()->is_wrapped_number());
    return flags;
}

/// Strided, with a storage whose bytes cover it. Fills in which of them.
bool hasReadableStorage(const at::Tensor& tensor, Interval* span) {
    if (!tensor.defined() || tensor.layout() != at::kStrided || !tensor.has_storage() ||
        tensor.is_meta()) {
        return false;
    }
    *span = spanOf(tensor);
    const c10::StorageImpl* storage =
        tensor.unsafeGetTensorImpl()->unsafe_storage().unsafeGetStorageImpl();
    // Else its bytes arrive later, or it was resized below its views.
    return span->end == 0 || (span->end <= storage->nbytes() && storage->data() != nullptr);
}

const std::byte* dataOf(const at::Tensor& tensor) {
    const at::TensorImpl* impl = tensor.unsafeGetTensorImpl();
    const auto* base = static_cast<const std::byte*>(impl->storage().data());
    return base + static_cast<std::size_t>(impl->storage_offset()) * impl->dtype().itemsize();
}

/// Kernels choose their way by it: vectors, or element by element.
std::uint16_t alignmentFlag(const at::Tensor& tensor) {
    if (!tensor.device().is_cpu() || tensor.unsafeGetTensorImpl()->numel() == 0) {
        return 0;
    }
    const int zeros = std::countr_zero(reinterpret_cast<std::uintptr_t>(dataOf(tensor)));
    return static_cast<std::uint16_t>((std::min(zeros, 6) + 1) << value_flag::AlignmentShift);
}

/// Contents in host memory: the tensor's own, or a copy made for the purpose.
class HostContents {
public:
    explicit HostContents(const at::Tensor& tensor) : m_tensor(tensor) {
        if (!tensor.device().is_cpu()) {
            // Waits for the device. Below autograd, and unseen by us: this thread is busy.
            const at::NoGradGuard noGrad;
            m_tensor = tensor.detach().cpu();
        }
    }
    [[nodiscard]] Strided view() const {
        const at::TensorImpl* impl = m_tensor.unsafeGetTensorImpl();
        return {dataOf(m_tensor),
                static_cast<std::uint32_t>(impl->dtype().itemsize()),
                {impl->sizes().data(), impl->sizes().size()},
                {impl->strides().data(), impl->strides().size()}};
    }

private:
    at::Tensor m_tensor;
};

/// A first description: all but the contents.
wire::UseRecord describe(const at::Tensor& tensor, const Slot& slot) {
    wire::UseRecord use;
    use.name = slot.name;
    use.item = slot.item;
    use.slot = slot.slot;
    use.direction = static_cast<std::uint8_t>(slot.direction);
    use.useFlags = slot.flags;
    use.valueFlags = flagsOf(tensor);
    use.storage = trace::kNone64;
    if (!tensor.defined()) {
        return use;
    }
    use.dtype = static_cast<std::uint8_t>(toDType(tensor.scalar_type()));
    use.deviceType = static_cast<std::uint8_t>(tensor.device().type());
    use.deviceIndex = static_cast<std::int8_t>(tensor.device().index());
    use.elements = static_cast<std::uint64_t>(tensor.unsafeGetTensorImpl()->numel());
    return use;
}

struct Read {
    trace::Fingerprint fingerprint;
    std::optional<wire::WireStatistics> statistics;
    bool captured = false;
    bool repeated = false;
};

/// Cores that this thread may run on, less those for LibTorch's pool and for other threads that
/// dispatch ops.
int spareCores() {
    cpu_set_t cores;
    if (sched_getaffinity(0, sizeof cores, &cores) != 0) {
        return 0;
    }
    return CPU_COUNT(&cores) - at::get_num_threads() - (dispatchingThreads() - 1);
}

/// Without `known`, the contents are hashed.
Read readTensor(ThreadState& state, const at::Tensor& tensor,
                std::optional<trace::Fingerprint> known, CaptureRequest request) {
    const HostContents contents(tensor);
    const Strided view = contents.view();
    const Layout layout(view);
    Read read;
    read.repeated = layout.repeated();
    state.leaves.clear();
    const trace::DType dtype = toDType(tensor.scalar_type());
    const Adder add = request.statistics ? adderFor(dtype) : nullptr;
    const int helpers = layout.bytes() > trace::kLeafThreshold ? spareCores() : 0;
    const Reading reading =
        readContents(layout, view.itemBytes, !known.has_value(), add, helpers, state.leaves);
    read.fingerprint = known.value_or(reading.fingerprint);
    if (add != nullptr) {
        read.statistics = statisticsOf(reading.totals);
    }
    if (request.bytes && wantsBytes(layout.bytes())) {
        sendPayload(state, layout, view.itemBytes, dtype, read.fingerprint);
        read.captured = true;
    }
    return read;
}

/// Of contents that changed past the ops: whether the runs differ by rounding or by the data that
/// came in tells what wrote them.
std::optional<wire::WireStatistics>
statisticsOfChanged(ThreadState& state, const at::Tensor& tensor, const trace::Fingerprint& known) {
    const std::vector<trace::Fingerprint> leaves = std::move(state.leaves);
    const Read read = readTensor(state, tensor, known, {.bytes = false, .statistics = true});
    state.leaves = leaves;
    return read.statistics;
}

/// What is known of a tensor's contents from earlier uses.
struct Recalled {
    StorageState* storage = nullptr;
    ViewKey key;
    std::optional<trace::Fingerprint> known;
    std::optional<trace::Fingerprint> expected; ///< if nobody wrote past the ops
    bool readable = false;                      ///< the kind of hashing allows to read it now
};

/// Completes the use by what the state of its storage tells.
Recalled recall(const at::Tensor& tensor, const Slot& slot, Hashing hashing, wire::UseRecord& use) {
    const bool fresh = hashing == Hashing::Fresh;
    Recalled recalled;
    recalled.key = keyOf(tensor);
    bool unwritten = false;
    Storages::with(tensor.unsafeGetTensorImpl()->unsafe_storage(), [&](StorageState& storage) {
        recalled.storage = &storage;
        use.storage = storage.id();
        use.name = use.name == trace::kNone32 ? storage.name : use.name;
        unwritten = storage.hasUnwritten({use.spanBegin, use.spanEnd});
        if (const auto* cached = storage.cached(recalled.key, fresh ? 0 : slot.since)) {
            (fresh ? recalled.expected : recalled.known) = *cached;
        }
        recalled.readable = fresh || hashing == Hashing::CachedOrFresh ||
                            (hashing == Hashing::CachedOrNew && !storage.wasRead());
    });
    setFlag(use.useFlags, use_flag::Unwritten, unwritten);
    if (unwritten && !fresh) {
        // What chance left there says nothing until an op really reads it.
        recalled.known.reset();
        recalled.readable = false;
    }
    return recalled;
}

/// Reads the contents, for what is asked of them and to know them.
std::optional<wire::WireStatistics> observe(ThreadState& state, const at::Tensor& tensor,
                                            const Slot& slot, CaptureRequest request,
                                            Recalled& recalled, wire::UseRecord& use) {
    const bool trusted = recalled.known && !request.bytes;
    Read found = readTensor(state, tensor, trusted ? recalled.known : std::nullopt, request);
    recalled.known = found.fingerprint;
    if (recalled.expected && *recalled.expected != found.fingerprint && !found.statistics &&
        slot.direction != trace::Direction::Out) {
        found.statistics = statisticsOfChanged(state, tensor, found.fingerprint);
    }
    use.wantsBytes = found.captured ? 1 : 0;
    setFlag(use.valueFlags, value_flag::Overlapping, found.repeated);
    use.useFlags |= trusted && slot.since == 0 ? use_flag::Assumed : use_flag::Verified;
    Storages::again(tensor.unsafeGetTensorImpl()->unsafe_storage(), [&] {
        recalled.storage->cache(recalled.key, found.fingerprint, wire::Session::ordinal());
    });
    return found.statistics;
}

void appendDescribed(ThreadState& state, const at::Tensor& tensor, wire::UseRecord& use,
                     const std::optional<wire::WireStatistics>& statistics) {
    const bool shaped = tensor.defined() && tensor.layout() == at::kStrided;
    use.rank = shaped ? static_cast<std::uint32_t>(tensor.unsafeGetTensorImpl()->dim()) : 0;
    use.leafCount = static_cast<std::uint32_t>(state.leaves.size());
    use.hasStatistics = statistics.has_value() ? 1 : 0;
    RecordBuffer& out = state.record;
    out.append(use);
    if (shaped) {
        const at::TensorImpl* impl = tensor.unsafeGetTensorImpl();
        out.appendWords(impl->sizes().data(), use.rank);
        out.appendWords(impl->strides().data(), use.rank);
    }
    out.appendBytes(state.leaves.data(), state.leaves.size() * sizeof(trace::Fingerprint));
    if (statistics.has_value()) {
        out.append(*statistics);
    }
}

} // namespace

Interval spanOf(const at::Tensor& tensor) {
    const at::TensorImpl* impl = tensor.unsafeGetTensorImpl();
    if (impl->numel() == 0) {
        return {};
    }
    const c10::IntArrayRef sizes = impl->sizes();
    const std::int64_t* strides = impl->strides().data();
    std::int64_t last = 0;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        last += (sizes.data()[i] - 1) * strides[i];
    }
    const std::uint64_t item = impl->dtype().itemsize();
    const auto begin = static_cast<std::uint64_t>(impl->storage_offset()) * item;
    return {begin, begin + (static_cast<std::uint64_t>(last) + 1) * item};
}

void appendUse(ThreadState& state, const at::Tensor& tensor, const Slot& slot, Hashing hashing,
               CaptureRequest request) {
    wire::UseRecord use = describe(tensor, slot);
    std::optional<wire::WireStatistics> statistics;
    state.leaves.clear();
    Interval span;
    if (!hasReadableStorage(tensor, &span)) {
        use.valueFlags |= value_flag::NoBytes;
    } else {
        use.valueFlags |= alignmentFlag(tensor);
        use.spanBegin = span.begin;
        use.spanEnd = span.end;
        Recalled recalled = recall(tensor, slot, hashing, use);
        if (recalled.readable && (!recalled.known || request.bytes || request.statistics)) {
            statistics = observe(state, tensor, slot, request, recalled, use);
        } else if (recalled.known) {
            use.useFlags |= slot.since == 0 ? use_flag::Assumed : use_flag::Verified;
        } else {
            use.valueFlags |= value_flag::NoBytes;
            use.useFlags |= use_flag::Assumed;
        }
        if (recalled.known) {
            use.low = recalled.known->low;
            use.high = recalled.known->high;
        }
    }
    appendDescribed(state, tensor, use, statistics);
}

void noteWritten(const at::Tensor& tensor) {
    if (!tensor.defined() || !tensor.has_storage()) {
        return;
    }
    const at::TensorImpl* impl = tensor.unsafeGetTensorImpl();
    const Interval span = spanOf(tensor);
    Storages::with(impl->unsafe_storage(), [&](StorageState& state) {
        // Rows of a strided view one by one: the gaps between them stay unwritten.
        constexpr std::int64_t kMostRows = 4096;
        const std::int64_t rows = impl->dim() == 2 ? impl->sizes()[0] : 0;
        const bool gaps = rows > 1 && rows <= kMostRows && impl->strides()[1] == 1 &&
                          impl->strides()[0] > impl->sizes()[1] && state.hasUnwritten(span);
        const std::uint64_t item = impl->dtype().itemsize();
        for (std::int64_t row = 0; gaps && row < rows; ++row) {
            const std::uint64_t begin =
                span.begin + static_cast<std::uint64_t>(row * impl->strides()[0]) * item;
            state.written({begin, begin + static_cast<std::uint64_t>(impl->sizes()[1]) * item});
        }
        if (!gaps) {
            state.written(span);
        }
    });
}

void noteDoubtful(const at::Tensor& tensor) {
    if (tensor.defined() && tensor.has_storage()) {
        Storages::with(tensor.unsafeGetTensorImpl()->unsafe_storage(),
                       [](StorageState& state) { state.doubted(); });
    }
}

void noteProduced(const at::Tensor& tensor) {
    if (tensor.defined() && tensor.has_storage() && tensor.layout() == at::kStrided) {
        Storages::with(tensor.unsafeGetTensorImpl()->unsafe_storage(),
                       [&](StorageState& state) { state.produced(spanOf(tensor)); });
    }
}

void noteAllocated(const at::Tensor& tensor) {
    if (tensor.defined() && tensor.has_storage() && tensor.layout() == at::kStrided) {
        Storages::with(tensor.unsafeGetTensorImpl()->unsafe_storage(),
                       [&](StorageState& state) { state.allocated(spanOf(tensor)); });
    }
}

void nameStorage(const at::Tensor& tensor, std::uint32_t name) {
    if (tensor.defined() && tensor.has_storage()) {
        Storages::with(tensor.unsafeGetTensorImpl()->unsafe_storage(),
                       [&](StorageState& state) { state.name = name; });
    }
}

std::uint32_t nameOfStorage(const at::Tensor& tensor) {
    if (!tensor.defined() || !tensor.has_storage()) {
        return trace::kNone32;
    }
    return Storages::with(tensor.unsafeGetTensorImpl()->unsafe_storage(),
                          [](StorageState& state) { return state.name; });
}

} // namespace repro::host
