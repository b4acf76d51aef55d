# SPDX-License-Identifier: BSD-3-Clause
"""A model within what stands around models: wraps.py MEETING-POINT."""

import sys

import torch
from torch import nn

torch.manual_seed(1)
torch.distributed.init_process_group("gloo", init_method=f"file://{sys.argv[1]}", rank=0, world_size=1)
net = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
nn.parallel.DistributedDataParallel(net)(torch.ones(1, 2)).sum().backward()
torch.compile(net, backend="eager")(torch.ones(1, 2))
nn.DataParallel(nn.Linear(2, 2))(torch.ones(1, 2))
torch.distributed.destroy_process_group()
