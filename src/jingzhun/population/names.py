"""Names of invented people: surnames cluster by village, given names follow sex and generation, some are rare."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
OWN_SURNAMES = 4
"""Surnames that dominate a village."""


@dataclass(frozen=True, slots=True)
class Names:
    """Frequency tables. ``given[group]`` holds characters and cumulative weights for man/woman x old/young."""

    surnames: pa.Array
    surname_odds: npt.NDArray[np.float64]
    given: dict[tuple[bool, bool], tuple[pa.Array, npt.NDArray[np.float64]]]
    rare: pa.Array
    rare_share: float = 0.0006
    single_share: float = 0.13

    def village_surnames(self, rng: np.random.Generator, villages: int) -> Ints:
        """Indices of the surnames that each of ``villages`` is full of, shape (villages, 4)."""
        return np.searchsorted(self.surname_odds, rng.random((villages, OWN_SURNAMES)), side="right").astype(np.int64)

    def family(self, rng: np.random.Generator, own: Ints, local: float = 0.62) -> Ints:
        """One surname index per household; ``own`` holds the surnames of its village, shape (n, 4)."""
        n = len(own)
        common = np.searchsorted(self.surname_odds, rng.random(n), side="right")
        mine = own[np.arange(n), rng.integers(0, OWN_SURNAMES, n)]
        return np.where(rng.random(n) < local, mine, common).astype(np.int64)

    def any_surname(self, rng: np.random.Generator, n: int) -> Ints:
        return np.searchsorted(self.surname_odds, rng.random(n), side="right").astype(np.int64)

    def full(
        self, rng: np.random.Generator, surname: Ints, female: npt.NDArray[np.bool_], young: npt.NDArray[np.bool_]
    ) -> pa.Array:
        """Full names as text."""
        n = len(surname)
        first, second = self._given(rng, female, young), self._given(rng, female, young)
        seldom = np.flatnonzero(rng.random(n) < self.rare_share)
        single = rng.random(n) < self.single_share
        characters, offset = self._alphabet()
        first[seldom] = offset + rng.integers(0, len(self.rare), len(seldom))
        second[single] = len(characters) - 1
        parts = (
            self.surnames.take(pa.array(surname)),
            characters.take(pa.array(first)),
            characters.take(pa.array(second)),
        )
        return pc.binary_join_element_wise(*parts, "")

    def _given(self, rng: np.random.Generator, female: npt.NDArray[np.bool_], young: npt.NDArray[np.bool_]) -> Ints:
        drawn, start, u = np.zeros(len(female), np.int64), 0, rng.random(len(female))
        for (woman, late), (characters, odds) in self.given.items():
            here = (female == woman) & (young == late)
            drawn[here] = start + np.searchsorted(odds, u[here], side="right")
            start += len(characters)
        return drawn

    def _alphabet(self) -> tuple[pa.Array, int]:
        """All given-name characters in one list, the rare ones after ``offset``, an empty one last."""
        common = [characters for characters, _ in self.given.values()]
        offset = sum(len(characters) for characters in common)
        return pa.concat_arrays([*common, self.rare, pa.array([""])]), offset


def read_names(folder: Path) -> Names:
    """``surnames.csv`` and ``given_names.csv`` of a pack: sex is m, f or u, era old, young, any or rare."""
    surnames = _rows(folder / "surnames.csv")
    given = _rows(folder / "given_names.csv")
    groups = {}
    for woman in (False, True):
        for young in (False, True):
            fits = [
                row
                for row in given
                if row["sex"] in ("u", "f" if woman else "m") and row["era"] in ("any", "young" if young else "old")
            ]
            groups[woman, young] = (pa.array([row["character"] for row in fits]), _odds(fits))
    rare = pa.array([row["character"] for row in given if row["era"] == "rare"])
    return Names(pa.array([row["surname"] for row in surnames]), _odds(surnames), groups, rare)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, strict=True))


def _odds(rows: list[dict[str, str]]) -> npt.NDArray[np.float64]:
    """Cumulative odds whose last is above any random number, so that rounding cannot lead past the end."""
    odds = np.cumsum([float(row["weight"]) for row in rows])
    odds /= odds[-1]
    odds[-1] = 2.0
    return odds
