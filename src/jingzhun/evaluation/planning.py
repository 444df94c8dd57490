"""How large a sample must be: what nothing found proves, and how many must be asked for a bound below a threshold.

Bounds are one-sided and exact (Clopper and Pearson); shares are between 0 and 1. ``design_effect`` says by how much
people drawn in households and villages tell less than people drawn one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

from jingzhun.evaluation.fault import NotDrawable
from jingzhun.measurement.intervals import upper_bound

MOST = 10_000_000
"""Sizes looked at; more people are asked nowhere."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What a sample of ``n`` proves if ``found`` are found in it."""

    n: int
    found: int
    bound: float
    below: bool
    """Whether the bound is below the threshold."""


def proved(n: int, found: int, *, threshold: float, level: float, design_effect: float) -> Planned:
    """The upper bound that ``found`` in ``n`` leaves, and whether it is below ``threshold``."""
    bound = upper_bound(found, n, level, design_effect)
    return Planned(n, found, bound, bound < threshold)


def needed(*, rate: float, threshold: float, level: float, design_effect: float) -> Planned:
    """The smallest sample whose upper bound is below ``threshold`` if ``rate`` of it is found, rounded up to a case.

    Raises ``NotDrawable`` where no sample could be enough.
    """
    _refuse(rate, threshold)
    found = 0
    while True:
        n = _smallest(found, threshold, level, design_effect)
        # ``found`` cases are at least what the rate gives in n; else more must be expected, and n grows.
        if found >= rate * n:
            return proved(n, found, threshold=threshold, level=level, design_effect=design_effect)
        found = max(found + 1, int(rate * n))


def _smallest(found: int, threshold: float, level: float, design_effect: float) -> int:
    """The smallest n at which ``found`` cases leave a bound below the threshold; the bound falls as n grows."""
    low, high = max(found, 1), max(2 * found, 2)
    while not proved(high, found, threshold=threshold, level=level, design_effect=design_effect).below:
        low, high = high, high * 2
        if high > MOST:
            raise NotDrawable(
                f"预期比例离阈值太近，超过 {MOST:,} 户也证明不了低于 {threshold:.2%}；请放宽阈值或降低预期比例。",
                f"the expected rate is too near the threshold: not even {MOST:,} prove less than {threshold:.2%}; "
                "take a higher threshold or expect less.",
            )
    while low < high:
        middle = (low + high) // 2
        if proved(middle, found, threshold=threshold, level=level, design_effect=design_effect).below:
            high = middle
        else:
            low = middle + 1
    return high


def _refuse(rate: float, threshold: float) -> None:
    if not 0 < threshold < 1:
        raise NotDrawable(
            f"阈值 {threshold:.2%} 应在 0 和 100% 之间，如 2%。",
            f"the threshold {threshold:.2%} must lie between 0 and 100%, as 2%.",
        )
    if not 0 <= rate < threshold:
        raise NotDrawable(
            f"预期比例 {rate:.2%} 应不小于 0 并低于阈值 {threshold:.2%}；"
            "达到阈值的比例，任何样本都证明不了它低于阈值。",
            f"the expected rate {rate:.2%} must be at least 0 and below the threshold {threshold:.2%}; no sample "
            "proves that a rate at the threshold is below it.",
        )
