# SPDX-License-Identifier: BSD-3-Clause
"""What a run came to, in one line."""

import hashlib


def print_final(model):
    digest = hashlib.sha256()
    for parameter in model.parameters():
        digest.update(repr(parameter.flatten().tolist()).encode())
    print("final", digest.hexdigest()[:16])
