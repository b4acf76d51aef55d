# SPDX-License-Identifier: BSD-3-Clause
"""Two models with an optimizer each, one of them inside a closure, the other left by an exception once."""

import torch
from torch import nn


class Stops(torch.optim.SGD):
    def step(self, closure=None):
        result = super().step(closure)
        if self.state_dict()["param_groups"][0]["lr"] > 1:
            raise ValueError("too fast")
        return result


torch.manual_seed(2)
maker, judge = nn.Linear(4, 4), nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 1))
of_maker = torch.optim.LBFGS(maker.parameters(), max_iter=2)
of_judge = Stops(judge.parameters(), lr=2.0)


def loss():
    of_maker.zero_grad()
    value = judge(maker(torch.ones(2, 4))).square().sum()
    value.backward()
    return value


for _ in range(2):
    judge.zero_grad()
    judge(torch.ones(2, 4)).sum().backward()
    try:
        of_judge.step()
    except ValueError:
        of_judge.param_groups[0]["lr"] = 0.1
    of_maker.step(loss)
print(f"final {loss().item()!r}")
