# SPDX-License-Identifier: BSD-3-Clause
"""Compiles a model, without a code generator; prints how many graphs that made."""

import torch
import torch._dynamo
from torch import nn

torch.manual_seed(4)
graphs = []


def counts(graph, inputs):
    graphs.append(len(graph.graph.nodes))
    return graph.forward


net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Sequential(nn.Linear(8, 8), nn.Dropout(0.5)), nn.Linear(8, 2))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
compiled = torch.compile(net, backend=counts)
for _ in range(3):
    optimizer.zero_grad()
    loss = compiled(torch.ones(3, 4)).square().sum()
    loss.backward()
    optimizer.step()
net.eval()
print(f"final {compiled(torch.ones(3, 4)).sum().item()!r}")
print("graphs", graphs)
print("counters", {key: dict(value) for key, value in torch._dynamo.utils.counters.items() if key in ("stats", "graph_break")})
