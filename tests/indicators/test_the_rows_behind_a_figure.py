"""A figure opens onto exactly the rows that were counted, and beside them those that could not be."""

from __future__ import annotations

from jingzhun.indicators import figure_steps, rows_behind
from tests.small import AS_OF, COUNTY, EAST, WEST, Row, person, registry, resident, run, small_pack

PEOPLE: list[Row] = [
    person("P1", exit_status="未脱贫"),
    person("P2", village=WEST, exit_status="返贫"),
    person("P3"),
    person("P4", exit_status=None),
    person("P5", year=2016, exit_status="未脱贫"),
]


def behind(region: str) -> dict[str, list[str]]:
    """Keys of the rows of every part of the headcount rate."""
    with registry({"person": PEOPLE, "resident": [resident("1"), resident("2", hukou="非农业")]}) as engine:
        run(engine, figure_steps(small_pack(), AS_OF))
        parts = rows_behind(small_pack(), AS_OF, "poor_share", region)
        return {part.part: [str(row[part.table.key[-1]]) for row in engine.rows(part.sql)] for part in parts}


def test_the_rows_are_those_that_were_counted() -> None:
    found = behind(COUNTY)
    assert found["numerator"] == ["P1", "P2"]
    assert found["denominator"] == ["1"]


def test_a_village_opens_onto_its_own_rows() -> None:
    assert behind(EAST)["numerator"] == ["P1"]
    assert behind(WEST)["numerator"] == ["P2"]


def test_rows_that_lack_what_decides_are_shown_apart() -> None:
    assert behind(COUNTY)["numerator_unknown"] == ["P4"]
    assert behind(WEST)["numerator_unknown"] == []
