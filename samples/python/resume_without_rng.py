# SPDX-License-Identifier: BSD-3-Clause
"""A seeded training of six steps that can be left after the third and resumed: --save FILE, --resume FILE.

The file has the model and the optimizer, but not the state of the generator that dropout draws from."""

import sys

import torch
from fingerprint import print_final
from torch import nn

torch.manual_seed(1)
examples = torch.randn(64, 8)
targets = examples.sum(1, keepdim=True)
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
first = 0
if "--resume" in sys.argv:
    saved = torch.load(sys.argv[sys.argv.index("--resume") + 1])
    model.load_state_dict(saved["model"])
    optimizer.load_state_dict(saved["optimizer"])
    first = 3
for step in range(first, 6):
    if step == 3 and "--save" in sys.argv:
        torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict()},
                   sys.argv[sys.argv.index("--save") + 1])
    loss = nn.functional.mse_loss(model(examples), targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print_final(model)
