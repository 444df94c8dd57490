"""Names of invented people: surnames cluster by village, given names follow sex and generation, some are rare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict, Field

from jingzhun.policy import PackFaults
from jingzhun.policy.reader import Reader

Ints = npt.NDArray[np.int64]
OWN_SURNAMES = 4
"""Surnames that dominate a village."""
Weight = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Surname(BaseModel):
    """One line of ``population/surnames.csv``."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    surname: str
    weight: Weight


class Given(BaseModel):
    """One line of ``population/given_names.csv``."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    character: str
    sex: Literal["m", "f", "u"]
    era: Literal["old", "young", "any", "rare"]
    weight: Weight


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
    """``surnames.csv`` and ``given_names.csv`` in a pack's folder. Raises ``PackFaults`` where they are not sound."""
    reader = Reader(folder.parent)
    names = names_of(reader, folder.name)
    if names is None:
        raise PackFaults(folder.parent, reader.faults)
    return names


def names_of(reader: Reader, folder: str = "population") -> Names | None:
    """The names that a pack says; None where it has a fault, which the reader then holds."""
    before = len(reader.faults)
    surnames = reader.rows(f"{folder}/surnames.csv", Surname)
    given = reader.rows(f"{folder}/given_names.csv", Given)
    fits = {
        (woman, young): [
            one for one in given if one.sex in ("u", "f" if woman else "m") and one.era in ("any", _ERAS[young])
        ]
        for woman in (False, True)
        for young in (False, True)
    }
    rare = [one.character for one in given if one.era == "rare"]
    if len(reader.faults) == before:
        _say_what_lacks(reader, folder, bool(surnames), bool(rare) and all(fits.values()))
    if len(reader.faults) > before:
        return None
    groups = {of: (pa.array([one.character for one in some]), _odds(some)) for of, some in fits.items()}
    return Names(pa.array([one.surname for one in surnames]), _odds(surnames), groups, pa.array(rare))


_ERAS = {False: "old", True: "young"}


def _say_what_lacks(reader: Reader, folder: str, surnames: bool, given: bool) -> None:
    if not surnames:
        reader.fault(
            reader.root / folder / "surnames.csv",
            1,
            "一个姓也没有；请至少写一行。",
            "there is no surname; write one line at least.",
        )
    if not given:
        reader.fault(
            reader.root / folder / "given_names.csv",
            1,
            "男女、老少和生僻（rare）各要有用字；请补上。",
            "characters are wanted for men and women, old and young, and rare ones; add them.",
        )


def _odds(rows: Sequence[Surname | Given]) -> npt.NDArray[np.float64]:
    """Cumulative odds whose last is above any random number, so that rounding cannot lead past the end."""
    odds = np.cumsum([row.weight for row in rows])
    odds /= odds[-1]
    odds[-1] = 2.0
    return odds
