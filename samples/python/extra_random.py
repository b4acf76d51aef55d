# SPDX-License-Identifier: BSD-3-Clause
"""A seeded training on random batches. With --extra something draws once more from random in step 3."""

import random
import sys

import torch
from fingerprint import print_final
from torch import nn

random.seed(1)
torch.manual_seed(1)
examples = torch.randn(64, 8)
targets = examples.sum(1, keepdim=True)
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for step in range(6):
    if step == 3 and "--extra" in sys.argv:
        print(f"look at example {random.randrange(64)}", file=sys.stderr)
    chosen = random.sample(range(64), 16)
    loss = nn.functional.mse_loss(model(examples[chosen]), targets[chosen])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print_final(model)
