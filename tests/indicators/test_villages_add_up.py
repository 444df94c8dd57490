"""For any register: what the villages count is what the township, the county and the prefecture count."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingzhun.engine import DuckDBEngine, Step
from jingzhun.indicators import figure_steps
from tests.small import (
    AS_OF,
    COUNTY,
    EAST,
    OTHER_COUNTY,
    PREFECTURE,
    SOUTH,
    TOWNSHIP,
    WEST,
    Row,
    household,
    person,
    registry,
    run,
    small_pack,
    table_of,
)

VILLAGES = {TOWNSHIP: (EAST, WEST), COUNTY: (EAST, WEST), OTHER_COUNTY: (SOUTH,), PREFECTURE: (EAST, WEST, SOUTH)}
STATUSES = st.sampled_from(["未脱贫", "返贫", "已脱贫", None])
PEOPLE = st.lists(st.tuples(st.sampled_from([EAST, WEST, SOUTH]), STATUSES, st.sampled_from([2016, 2018])), max_size=25)
HOMES = st.lists(
    st.tuples(st.sampled_from([EAST, WEST, SOUTH]), st.one_of(st.none(), st.integers(0, 600_000))), max_size=25
)
ADDITIVE = ("poor_share", "line_passed")
Sums = dict[tuple[str, str], tuple[Decimal, int, int]]


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with registry() as engine:
        yield engine


def counted(
    engine: DuckDBEngine,
    people: list[tuple[str, str | None, int]],
    homes: list[tuple[str, int | None]],
    spoil: str = "",
) -> Sums:
    """Numerator, rows and unknown rows of the additive figures. ``spoil`` drops a village on its way up."""
    persons = [
        person(f"P{n}", village=village, year=year, exit_status=status)
        for n, (village, status, year) in enumerate(people)
    ]
    households: list[Row] = [
        household(f"H{n}", village, net_income_per_head=fen) for n, (village, fen) in enumerate(homes)
    ]
    engine.load("person", table_of("person", persons))
    engine.load("household", table_of("household", households))
    run(engine, (spoilt(step, spoil) for step in figure_steps(small_pack(), AS_OF)))
    listed = ", ".join(f"'{name}'" for name in ADDITIVE)
    return {
        (row["indicator"], row["region_code"]): (row["numerator"] or Decimal(0), row["row_count"], row["unknown"])
        for row in engine.rows(f"SELECT * FROM figure WHERE indicator IN ({listed})")
    }


def spoilt(step: Step, village: str) -> Step:
    if not village or step.name != "measure_value":
        return step
    return Step(
        step.name,
        step.sql.replace(
            "WHERE NOT whole",
            f"WHERE NOT whole AND NOT (p.region_code = '{village}' AND c.ancestor_code <> p.region_code)",
        ),
        step.about,
    )


def disagreements(sums: Sums) -> list[tuple[str, str]]:
    nothing = (Decimal(0), 0, 0)
    return [
        (name, above)
        for name in ADDITIVE
        for above, villages in VILLAGES.items()
        if sums.get((name, above), nothing)
        != tuple(map(sum, zip(*(sums.get((name, village), nothing) for village in villages), strict=True)))
    ]


@settings(max_examples=60, deadline=None)
@given(people=PEOPLE, homes=HOMES)
def test_every_level_is_the_sum_of_its_villages(
    engine: DuckDBEngine, people: list[tuple[str, str | None, int]], homes: list[tuple[str, int | None]]
) -> None:
    assert disagreements(counted(engine, people, homes)) == []


@settings(max_examples=30, deadline=None)
@given(people=PEOPLE)
def test_a_village_lost_on_the_way_up_shows(engine: DuckDBEngine, people: list[tuple[str, str | None, int]]) -> None:
    """The twin of the invariant: it must fail when one village is dropped."""
    with_east = [*people, (EAST, "未脱贫", 2018)]
    assert ("poor_share", TOWNSHIP) in disagreements(counted(engine, with_east, [], spoil=EAST))
