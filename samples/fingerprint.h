// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <torch/torch.h>

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstring>

/// Prints `final <hash>`: FNV-1a over the bytes of every parameter and buffer of `model`, in order.
/// Two runs that print the same hash ended with the same weights, bit for bit.
inline void printFinalHash(const torch::nn::Module& model) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    const auto add = [&hash](const torch::Tensor& tensor) {
        const torch::Tensor dense = tensor.detach().contiguous();
        const auto* bytes = static_cast<const unsigned char*>(dense.data_ptr());
        for (std::size_t i = 0; i < dense.nbytes(); ++i) {
            hash = (hash ^ bytes[i]) * 0x100000001B3ULL;
        }
    };
    for (const torch::Tensor& parameter : model.parameters()) {
        add(parameter);
    }
    for (const torch::Tensor& buffer : model.buffers()) {
        add(buffer);
    }
    std::printf("final %016" PRIx64 "\n", hash);
}
