// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "recorder/host/thread_state.h"

#include <torch/nn/module.h>

#include <string>

/// The module trees of the host: paths of layers, names of parameters. LibTorch tells nobody when a
/// module dies, so that a tree is walked while a member function of its root runs, and looked at
/// from below (family.h) where none did.
namespace repro::host {

struct LayerName {
    std::uint32_t id = 0;
    bool matches = false;  ///< the capture filter lets its ops through
    bool captured = false; ///< the policy wants its own tensors' bytes
};

/// The Module in the object of a layer of torch::nn, given by the address of the object.
void* moduleOf(void* layer);

/// Layer of a living module whose forward is called; "Type#k" where no root is known. A module of
/// the user's is a root where nobody holds it.
LayerName layerOf(ThreadState& state, const torch::nn::Module* module, bool ofUser);

/// Of a module that is none of C++'s. One layer for one path. An empty parent is none.
LayerName layerNamed(ThreadState& state, const std::string& path, const std::string& type,
                     const std::string& parent);

void moduleConstructed(void* module);
void moduleTouched(void* module);
void moduleMode(void* module, int training);

} // namespace repro::host
