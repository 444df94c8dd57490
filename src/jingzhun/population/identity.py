"""Citizen identity numbers that are well formed and all different, made column by column.

A number is division (6), date of birth (8), sequence (3, odd for men) and check digit (GB 11643-1999).
Different townships draw from different parts of the sequence, so no register of numbers in use is needed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from jingzhun.population.shares import share

Ints = npt.NDArray[np.int64]
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], np.int64)
CHECK = np.frombuffer(b"10X98765432", np.uint8)
NATIVE, GUEST = 300, 200
"""Pairs of sequence numbers (one for each sex) kept for people born here, and for people born elsewhere."""


class NumbersUsedUp(ValueError):
    """More people with one birthday than there are numbers."""

    def __init__(self, county: str) -> None:
        self.zh = (
            f"{county} 的证件号码不够用；请减少人口数，或在政策包 population/calibration.yaml 的 identity.overflow 中"
            "增加区划代码。"
        )
        self.en = (
            f"identity numbers of {county} are used up: invent fewer people, or add division codes to "
            "identity.overflow in the pack's population/calibration.yaml."
        )
        super().__init__(f"{self.zh} {self.en}")


@dataclass(frozen=True, slots=True)
class Range:
    """The part of the number space that belongs to one township."""

    prefixes: tuple[str, ...]
    """The county's own code first, then codes for the overflow."""
    guests: tuple[str, ...]
    first: int
    width: int
    guest_slot: int


def number_parts(people: Ints) -> list[tuple[int, int]]:
    """First number pair and number of pairs of each township of a county, in proportion to its ``people``."""
    width = share(NATIVE - len(people), np.maximum(people, 1)) + 1
    return list(zip(map(int, np.cumsum(width) - width), map(int, width), strict=True))


def number_range(
    own: tuple[str, ...], guests: tuple[str, ...], part: tuple[int, int], overall: tuple[int, int]
) -> Range:
    """The range of a township: its part of the county's pairs, and its place among all townships (and their number)."""
    groups = -(-overall[1] // GUEST)
    return Range(own, guests[overall[0] // GUEST :: groups], part[0], part[1], overall[0] % GUEST)


def numbers(birth: Ints, female: npt.NDArray[np.bool_], guest: Ints, span: Range, county: str) -> pa.Array:
    """Identity numbers. ``birth`` in days since 1970; ``guest`` is the index of a foreign birthplace or -1."""
    guest = np.where((guest >= 0) & bool(span.guests), guest % max(1, len(span.guests)), -1)
    key = birth * 2 + female
    again = _rank(np.where(guest >= 0, (guest + 1) * 10**7 + key, -np.arange(1, len(birth) + 1)))
    foreign = (guest >= 0) & (again == 0)
    rank = np.zeros(len(birth), np.int64)
    rank[~foreign] = _rank(key[~foreign])
    overflow = rank // span.width
    if len(birth) and int(overflow.max()) >= len(span.prefixes):
        raise NumbersUsedUp(county)
    pair = np.where(foreign, NATIVE + span.guest_slot, span.first + rank % span.width)
    prefixes = _digits(span.prefixes)[overflow]
    if len(span.guests):
        prefixes[foreign] = _digits(span.guests)[guest[foreign]]
    return assemble(prefixes, birth, pair * 2 + ~female)


def assemble(prefixes: npt.NDArray[np.uint8], birth: Ints, sequence: Ints) -> pa.Array:
    """Text of 18 characters from prefix digits (n, 6), birth days and sequence 0 to 999."""
    digits = np.empty((len(birth), 18), np.uint8)
    digits[:, :6] = prefixes
    days = birth.astype("datetime64[D]")
    year = days.astype("datetime64[Y]").astype(np.int64) + 1970
    month = days.astype("datetime64[M]").astype(np.int64) % 12 + 1
    day = (days - days.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1
    number = (year * 10000 + month * 100 + day) * 1000 + sequence
    for place in range(16, 5, -1):
        digits[:, place] = number % 10
        number //= 10
    check = CHECK[(digits[:, :17].astype(np.int64) @ WEIGHTS) % 11]
    digits[:, :17] += 48
    digits[:, 17] = check
    return fixed_text(digits)


def fixed_text(letters: npt.NDArray[np.uint8]) -> pa.Array:
    """Rows of ASCII letters as a text column, without a loop."""
    offsets = np.arange(len(letters) + 1, dtype=np.int32) * letters.shape[1]
    return pa.StringArray.from_buffers(len(letters), pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(letters)))


def _digits(prefixes: tuple[str, ...]) -> npt.NDArray[np.uint8]:
    return np.array([[int(letter) for letter in prefix[:6]] for prefix in prefixes], np.uint8)


def _rank(keys: Ints) -> Ints:
    """How many equal keys came before each."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.r_[True, ordered[1:] != ordered[:-1]] if len(keys) else np.zeros(0, bool)
    first = np.maximum.accumulate(np.where(starts, np.arange(len(keys)), 0)) if len(keys) else np.zeros(0, np.int64)
    rank = np.empty(len(keys), np.int64)
    rank[order] = np.arange(len(keys)) - first
    return rank
