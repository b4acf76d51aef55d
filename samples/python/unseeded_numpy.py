# SPDX-License-Identifier: BSD-3-Clause
"""A seeded training whose augmentation draws from NumPy, which nobody seeded."""

import numpy as np
import torch
from fingerprint import print_final
from torch import nn

torch.manual_seed(1)
examples = torch.randn(64, 8)
targets = examples.sum(1, keepdim=True)
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for _ in range(6):
    noise = np.random.normal(scale=0.1, size=(64, 8)).astype(np.float32)
    loss = nn.functional.mse_loss(model(examples + torch.from_numpy(noise)), targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print_final(model)
