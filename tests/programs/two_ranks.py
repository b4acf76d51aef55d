# SPDX-License-Identifier: BSD-3-Clause
"""One of two processes that exchange tensors: two_ranks.py RANK MEETING-POINT.

What a collective writes arrives after its op has returned, on a thread of gloo's own."""

import sys

import torch
import torch.distributed as dist

rank = int(sys.argv[1])
dist.init_process_group("gloo", init_method=f"file://{sys.argv[2]}", rank=rank, world_size=2)
torch.set_num_threads(1)
torch.manual_seed(5 + rank)
model = torch.nn.parallel.DistributedDataParallel(torch.nn.Linear(64, 64))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
total = torch.zeros(())
for step in range(3):
    big = torch.randn(1 << 20)
    gathered = [torch.empty(1 << 16) for _ in range(2)]
    works = [dist.all_reduce(big, async_op=True), dist.all_gather(gathered, torch.randn(1 << 16), async_op=True),
             dist.broadcast(received := torch.randn(1 << 18), src=step % 2, async_op=True)]
    for work in works:
        work.wait()
    optimizer.zero_grad()
    model(torch.randn(32, 64)).square().mean().backward()
    optimizer.step()
    total = total + big.sum() + gathered[1 - rank].sum() + received.sum()
print(f"final {total.item()!r} {sum(parameter.sum().item() for parameter in model.parameters())!r}")
dist.destroy_process_group()
