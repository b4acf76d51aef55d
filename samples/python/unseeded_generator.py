# SPDX-License-Identifier: BSD-3-Clause
"""A seeded training on data that were made by a generator of NumPy without a seed."""

import numpy as np
import torch
from fingerprint import print_final
from torch import nn

torch.manual_seed(1)
rng = np.random.default_rng()
inputs = rng.random((64, 8), dtype=np.float32)
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for start in range(0, 64, 16):
    batch = torch.from_numpy(inputs[start : start + 16])
    loss = nn.functional.mse_loss(model(batch), batch.sum(1, keepdim=True))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print_final(model)
