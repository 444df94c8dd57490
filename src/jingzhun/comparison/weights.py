"""What a degree of agreement is worth, learned from the two lists themselves.

The model is that of Fellegi and Sunter (A Theory for Record Linkage, JASA 1969): a degree is worth the ratio of how
often it is met among pairs of one person (``m``) and among pairs taken at random (``u``). ``u`` is counted on random
pairs; ``m`` and the share of pairs that are one person are found by expectation and maximisation, where the
candidates of one record compete: one record is one person, so what one candidate gains the others lose.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

ROUNDS = 40
SETTLED = 1e-4
"""Change of the share, as a ratio, below which the rounds end."""
KNOWN_PAIRS, KNOWN_SAME = 50_000.0, 200.0
"""What is typical counts as much as this many random pairs, and as this many pairs of one person."""
UNSEEN = 0.05
"""Stands for a degree that no random pair showed and nothing is known of: rarer than any that was seen."""
_MOST = 60.0


@dataclass(frozen=True, slots=True)
class Shape:
    """How patterns are packed into one integer: the number of degrees of each comparison, missing being degree 0.

    ``typical`` has for each comparison what is believed of its degrees (without missing) before the lists are seen.
    """

    sizes: tuple[int, ...]
    typical: tuple[tuple[tuple[float, float, float], ...] | None, ...] = ()

    def believed(self, kind: int) -> tuple[Floats, ...]:
        """Shares of the degrees among pairs of one ``kind``: 0 same, 1 close, 2 random."""
        known = self.typical or (None,) * len(self.sizes)
        return tuple(
            np.r_[0.0, [one[kind] for one in typical]] if typical else _guess(size) if kind == 0 else _even(size)
            for typical, size in zip(known, self.sizes, strict=True)
        )

    @property
    def known(self) -> bool:
        return bool(self.typical) and all(self.typical)

    def unpack(self, patterns: Ints) -> list[Ints]:
        """Degrees by comparison, each as long as ``patterns``."""
        found, rest = [], patterns
        for size in self.sizes:
            found.append(rest % size)
            rest = rest // size
        return found


@dataclass(frozen=True, slots=True)
class Weights:
    """How often each degree is met, by comparison: among pairs of one person, of close others, and at random.

    ``share`` and ``close`` are the shares of the first two kinds among all pairs.
    """

    shape: Shape
    same: tuple[Floats, ...]
    kin: tuple[Floats, ...]
    random: tuple[Floats, ...]
    share: float
    close: float = 0.0

    def odds(self, patterns: Ints) -> Floats:
        """Odds that a pair with the pattern is one person, before other candidates are considered."""
        return np.exp(np.minimum(self._log_odds(patterns), _MOST))

    def _log_odds(self, patterns: Ints) -> Floats:
        others = np.logaddexp(
            self._log(self.kin, patterns) + _log(self.close), self._log(self.random, patterns) + _log(1 - self.close)
        )
        found: Floats = self._log(self.same, patterns) + _log(self.share) - others
        return found

    def closeness(self, patterns: Ints) -> Floats:
        """Of pairs that are not one person, the share that is close."""
        kin = self._log(self.kin, patterns) + _log(self.close)
        other = self._log(self.random, patterns) + _log(1 - self.close)
        found: Floats = np.exp(kin - np.logaddexp(kin, other))
        return found

    def _log(self, shares: tuple[Floats, ...], patterns: Ints) -> Floats:
        total = np.zeros(len(patterns))
        for degrees, met in zip(self.shape.unpack(patterns), shares, strict=True):
            worth = np.log(np.maximum(met, 1e-12))
            worth[0] = 0.0
            total += worth[degrees]
        return total


def learn(shape: Shape, random: tuple[Ints, Ints], sample: tuple[Ints, Ints], others: int, records: int) -> Weights:
    """Weights from ``random`` (patterns, counts) and a ``sample`` of candidates (record, pattern).

    ``others`` are the rows of the other side that each record could be; ``records`` how many were looked for.
    """
    same, kin, far = (shape.believed(kind) for kind in range(3))
    pairs = max(others, 1) * max(records, 1)
    start = Weights(shape, same, kin, far, min(0.5 / max(others, 2), 0.5), min(2 / max(others, 4), 0.5))
    _, record = np.unique(sample[0], return_inverse=True)
    distinct, place = np.unique(sample[1], return_inverse=True)
    seen = _Seen(shape, distinct, place, record, random, pairs)
    if shape.known:
        return _settled(seen, start, kin=True)
    first = _settled(seen, replace(start, random=seen.far(start, certain=False), close=0.0), kin=False)
    return _settled(seen, seen.again(first, kin=True), kin=True)


@dataclass(frozen=True, slots=True)
class _Seen:
    """The sampled candidates: their distinct patterns, and for each its place among them and its record."""

    shape: Shape
    distinct: Ints
    place: Ints
    record: Ints
    random: tuple[Ints, Ints]
    pairs: int

    def again(self, weights: Weights, *, kin: bool) -> Weights:
        """One round: who is who by the weights so far, and the weights that follow from it."""
        odds = weights.odds(self.distinct)[self.place]
        held = odds / (1 + _sums(self.record, odds, 0)[self.record]) if len(odds) else odds
        one = _sums(self.place, held, len(self.distinct))
        same = self._shares(self.distinct, one, 0)
        share = min(max(float(held.sum()) / self.pairs, 1e-12), 0.5)
        far = self.far(weights, certain=True)
        if not kin:
            return Weights(self.shape, same, weights.kin, far, share)
        left = _sums(self.place, 1 - held, len(self.distinct))
        near: Floats = left * weights.closeness(self.distinct) if weights.close else left
        close = min(max(float(near.sum()) / self.pairs, 1e-12), 0.5)
        return Weights(self.shape, same, self._shares(self.distinct, near, 1), far, share, close)

    def far(self, weights: Weights, *, certain: bool) -> tuple[Floats, ...]:
        """Shares among random pairs, less those that are one person by the weights so far."""
        patterns, counts = self.random
        one = weights.odds(patterns) if certain else np.zeros(len(patterns))
        return self._shares(patterns, np.asarray(counts / (1 + one), np.float64), 2)

    def _shares(self, patterns: Ints, counts: Floats, kind: int) -> tuple[Floats, ...]:
        """Shares by comparison: what was counted and what is believed, each with its weight."""
        believed, found = self.shape.believed(kind), []
        for at, (degrees, size) in enumerate(zip(self.shape.unpack(patterns), self.shape.sizes, strict=True)):
            counted = _sums(degrees, counts, size)
            counted[0] = 0.0
            if self.shape.known:
                counted += believed[at] * (KNOWN_PAIRS if kind == 2 else KNOWN_SAME)
            counted[1:] += 0.0 if self.shape.known else UNSEEN if kind == 2 else 0.5
            found.append(counted / counted.sum())
        return tuple(found)


def _settled(seen: _Seen, weights: Weights, *, kin: bool) -> Weights:
    for _ in range(ROUNDS):
        before, weights = weights.share, seen.again(weights, kin=kin)
        if abs(np.log(weights.share / before)) < SETTLED:
            break
    return weights


def _sums(place: Ints, values: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(place, values, size), np.float64)


def _log(share: float) -> float:
    return float(np.log(max(share, 1e-300)))


def _guess(size: int) -> Floats:
    """Agreement is the rule among pairs of one person, and each degree further down is met less often."""
    guess = np.r_[0.0, 0.5 ** np.arange(1, size)]
    shares: Floats = guess / guess.sum()
    return shares


def _even(size: int) -> Floats:
    return np.asarray(np.r_[0.0, np.full(size - 1, 1 / (size - 1))], np.float64)
