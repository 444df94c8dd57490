"""The draw itself: whole numbers in, whole numbers out, so that every chance is exact and can be checked by hand.

Luck comes from SHA-256 over the seed and the name of what is drawn. Anybody can repeat it with any tool; it does not
depend on the order of rows, on other counties, or on the version of a library.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from jingzhun.evaluation.fault import NotDrawable

DIGEST_BITS = 256
MOST_SIZE = 2**62
"""Sums of sizes times units beyond this do not fit whole numbers of 64 bits; no country has as many households."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One unit of a stratum: its place among the drawn or those in reserve, and its chance as part of whole.

    A unit in reserve has the chance that it had of being drawn.
    """

    code: str
    reserve: bool
    place: int
    part: int
    whole: int

    @property
    def certain(self) -> bool:
        return not self.reserve and self.part == self.whole


def lot(seed: int, *names: str) -> int:
    """The number that belongs to a name under a seed, of 256 bits."""
    text = "\x1f".join((str(seed), *names))
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")


def below(limit: int, seed: int, *names: str) -> int:
    """A whole number from 0 to ``limit`` - 1, each equally likely.

    A number of the incomplete last round is drawn again, or the first remainders would be likelier than others.
    """
    rounds = 2**DIGEST_BITS - 2**DIGEST_BITS % limit
    attempt = 0
    while (found := lot(seed, *names, str(attempt))) >= rounds:
        attempt += 1
    return found % limit


def shuffled(codes: Sequence[str], seed: int, *names: str) -> list[str]:
    """The codes in an order of chance in which every one is as likely; the order they are given in does not matter."""
    return sorted(codes, key=lambda code: (lot(seed, *names, code), code))


def apportioned(total: int, weights: Sequence[int], most: Sequence[int]) -> list[int]:
    """``total`` shared out by ``weights`` in whole numbers, none above its ``most``; what does not fit goes to others.

    By largest remainders, the first of equals first. Less than ``total`` only where there is no room for more.
    """
    shares = [0] * len(weights)
    while (left := min(total, sum(most)) - sum(shares)) > 0:
        room = [at for at, share in enumerate(shares) if share < most[at]]
        # Where only those of weight zero have room, they share what is left alike.
        taking = [at for at in room if weights[at] > 0] or room
        for at, more in _largest_remainders(left, {at: weights[at] or 1 for at in taking}).items():
            shares[at] = min(shares[at] + more, most[at])
    return shares


def _largest_remainders(total: int, weights: Mapping[int, int]) -> dict[int, int]:
    whole = sum(weights.values())
    given = {at: total * weight // whole for at, weight in weights.items()}
    by_rest = sorted(weights, key=lambda at: (-(total * weights[at] % whole), at))
    for at in by_rest[: total - sum(given.values())]:
        given[at] += 1
    return given


def systematic(sizes: Sequence[int], units: int, start: int) -> list[int]:
    """Places of the ``units`` drawn systematically with chances in proportion to ``sizes``, in the order of the list.

    The sizes, each taken ``units`` times, are laid end to end; a pointer stands at ``start`` and at every further whole
    sum of sizes. With ``start`` from 0 to the sum - 1, each equally likely, unit i is met ``units`` x size / sum times.
    No size may be so large that two pointers meet it; those are taken for certain before.
    """
    total = sum(sizes)
    if total * max(units, 1) >= MOST_SIZE:
        raise NotDrawable(
            f"规模度量合计 {total:,} 过大；请核对村的户数。",
            f"the sizes add up to {total:,}, which is too much; check the households of the villages.",
        )
    ends = np.cumsum(np.asarray(sizes, np.int64) * units)
    pointers = start + np.arange(units, dtype=np.int64) * total
    return [int(place) for place in np.searchsorted(ends, pointers, side="right")]


def draw_by_size(sizes: Mapping[str, int], units: int, reserve: int, seed: int, *names: str) -> list[Drawn]:
    """``units`` of a stratum, systematically by size in the order of their codes, and ``reserve`` more by lot.

    Units so large that their chance would reach one are taken for certain, and the others drawn by what is left.
    """
    codes = sorted(sizes)
    units = min(units, len(codes))
    certain = _certain(sizes, codes, units)
    rest = [code for code in codes if code not in certain]
    wanted, total = units - len(certain), sum(sizes[code] for code in rest)
    drawn = [Drawn(code, False, place, 1, 1) for place, code in enumerate(certain, start=1)]
    if wanted:
        start = below(total, seed, *names, "start")
        chosen = [rest[place] for place in systematic([sizes[code] for code in rest], wanted, start)]
        drawn += [
            Drawn(code, False, place, *_reduced(wanted * sizes[code], total))
            for place, code in enumerate(chosen, start=len(certain) + 1)
        ]
    taken = {one.code for one in drawn}
    waiting = shuffled([code for code in rest if code not in taken], seed, *names, "reserve")[:reserve]
    return drawn + [
        Drawn(code, True, place, *_reduced(wanted * sizes[code], total)) for place, code in enumerate(waiting, start=1)
    ]


def _certain(sizes: Mapping[str, int], codes: Sequence[str], units: int) -> list[str]:
    """Units whose chance would be one or more, found again after each removal because the others' chances grow."""
    certain: list[str] = []
    rest = list(codes)
    while rest and units > len(certain):
        wanted, total = units - len(certain), sum(sizes[code] for code in rest)
        large = [code for code in rest if wanted * sizes[code] >= total]
        if not large:
            break
        certain += large
        rest = [code for code in rest if code not in large]
    return certain


def draw_alike(codes: Sequence[str], units: int, reserve: int, seed: int, *names: str) -> list[Drawn]:
    """``units`` of a stratum, each with the same chance, and ``reserve`` more in the order in which they step in."""
    units = min(units, len(codes))
    order = shuffled(codes, seed, *names)
    part, whole = _reduced(units, len(codes)) if codes else (0, 1)
    drawn = [Drawn(code, False, place, part, whole) for place, code in enumerate(order[:units], start=1)]
    waiting = order[units : units + reserve]
    return drawn + [Drawn(code, True, place, part, whole) for place, code in enumerate(waiting, start=1)]


def _reduced(part: int, whole: int) -> tuple[int, int]:
    """The same chance in the smallest whole numbers."""
    chance = Fraction(part, whole)
    return chance.numerator, chance.denominator


def reserve_of(units: int, percent: Fraction, left: int) -> int:
    """How many are kept in reserve: so many percent of those drawn, rounded up, as far as there are any left."""
    return min(math.ceil(units * percent / 100), left)
