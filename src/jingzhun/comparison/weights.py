"""What a degree of agreement is worth, learned from the two lists themselves.

The model is that of Fellegi and Sunter (A Theory for Record Linkage, JASA 1969): a degree is worth the ratio of how
often it is met among pairs of one person (``m``) and among pairs taken at random (``u``). ``u`` is counted on random
pairs; ``m`` and the share of pairs that are one person are found by expectation and maximisation, where the
candidates of one record compete: one record is one person, so what one candidate gains the others lose. They also
compete with nobody, who is as likely as records are that nobody answers to: between lists that hold mostly the same
people a candidate without rivals is more likely than the same candidate between lists that hardly share any.

Pairs of two people are not all random: relatives, twins and namesakes agree for a reason, each in their own way, and
are kinds of their own. With one kind for all of them a number that agrees and a name that agrees would vouch for each
other, whoever they belong to.
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
"""What is typical counts as much as this many random pairs, and as this many pairs of any other kind."""
KNOWN_RECORDS = 50.0
"""How many close pairs a record typically has, and how many records have a person, counts as much as this many."""
LISTED = 0.5
"""Share of records whose person is on the other list, before the lists are seen."""
UNKNOWN_CLOSE = 2.0
"""Close pairs of a record where nothing is known of them."""
UNSEEN = 0.05
"""Stands for a degree that no random pair showed and nothing is known of: rarer than any that was seen."""
_MOST = 60.0


@dataclass(frozen=True, slots=True)
class Shape:
    """How patterns are packed into one integer: the number of degrees of each comparison, missing being degree 0.

    ``typical`` has for each comparison what is believed of its degrees (without missing) before the lists are seen:
    among pairs of one person, of each close kind, and at random. ``close`` are the close kinds, by the number of such
    pairs that a record has.
    """

    sizes: tuple[int, ...]
    typical: tuple[tuple[tuple[float, ...], ...] | None, ...] = ()
    close: tuple[float, ...] = (UNKNOWN_CLOSE,)

    @property
    def random(self) -> int:
        """The number of the last kind; 0 are pairs of one person, between them are the close kinds."""
        return len(self.close) + 1

    def believed(self, kind: int) -> tuple[Floats, ...]:
        """Shares of the degrees among pairs of one ``kind``."""
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
    """How often each degree is met, by kind of pair (one person, each close kind, random) and comparison.

    ``shares`` are those of all kinds but the last among all pairs; ``nobody`` is the share of records whose person is
    not among the candidates.
    """

    shape: Shape
    met: tuple[tuple[Floats, ...], ...]
    shares: tuple[float, ...]
    nobody: float = 1.0

    def odds(self, patterns: Ints) -> Floats:
        """Odds that a pair with the pattern is one person and not nobody, before other candidates are considered."""
        same, *others = self._worth(patterns)
        rest: Floats = np.logaddexp.reduce(others)
        odds: Floats = np.exp(np.minimum(same - rest - np.log(self.nobody), _MOST))
        return odds

    def kinds(self, patterns: Ints) -> list[Floats]:
        """Of pairs that are not one person, the share that is of each close kind, and the random rest."""
        others = self._worth(patterns)[1:]
        total: Floats = np.logaddexp.reduce(others)
        return [np.exp(one - total) for one in others]

    def _worth(self, patterns: Ints) -> list[Floats]:
        """For each kind, the logarithm of how often the patterns are met, among all pairs."""
        degrees = self.shape.unpack(patterns)
        shares = (*self.shares, 1 - sum(self.shares[1:]))
        return [_log(degrees, met) + np.log(max(share, 1e-300)) for met, share in zip(self.met, shares, strict=True)]


def learn(
    shape: Shape, random: tuple[Ints, Ints], sample: tuple[Ints, Ints], others: int, records: int, *, single: bool
) -> Weights:
    """Weights from ``random`` (patterns, counts) and a ``sample`` of candidates (record, pattern).

    ``others`` are the rows of the other side that each record could be; ``records`` how many were looked for. With
    ``single`` a record is one of the others or nobody; else it may be several, and each pair is asked about alone.
    """
    met = tuple(shape.believed(kind) for kind in range(shape.random + 1))
    close = tuple(min(rate / max(others, 2 * rate), 0.5 / len(shape.close)) for rate in shape.close)
    start = Weights(shape, met, (min(0.5 / max(others, 2), 0.5), *close), 1 - LISTED if single else 1.0)
    _, record = np.unique(sample[0], return_inverse=True)
    distinct, place = np.unique(sample[1], return_inverse=True)
    seen = Seen(shape, distinct, place, record, random, max(others, 1), max(records, 1), single)
    if shape.known:
        return _settled(seen, start, close=True)
    alone = replace(
        start, met=(*met[:-1], seen.far(start, certain=False)), shares=(start.shares[0], *(0.0 for _ in close))
    )
    first = _settled(seen, alone, close=False)
    return _settled(seen, seen.again(first, close=True), close=True)


@dataclass(frozen=True, slots=True)
class Seen:
    """The sampled candidates: their distinct patterns, and for each its place among them and its record."""

    shape: Shape
    distinct: Ints
    place: Ints
    record: Ints
    random: tuple[Ints, Ints]
    others: int
    records: int
    single: bool

    def again(self, weights: Weights, *, close: bool) -> Weights:
        """One round: who is who by the weights so far, and the weights that follow from it."""
        odds = weights.odds(self.distinct)[self.place]
        held = odds / (1 + _sums(self.record, odds, 0)[self.record]) if len(odds) else odds
        return self.told(weights, held, close=close)

    def told(self, weights: Weights, held: Floats, *, close: bool) -> Weights:
        """The weights that follow when each candidate is its record's person with probability ``held``."""
        one = _sums(self.place, held, len(self.distinct))
        share = min(max(float(held.sum()) / (self.others * self.records), 1e-12), 0.5)
        same, far = self._shares(self.distinct, one, 0), self.far(weights, certain=True)
        nobody = self._nobody(float(held.sum()))
        if not close:
            return Weights(self.shape, (same, *weights.met[1:-1], far), (share, *weights.shares[1:]), nobody)
        left = _sums(self.place, 1 - held, len(self.distinct))
        kinds = [left] if not any(weights.shares[1:]) else [left * part for part in weights.kinds(self.distinct)[:-1]]
        near = [self._shares(self.distinct, pairs, kind) for kind, pairs in enumerate(kinds, start=1)]
        return Weights(self.shape, (same, *near, far), (share, *self._close(kinds)), nobody)

    def _nobody(self, found: float) -> float:
        """The share of records that are nobody; believed in part, or it would be nothing where everybody is found."""
        if not self.single:
            return 1.0
        return 1 - (found + KNOWN_RECORDS * LISTED) / (self.records + KNOWN_RECORDS)

    def _close(self, kinds: list[Floats]) -> list[float]:
        """The share of each close kind among all pairs: what was counted and what is believed."""
        believed = KNOWN_RECORDS if self.shape.known else 0.0
        asked = self.others * (self.records + believed)
        counted = [float(kind.sum()) + believed * rate for kind, rate in zip(kinds, self.shape.close, strict=True)]
        return [min(max(pairs / asked, 1e-12), 0.5 / len(kinds)) for pairs in counted]

    def far(self, weights: Weights, *, certain: bool) -> tuple[Floats, ...]:
        """Shares among random pairs, less those that are one person by the weights so far."""
        patterns, counts = self.random
        # Drawn at random, a pair stands for all that its record could be, not only for itself and nobody.
        one = weights.odds(patterns) * weights.nobody if certain else np.zeros(len(patterns))
        return self._shares(patterns, np.asarray(counts / (1 + one), np.float64), self.shape.random)

    def _shares(self, patterns: Ints, counts: Floats, kind: int) -> tuple[Floats, ...]:
        """Shares by comparison: what was counted and what is believed, each with its weight."""
        believed, found = self.shape.believed(kind), []
        random = kind == self.shape.random
        for at, (degrees, size) in enumerate(zip(self.shape.unpack(patterns), self.shape.sizes, strict=True)):
            counted = _sums(degrees, counts, size)
            counted[0] = 0.0
            if self.shape.known:
                counted += believed[at] * (KNOWN_PAIRS if random else KNOWN_SAME)
            counted[1:] += 0.0 if self.shape.known else UNSEEN if random else 0.5
            found.append(counted / counted.sum())
        return tuple(found)


def _settled(seen: Seen, weights: Weights, *, close: bool) -> Weights:
    for _ in range(ROUNDS):
        before, weights = weights.shares[0], seen.again(weights, close=close)
        if abs(np.log(weights.shares[0] / before)) < SETTLED:
            break
    return weights


def _log(degrees: list[Ints], met: tuple[Floats, ...]) -> Floats:
    """The logarithm of how often the degrees are met together; what is missing says nothing."""
    total = np.zeros(len(degrees[0]))
    for of, shares in zip(degrees, met, strict=True):
        worth = np.log(np.maximum(shares, 1e-12))
        worth[0] = 0.0
        total += worth[of]
    return total


def _sums(place: Ints, values: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(place, values, size), np.float64)


def _guess(size: int) -> Floats:
    """Agreement is the rule among pairs of one person, and each degree further down is met less often."""
    guess = np.r_[0.0, 0.5 ** np.arange(1, size)]
    shares: Floats = guess / guess.sum()
    return shares


def _even(size: int) -> Floats:
    return np.asarray(np.r_[0.0, np.full(size - 1, 1 / (size - 1))], np.float64)
