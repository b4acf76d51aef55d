# SPDX-License-Identifier: BSD-3-Clause
"""A seeded training that looks at its loss in between. With --forget it does so without eval()."""

import sys

import torch
from fingerprint import print_final
from torch import nn

torch.manual_seed(1)
examples = torch.randn(64, 8)
targets = examples.sum(1, keepdim=True)
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for _ in range(6):
    loss = nn.functional.mse_loss(model(examples), targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if "--forget" not in sys.argv:
        model.eval()
    with torch.no_grad():
        print(f"{nn.functional.mse_loss(model(examples), targets).item():.4f}", file=sys.stderr)
    model.train()
print_final(model)
