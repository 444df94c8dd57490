"""The published statistics and the open data that they are of (``tests/fixtures/golden``)."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

FOLDER = Path(__file__).parents[1] / "fixtures" / "golden"
FILES = (FOLDER / "golden.csv", FOLDER / "survey_outputs.csv", Path(__file__).with_name("published_elsewhere.csv"))
"""The last one has values of web pages, with the page of each; the data that they are of stays among the fixtures."""


@dataclass(frozen=True)
class Published:
    """One published value and how far the print allows another one to be off."""

    set: str
    id: str
    data: str
    measure: str
    params: str
    value: float
    tolerance: float

    def check(self, found: float) -> None:
        assert found == pytest.approx(self.value, abs=self.tolerance, rel=0), (self.id, found, self.value)


@cache
def published() -> list[Published]:
    return [one for path in FILES for one in _read(path)]


def _read(path: Path) -> list[Published]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Published(
                set=row["set"],
                id=row["id"],
                data=row["data"],
                measure=row["measure"],
                params=row["params"],
                value=float(row["value"]),
                tolerance=float(row["abs_tol"]),
            )
            for row in csv.DictReader(file)
        ]


def of_sets(*names: str) -> Iterable[object]:
    """The values of some sets, each a case of a test."""
    return [pytest.param(one, id=f"{one.set} {one.id}") for one in published() if one.set in names]


@cache
def columns(file: str) -> dict[str, NDArray[np.str_]]:
    """A table of the open data by columns, as text."""
    with (FOLDER / "data" / file).open(encoding="utf-8", newline="") as source:
        header, *rows = list(csv.reader(source))
    return {name: np.array([row[at] for row in rows]) for at, name in enumerate(header)}


def numbers(file: str, column: str) -> NDArray[np.float64]:
    """A column as numbers; an empty cell has none."""
    return np.array([float(text) if text not in ("", "NA") else np.nan for text in columns(file)[column]])
