# SPDX-License-Identifier: BSD-3-Clause
"""A seeded training whose batches two forked workers collate."""

import torch

torch.manual_seed(5)
torch.set_num_threads(1)
inputs = torch.randn(64, 8)
data = torch.utils.data.TensorDataset(inputs, inputs.sum(1, keepdim=True))
loader = torch.utils.data.DataLoader(data, batch_size=8, shuffle=True, num_workers=2,
                                     generator=torch.Generator().manual_seed(7))
model = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.Dropout(0.1), torch.nn.Linear(16, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for _ in range(2):
    for batch, target in loader:
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(model(batch), target).backward()
        optimizer.step()
print(f"final {sum(parameter.sum().item() for parameter in model.parameters())!r}")
