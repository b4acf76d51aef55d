# SPDX-License-Identifier: BSD-3-Clause
"""A seeded training that adds up its examples by index_put_, in an order that threads decide."""

import torch
from fingerprint import print_final
from torch import nn


class Histogram(nn.Module):
    def __init__(self, bins):
        super().__init__()
        self.bins = bins

    def forward(self, values, places):
        sums = values.new_zeros(self.bins)
        return sums.index_put((places,), values, accumulate=True)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hist = Histogram(8)
        self.head = nn.Linear(8, 1)

    def forward(self, values, places):
        return self.head(self.hist(values, places) / len(values))


torch.manual_seed(1)
torch.set_num_threads(4)
model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(8):
    values = torch.randn(400_000) * 1e3
    loss = model(values, torch.randint(8, values.shape)).square().sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print_final(model)
