# SPDX-License-Identifier: BSD-3-Clause
"""A seeded training of equal blocks, one of them shared. With "unseeded" the dropout draws from a chance seed."""

import sys

import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(width, width)
        self.drop = nn.Dropout(0.1)

    def forward(self, x, *, scale):
        return torch.relu(self.drop(self.fc(x))) * scale + x


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList(Block(8) for _ in range(2))
        self.again = self.blocks[0]
        self.head = nn.Sequential(nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 3))

    def forward(self, x):
        scale = x.new_ones(())
        for block in self.blocks:
            x = block(x, scale=scale)
        return self.head(self.again(x, scale=scale))


torch.manual_seed(1)
net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
inputs = torch.randn(16, 8)
targets = torch.randint(3, (16,))
if sys.argv[1:] == ["unseeded"]:
    torch.seed()
for _ in range(3):
    optimizer.zero_grad()
    nn.functional.cross_entropy(net(inputs), targets).backward()
    optimizer.step()
net.eval()
with torch.no_grad():
    print(f"final {net(inputs).sum().item()!r}")
