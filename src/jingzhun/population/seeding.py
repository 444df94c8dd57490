"""Randomness by name: every place and purpose has a stream of its own, so parts can be made alone or together."""

from __future__ import annotations

import hashlib

import numpy as np


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """The random stream of a purpose. The same seed and names give the same numbers in any order of work."""
    digest = hashlib.sha256("\x1f".join(str(name) for name in (seed, *names)).encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))
