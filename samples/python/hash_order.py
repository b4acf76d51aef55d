# SPDX-License-Identifier: BSD-3-Clause
"""A seeded training that numbers its words in the order in which they come out of a set."""

import torch
from fingerprint import print_final
from torch import nn

TEXT = "the quick brown fox jumps over the lazy dog and the dog sleeps while the fox runs on and on"

torch.manual_seed(1)
words = TEXT.split()
numbers = {word: number for number, word in enumerate(set(words))}
ids = torch.tensor([numbers[word] for word in words])
model = nn.Sequential(nn.Embedding(len(numbers), 8), nn.Linear(8, len(numbers)))
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for _ in range(6):
    loss = nn.functional.cross_entropy(model(ids[:-1]), ids[1:])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print_final(model)
