"""Whole numbers that add up: totals split into parts, sizes and amounts, without a unit lost or gained."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def share(total: int, weights: Sequence[float] | Floats | Ints, limits: Sequence[int] | Ints | None = None) -> Ints:
    """Split ``total`` in proportion to ``weights`` by largest remainder; no part exceeds its limit.

    Raises ``ValueError`` when the limits cannot hold the total.
    """
    parts = np.zeros(len(weights), np.int64)
    room = np.full(len(weights), total, np.int64) if limits is None else np.asarray(limits, np.int64)
    if room.sum() < total:
        raise ValueError(f"{total} do not fit into limits that hold {room.sum()}")
    while (left := total - int(parts.sum())) > 0:
        open_ = np.where(parts < room, np.asarray(weights, float), 0.0)
        if open_.sum() == 0:
            open_ = (parts < room).astype(float)
        parts = np.minimum(parts + _largest_remainder(left, open_), room)
    return np.asarray(parts, np.int64)


def _largest_remainder(total: int, weights: Floats) -> Ints:
    exact = total * weights / weights.sum()
    parts: Ints = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - parts), kind="stable")
    parts[order[: total - int(parts.sum())]] += 1
    return parts


def spread(count: int, weights: Floats, rng: np.random.Generator) -> Ints:
    """Places of ``count`` things, in proportion to ``weights`` (systematic sampling: random, yet evenly spread)."""
    if count == 0:
        return np.zeros(0, np.int64)
    edges = np.cumsum(weights) / weights.sum()
    places = np.searchsorted(edges, (np.arange(count) + rng.random()) / count, side="right")
    return np.minimum(places, len(weights) - 1).astype(np.int64)


def sizes(households: int, persons: int, rng: np.random.Generator, largest: int = 8) -> Ints:
    """Household sizes of 1 to ``largest`` that add up to ``persons``. Raises ``ValueError`` when none can."""
    if households == 0 and persons == 0:
        return np.zeros(0, np.int64)
    if not households <= persons <= households * largest:
        raise ValueError(f"{persons} persons cannot live in {households} households of 1 to {largest}")
    mean = (persons / households - 1) / (largest - 1)
    drawn = 1 + rng.binomial(largest - 1, mean, households).astype(np.int64)
    while (gap := persons - int(drawn.sum())) != 0:
        able = np.flatnonzero(drawn < largest if gap > 0 else drawn > 1)
        chosen = rng.permutation(able)[: abs(gap)]
        drawn[chosen] += 1 if gap > 0 else -1
    return drawn


def amounts(
    count: int,
    total: int,
    rng: np.random.Generator,
    *,
    step: int = 1,
    largest: int | None = None,
    spread_by: float = 0.35,
) -> Ints:
    """``count`` uneven amounts that add up to ``total``: multiples of ``step`` but one, none above ``largest``."""
    if count == 0:
        return np.zeros(0, np.int64)
    units, rest = divmod(total, step)
    weights = np.exp(rng.normal(0.0, spread_by, count))
    limits = None if largest is None else np.full(count, largest // step, np.int64)
    parts = share(units, weights, limits) * step
    holder = int(np.argmin(parts))
    parts[holder] += rest
    return parts


def residual_sizes(persons: int, rng: np.random.Generator, weights: Sequence[float]) -> Ints:
    """Sizes drawn from ``weights`` (of size 1, 2, …) until ``persons`` are housed; the last takes the rest."""
    if persons <= 0:
        return np.zeros(0, np.int64)
    odds = np.asarray(weights, float) / sum(weights)
    mean = float(np.dot(odds, np.arange(1, len(odds) + 1)))
    drawn = np.zeros(0, np.int64)
    while drawn.sum() < persons:
        more = rng.choice(len(odds), int((persons - drawn.sum()) / mean * 1.05) + 8, p=odds) + 1
        drawn = np.concatenate([drawn, more.astype(np.int64)])
    ends = np.cumsum(drawn)
    cut = int(np.searchsorted(ends, persons))
    drawn = drawn[: cut + 1].copy()
    drawn[-1] -= int(ends[cut]) - persons
    return drawn
