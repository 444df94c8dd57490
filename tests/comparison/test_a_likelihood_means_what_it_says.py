"""Of the pairs that are said to be one person by a likelihood, that share is one person, whatever the lists share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from benchmarks.linkage_set import write

from jingzhun.comparison import Plan, link
from jingzhun.comparison.plan import spread_of
from jingzhun.comparison.spelling import shapes_of
from jingzhun.comparison.weights import Seen
from jingzhun.engine import DuckDBEngine
from tests.comparison.people import PACK
from tests.small import Row

SHAPES = shapes_of(row.characters for row in PACK.look_alikes)
ENOUGH, FAR, BY_CHANCE = 50, 0.1, 3
"""A tenth of so many pairs may be off by so much, and by so many standard deviations of its count."""
FAR_ON_AVERAGE = 0.08
PLAIN = "name, id_number, birth_date, sex, region_code"
SHORT = "left(name, 2) AS name, id_number, birth_date, sex, region_code"
POOR = (
    "left(name, 2) AS name, CASE WHEN row_no % 10 < 3 THEN id_number END AS id_number, "
    "CASE WHEN row_no % 7 < 2 THEN birth_date END AS birth_date, sex, region_code"
)
"""Names of two characters, and mostly neither number nor birth date: thousands of pairs can only be guessed at."""


@dataclass(frozen=True, slots=True)
class Mix:
    """Which rows of the two lists are held against each other, and what is known of them."""

    register: str = f"SELECT {SHORT}, row_no FROM register"
    department: str = f"SELECT {POOR}, row_no FROM department"


AS_GENERATED = Mix(f"SELECT {PLAIN}, row_no FROM register", f"SELECT {PLAIN}, row_no FROM department")
TWO_IN_THREE = Mix()
FEW = Mix(register=f"SELECT {SHORT}, row_no FROM register WHERE row_no % 4 = 0")
NEARLY_ALL = Mix(department=f"SELECT {POOR}, row_no FROM department WHERE truth >= 0 OR row_no % 8 = 0")
MIXES = pytest.mark.parametrize(
    "mix",
    [
        pytest.param(TWO_IN_THREE, id="two in three are listed"),
        pytest.param(FEW, id="few are listed"),
        pytest.param(NEARLY_ALL, id="nearly all are listed"),
    ],
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lists")
    write(folder, 10_000, seed=31)
    return folder


def tenths(folder: Path, mix: Mix) -> list[Row]:
    """Pairs by the tenth that their likelihood falls into: what was said of them, and how many were one person."""
    with linked(folder, mix) as engine:
        return engine.rows(
            "SELECT least(CAST(floor(probability * 10) AS INTEGER), 9) AS tenth, count(*) AS pairs, "
            "avg(probability) AS said, avg(CASE WHEN d.truth = m.left_no THEN 1.0 ELSE 0 END)::DOUBLE AS was "
            "FROM link_matched m JOIN department d ON d.row_no = m.right_no GROUP BY 1 ORDER BY 1"
        )


@contextmanager
def linked(folder: Path, mix: Mix) -> Iterator[DuckDBEngine]:
    spread = f"{spread_of('CAST(row_no AS VARCHAR)')} AS spread"
    with DuckDBEngine(threads=1) as engine:
        for name in ("register", "department"):
            engine.read_parquet(name, [folder / f"{name}.parquet"])
        sides = (f"SELECT *, {spread} FROM ({rows})" for rows in (mix.register, mix.department))
        link(engine, Plan(PACK.linkages["people"], {}), *sides, SHAPES)
        yield engine


def strayed(rows: list[Row], by_chance: int = BY_CHANCE) -> list[Row]:
    """Tenths of enough pairs where what was said is not what was true, by more than their count allows."""
    return [
        row
        for row in rows
        if row["pairs"] >= ENOUGH
        and abs(row["said"] - row["was"]) > FAR + by_chance * (row["was"] * (1 - row["was"]) / row["pairs"]) ** 0.5
    ]


def astray(rows: list[Row]) -> float:
    """How far what was said is from what was true, on average of all pairs."""
    return float(sum(row["pairs"] * abs(row["said"] - row["was"]) for row in rows) / sum(row["pairs"] for row in rows))


def unsure(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["tenth"] < 9]


def test_likelihoods_of_lists_as_departments_have_them_are_true(folder: Path) -> None:
    rows = tenths(folder, AS_GENERATED)
    assert strayed(rows, by_chance=0) == []
    assert astray(rows) < 0.005
    assert strayed([row | {"said": row["said"] - 0.11} for row in rows], by_chance=0)


@MIXES
def test_likelihoods_of_pairs_that_can_only_be_guessed_at_are_true(folder: Path, mix: Mix) -> None:
    rows = tenths(folder, mix)
    assert sum(row["pairs"] for row in unsure(rows)) > 1000
    assert strayed(rows) == []
    assert astray(unsure(rows)) < FAR_ON_AVERAGE


@pytest.mark.parametrize("by", [-0.15, 0.15])
def test_likelihoods_that_are_all_too_low_or_too_high_are_caught(folder: Path, by: float) -> None:
    assert strayed([row | {"said": row["said"] + by} for row in unsure(tenths(folder, TWO_IN_THREE))])


@MIXES
def test_likelihoods_that_forget_how_many_people_the_lists_share_are_caught(
    folder: Path, mix: Mix, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: with nobody as a rival who is always certain, the more people are listed the more is said too low."""
    monkeypatch.setattr(Seen, "_nobody", lambda self, found: 1.0)
    rows = tenths(folder, mix)
    assert astray(unsure(rows)) > FAR_ON_AVERAGE
    assert mix == FEW or strayed(rows)
