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

from jingzhun.measurement.cells import Codes
from jingzhun.measurement.selection import systematic_pps

DIGEST_BITS = 256


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


def draw_by_size(sizes: Mapping[str, int], units: int, reserve: int, seed: int, *names: str) -> list[Drawn]:
    """``units`` of a stratum, systematically by size in the order of their codes, and ``reserve`` more by lot.

    Units so large that their chance would reach one are taken for certain, and the others drawn by what is left.
    Raises ``NotMeasurable`` for sizes that do not fit whole numbers of 64 bits.
    """
    codes = sorted(sizes)
    if not codes:
        return []

    def start(totals: Codes) -> Codes:
        return np.array([below(int(total), seed, *names, "start") for total in totals], np.int64)

    stratum, draws = np.zeros(len(codes), np.int64), min(units, len(codes))
    selection = systematic_pps([sizes[code] for code in codes], stratum, draws, start, key=codes)
    chances = {
        code: _reduced(int(part), int(whole))
        for code, part, whole in zip(codes, selection.numerator, selection.denominator, strict=True)
    }
    certain = [code for code in codes if chances[code] == (1, 1)]
    chosen = [code for code, taken in zip(codes, selection.drawn, strict=True) if taken and chances[code] != (1, 1)]
    taken = certain + chosen
    waiting = shuffled([code for code in codes if code not in set(taken)], seed, *names, "reserve")[:reserve]
    return [
        *(Drawn(code, False, place, *chances[code]) for place, code in enumerate(taken, start=1)),
        *(Drawn(code, True, place, *chances[code]) for place, code in enumerate(waiting, start=1)),
    ]


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
