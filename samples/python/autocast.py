# SPDX-License-Identifier: BSD-3-Clause
"""A seeded training in float32. With --autocast it computes in bfloat16 where torch finds that safe."""

import sys

import torch
from fingerprint import print_final
from torch import nn

torch.manual_seed(1)
examples = torch.randn(64, 8)
targets = examples.sum(1, keepdim=True)
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for _ in range(4):
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled="--autocast" in sys.argv):
        loss = nn.functional.mse_loss(model(examples).float(), targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print_final(model)
