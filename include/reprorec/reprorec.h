// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// What a program may tell the recorder, and the forward hooks that LibTorch's C++ frontend lacks.
///
/// Header only, nothing to link: every function behind it is a weak symbol. Without `reprorec` in
/// front of the program they are absent and each call here is one test of a null pointer; forward
/// hooks then stay registered but silent, because nothing calls them.
///
///     #include <reprorec/reprorec.h>
///     auto handle = reprorec::register_forward_hook(*net->fc,
///         [](torch::nn::Module& module, const std::vector<torch::Tensor>& input,
///            const torch::Tensor& output) { std::cout << output.mean() << '\n'; });
///     handle.remove();
///
/// Threads: registering, removing and running hooks is safe from any thread.

#include <torch/torch.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

extern "C" {
/// Something that a pre-hook made and that must live until the forward returns.
struct reprorec_kept {
    void* object;
    void (*destroy)(void* object);
};
/// `letters` has one letter for each of `arguments` ('T' = at::Tensor*). After a forward `result`
/// is what `resultLetter` says and `kept` is null; before one it is the other way round.
typedef void (*reprorec_hook_fn)(void* context, void* module, const char* letters, void** arguments,
                                 char resultLetter, void* result, struct reprorec_kept* kept);
__attribute__((weak)) std::uint64_t reprorec_add_hook(void* module, int before,
                                                      reprorec_hook_fn run, void* context,
                                                      void (*destroy)(void*));
__attribute__((weak)) void reprorec_remove_hook(std::uint64_t id);
__attribute__((weak)) void* reprorec_enter_layer(void* module);
__attribute__((weak)) void reprorec_leave_layer(void* token, void* module);
__attribute__((weak)) void reprorec_step(std::int64_t step);
__attribute__((weak)) void reprorec_watch(const char* name, const void* tensor);
__attribute__((weak)) void reprorec_pause(int change);
}

namespace reprorec {

/// True where the program runs under `reprorec`.
inline bool active() {
    return reprorec_step != nullptr;
}

/// The step with this number begins. Overrides the steps that reprorec finds by itself.
inline void step(std::int64_t number) {
    if (reprorec_step != nullptr) {
        reprorec_step(number);
    }
}

/// Records the contents of a tensor under a name, wherever it came from.
inline void watch(const char* name, const torch::Tensor& tensor) {
    if (reprorec_watch != nullptr) {
        reprorec_watch(name, &tensor);
    }
}

/// Nothing this thread does is recorded while one of these lives. While every thread of the program
/// is paused, LibTorch does not call the recorder at all.
class Pause {
public:
    Pause() { change(1); }
    ~Pause() { change(-1); }
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;

private:
    static void change(int by) {
        if (reprorec_pause != nullptr) {
            reprorec_pause(by);
        }
    }
};

/// One call of a user module's forward; see REPROREC_LAYER.
class LayerScope {
public:
    explicit LayerScope(torch::nn::Module& module) : m_module(&module) {
        if (reprorec_enter_layer != nullptr) {
            m_token = reprorec_enter_layer(m_module);
        }
    }
    ~LayerScope() {
        if (reprorec_leave_layer != nullptr) {
            reprorec_leave_layer(m_token, m_module);
        }
    }
    LayerScope(const LayerScope&) = delete;
    LayerScope& operator=(const LayerScope&) = delete;

private:
    torch::nn::Module* m_module;
    void* m_token = nullptr;
};

/// First line of a user module's forward: `REPROREC_LAYER(*this);` makes the call a layer of the
/// trace.
#define REPROREC_LAYER(module) ::reprorec::LayerScope reprorecLayerScope(module)

/// Removes its hook by remove(), not by its destruction: a dropped handle leaves the hook in place,
/// as in Python. Copies name the same hook.
class HookHandle {
public:
    HookHandle() = default;
    explicit HookHandle(std::uint64_t id) : m_id(id) {}
    void remove() {
        if (m_id != 0 && reprorec_remove_hook != nullptr) {
            reprorec_remove_hook(m_id);
        }
        m_id = 0;
    }
    /// False without the recorder, and after remove().
    [[nodiscard]] bool registered() const { return m_id != 0; }

private:
    std::uint64_t m_id = 0;
};

/// Called after forward with the tensors among its arguments and its result (the first tensor where
/// it returns several; undefined for a user module). A returned tensor that is defined replaces it.
using ForwardHook =
    std::function<torch::Tensor(torch::nn::Module& module, const std::vector<torch::Tensor>& input,
                                const torch::Tensor& output)>;
/// Called before forward. A returned tensor that is defined replaces the first tensor argument.
using ForwardPreHook = std::function<torch::Tensor(torch::nn::Module& module,
                                                   const std::vector<torch::Tensor>& input)>;

namespace detail {

/// Accepts hooks that return void as well.
template <class Fn, class... Args>
torch::Tensor call(Fn& fn, Args&&... args) {
    if constexpr (std::is_void_v<std::invoke_result_t<Fn&, Args...>>) {
        fn(std::forward<Args>(args)...);
        return {};
    } else {
        return fn(std::forward<Args>(args)...);
    }
}

inline std::vector<torch::Tensor> tensors(const char* letters, void** arguments) {
    std::vector<torch::Tensor> out;
    for (int i = 0; letters[i] != 0; ++i) {
        if (letters[i] == 'T') {
            out.push_back(*static_cast<const torch::Tensor*>(arguments[i]));
        }
    }
    return out;
}

/// The first tensor of a result; null where there is none.
inline torch::Tensor* firstTensor(char letter, void* result) {
    using torch::Tensor;
    switch (letter) {
    case 'T':
        return static_cast<Tensor*>(result);
    case 'A':
        return &static_cast<torch::nn::ASMoutput*>(result)->output;
    case '2':
        return &std::get<0>(*static_cast<std::tuple<Tensor, Tensor>*>(result));
    case 'L':
        return &std::get<0>(*static_cast<std::tuple<Tensor, std::tuple<Tensor, Tensor>>*>(result));
    default:
        return nullptr;
    }
}

template <class Fn>
void runAfter(void* context, void* module, const char* letters, void** arguments, char letter,
              void* result, reprorec_kept*) {
    static const torch::Tensor kNone;
    torch::Tensor* output = result != nullptr ? firstTensor(letter, result) : nullptr;
    torch::Tensor replacement =
        call(*static_cast<Fn*>(context), *static_cast<torch::nn::Module*>(module),
             tensors(letters, arguments), output != nullptr ? *output : kNone);
    if (replacement.defined() && output != nullptr) {
        *output = std::move(replacement);
    }
}

template <class Fn>
void runBefore(void* context, void* module, const char* letters, void** arguments, char, void*,
               reprorec_kept* kept) {
    torch::Tensor replacement =
        call(*static_cast<Fn*>(context), *static_cast<torch::nn::Module*>(module),
             tensors(letters, arguments));
    const std::size_t first = std::string(letters).find('T');
    if (!replacement.defined() || first == std::string::npos) {
        return;
    }
    auto* made = new torch::Tensor(std::move(replacement));
    if (kept->destroy != nullptr) {
        kept->destroy(kept->object);
    }
    *kept = {made, [](void* object) { delete static_cast<torch::Tensor*>(object); }};
    arguments[first] = made;
}

template <class Fn>
HookHandle add(torch::nn::Module& module, bool before, reprorec_hook_fn run, Fn fn) {
    if (reprorec_add_hook == nullptr) {
        return {};
    }
    return HookHandle(reprorec_add_hook(&module, before, run, new Fn(std::move(fn)),
                                        [](void* context) { delete static_cast<Fn*>(context); }));
}

} // namespace detail

/// Runs `fn` after each forward of this module: any layer of torch::nn with a fixed forward, or a
/// user module with REPROREC_LAYER. Returns a handle that removes it.
template <class Fn>
HookHandle register_forward_hook(torch::nn::Module& module, Fn fn) {
    return detail::add(module, false, &detail::runAfter<Fn>, std::move(fn));
}

/// Runs `fn` before each forward of this module.
template <class Fn>
HookHandle register_forward_pre_hook(torch::nn::Module& module, Fn fn) {
    return detail::add(module, true, &detail::runBefore<Fn>, std::move(fn));
}

} // namespace reprorec
