# SPDX-License-Identifier: BSD-3-Clause
"""One of two processes that exchange tensors: two_ranks.py RANK MEETING-POINT.

What a collective writes arrives after its op has returned, and its scope ends then, both on a thread of
gloo's own."""

import sys

import torch
import torch.distributed as dist
import torch.distributed._functional_collectives as functional

rank = int(sys.argv[1])
dist.init_process_group("gloo", init_method=f"file://{sys.argv[2]}", rank=rank, world_size=2)
torch.set_num_threads(1)
torch.manual_seed(5 + rank)
model = torch.nn.parallel.DistributedDataParallel(torch.nn.Linear(64, 64), gradient_as_bucket_view=True)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
total = torch.zeros(())
for step in range(3):
    big, received, parts = torch.randn(1 << 20), torch.randn(1 << 18), torch.randn(2, 1 << 16)
    gathered, scattered = torch.empty(2, 1 << 16), torch.empty(1 << 16)
    works = [dist.all_reduce(big, async_op=True), dist.broadcast(received, src=step % 2, async_op=True),
             dist.all_gather(list(gathered), parts[rank], async_op=True),
             dist.scatter(scattered, list(parts) if rank == 0 else None, src=0, async_op=True)]
    reduced = functional.all_reduce(torch.randn(1 << 20), "sum", dist.group.WORLD)
    for work in works:
        work.wait()
    if rank == step % 2:
        dist.send(received, 1 - rank)
    else:
        dist.recv(received, 1 - rank)
    dist.barrier()
    optimizer.zero_grad()
    model(torch.randn(32, 64)).square().mean().backward()
    optimizer.step()
    total = total + big.sum() + gathered.sum() + scattered.sum() + reduced.sum() + received.sum()
print(f"final {total.item()!r} {sum(parameter.sum().item() for parameter in model.parameters())!r}")
dist.destroy_process_group()
