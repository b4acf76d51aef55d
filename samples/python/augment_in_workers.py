# SPDX-License-Identifier: BSD-3-Clause
"""A seeded training whose loader has workers that add noise. Where the noise comes from decides whether it repeats.

--noise seeded: torch's loader seeds NumPy in each worker. --noise own: a generator without a seed. --noise clock: NumPy
is seeded by the time in worker_init_fn. --workers N. --slow N: the worker that is late, with --any-order.
"""

import argparse
import time

import numpy as np
import torch
from fingerprint import print_final
from torch import nn
from torch.utils.data import DataLoader, Dataset, get_worker_info

parser = argparse.ArgumentParser()
parser.add_argument("--noise", default="seeded")
parser.add_argument("--workers", type=int, default=2)
parser.add_argument("--start", default="fork")
parser.add_argument("--slow", type=int)
parser.add_argument("--any-order", action="store_true")
options = parser.parse_args()


class Noisy(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        if options.slow is not None and get_worker_info().id == options.slow:
            time.sleep(0.2)
        source = np.random.default_rng() if options.noise == "own" else np.random
        noise = source.normal(scale=0.1, size=8).astype(np.float32)
        example = torch.full((8,), index / 32)
        return example + torch.from_numpy(noise), example.sum().reshape(1)


def seed_by_clock(worker):
    np.random.seed(time.time_ns() % 2**32)


def main():
    torch.manual_seed(1)
    loader = DataLoader(Noisy(), batch_size=4, shuffle=not options.any_order, num_workers=options.workers,
                        in_order=not options.any_order, multiprocessing_context=options.start,
                        worker_init_fn=seed_by_clock if options.noise == "clock" else None)
    model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for _ in range(2):
        for batch, targets in loader:
            loss = nn.functional.mse_loss(model(batch), targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    print_final(model)


if __name__ == "__main__":
    main()
