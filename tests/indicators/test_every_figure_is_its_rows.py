"""For any register and every additive indicator of the shipped pack: villages add up, and a figure is its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingzhun.engine import DuckDBEngine, Step
from jingzhun.indicators import MeasureRows, figure_steps, rows_behind
from jingzhun.policy.schema import Indicator
from tests.indicators.shipped import pack_of_tables, tables_of
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
    event,
    household,
    person,
    registry,
    resident,
    run,
    table_of,
)

TABLES = ("person", "household", "resident", "adjustment_event")
VILLAGES = {TOWNSHIP: (EAST, WEST), COUNTY: (EAST, WEST), OTHER_COUNTY: (SOUTH,), PREFECTURE: (EAST, WEST, SOUTH)}
PARTS = ("numerator", "denominator", "row_count", "unknown", "denominator_unknown")

Register = dict[str, list[Row]]
Sums = dict[tuple[str, str], tuple[Decimal, ...]]

PLACE = st.sampled_from([EAST, WEST, SOUTH])
STATUS = st.sampled_from(["未脱贫", "返贫", "预脱贫", "已脱贫", None])
SCHEME = st.sampled_from(["城乡居民", "城镇职工", "未参保", None])
BORN = st.one_of(st.none(), st.dates(date(1930, 1, 1), date(2018, 12, 31)))
PERSON = st.fixed_dictionaries(
    {
        "region_code": PLACE,
        "exit_status": STATUS,
        "medical_scheme": SCHEME,
        "pension_scheme": SCHEME,
        "birth_date": BORN,
    }
)
HOUSEHOLD = st.fixed_dictionaries(
    {"region_code": PLACE, "exit_status": STATUS, "net_income_per_head": st.one_of(st.none(), st.integers(0, 600_000))}
)
RESIDENT = st.fixed_dictionaries(
    {
        "region_code": PLACE,
        "hukou": st.sampled_from(["农业", "非农业", None]),
        "student": st.sampled_from([True, False, None]),
        "pension_scheme": SCHEME,
        "birth_date": BORN,
    }
)
EVENT = st.fixed_dictionaries(
    {
        "region_code": PLACE,
        "kind": st.sampled_from(["新识别", "返贫", "自然增加", "自然减少", "清退", "脱贫"]),
        "occurred_on": st.dates(date(2016, 6, 1), date(2018, 12, 31)),
        "household_event": st.sampled_from([True, False, None]),
        "person_code": st.sampled_from(["P1", "P2", None]),
        "evidence": st.sampled_from(["照片", None]),
        "reason": st.sampled_from(["有车", None]),
    }
)


def numbered(make: Callable[[str], Row], facts: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[list[Row]]:
    return st.lists(facts, max_size=8).map(
        lambda found: [{**make(f"N{number}"), **fact} for number, fact in enumerate(found)]
    )


REGISTER: st.SearchStrategy[Register] = st.fixed_dictionaries(
    {
        "person": numbered(person, PERSON),
        "household": numbered(household, HOUSEHOLD),
        "resident": numbered(resident, RESIDENT),
        "adjustment_event": numbered(lambda number: event(number, "脱贫"), EVENT),
    }
)
NOBODY: Register = {name: [] for name in TABLES}


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    pack_of_tables(*TABLES)  # a pack that cannot be read fails here, not once in every example
    with registry() as engine:
        yield engine


def counted(engine: DuckDBEngine, register: Register, spoil: Callable[[Step], Step] = lambda step: step) -> Sums:
    for name in TABLES:
        engine.load(name, table_of(name, register[name]))
    run(engine, (spoil(step) for step in figure_steps(pack_of_tables(*TABLES), AS_OF)))
    return {
        (row["indicator"], row["region_code"]): tuple(row[part] or Decimal(0) for part in PARTS)
        for row in engine.rows("SELECT * FROM figure")
    }


def disagreements(sums: Sums) -> set[tuple[str, str]]:
    """Indicators and divisions whose figure is not the sum of the villages below."""
    return {
        (name, above)
        for name, indicator in pack_of_tables(*TABLES).indicators.items()
        for above, villages in VILLAGES.items()
        if added(sums, indicator, above)
        != [sum(part) for part in zip(*(added(sums, indicator, v) for v in villages), strict=True)]
    }


def added(sums: Sums, indicator: Indicator, region: str) -> list[Decimal]:
    """What must add up. A village without a row for the numerator has no figure, so its denominator shows nowhere."""
    figure = dict(zip(PARTS, sums.get((indicator.id, region), (Decimal(0),) * len(PARTS)), strict=True))
    of_one_table = len(tables_of(indicator)) == 1
    return [amount for part, amount in figure.items() if of_one_table or not part.startswith("denominator")]


def without_east(step: Step) -> Step:
    """Sabotage: a village counts for itself and is forgotten on the way up."""
    forgotten = f"WHERE NOT (p.region_code = '{EAST}' AND c.ancestor_code <> p.region_code) AND NOT whole"
    return replace(step, sql=step.sql.replace("WHERE NOT whole", forgotten)) if step.name == "measure_value" else step


def untraced(engine: DuckDBEngine, sums: Sums, region: str, narrow: Callable[[str], str] = str) -> set[str]:
    """Parts of figures of a division that count another number of rows than they open onto."""
    pack = pack_of_tables(*TABLES)
    return {
        f"{name} {behind.part}"
        for name in pack.indicators
        if (name, region) in sums
        for behind in rows_behind(pack, AS_OF, name, region)
        if opened(engine, behind, narrow) != shown(sums[name, region], behind.part)
    }


def opened(engine: DuckDBEngine, behind: MeasureRows, narrow: Callable[[str], str]) -> int:
    return int(engine.value(f"SELECT count(*) FROM ({narrow(behind.sql)})"))


def shown(figure: tuple[Decimal, ...], part: str) -> int:
    """All denominators of these tables count rows, so a denominator is its own number of rows."""
    names = {"numerator": "row_count", "numerator_unknown": "unknown"}
    return int(dict(zip(PARTS, figure, strict=True))[names.get(part, part)])


def test_there_are_many_indicators_to_try() -> None:
    chosen = pack_of_tables(*TABLES).indicators.values()
    assert len(chosen) > 20
    assert not any(part.distinct for i in chosen for part in (i.numerator, i.denominator) if part)


@settings(max_examples=30, deadline=None)
@given(register=REGISTER)
def test_every_level_is_the_sum_of_its_villages(engine: DuckDBEngine, register: Register) -> None:
    assert disagreements(counted(engine, register)) == set()


@settings(max_examples=15, deadline=None)
@given(register=REGISTER)
def test_a_village_forgotten_on_the_way_up_is_found(engine: DuckDBEngine, register: Register) -> None:
    with_east = {**register, "person": [*register["person"], person("E", exit_status="未脱贫")]}
    found = disagreements(counted(engine, with_east, without_east))
    assert {("poor_persons", above) for above in (TOWNSHIP, COUNTY, PREFECTURE)} <= found


@settings(max_examples=5, deadline=None)
@given(register=REGISTER, region=st.sampled_from([EAST, COUNTY, PREFECTURE]))
def test_a_figure_opens_onto_as_many_rows_as_it_counts(engine: DuckDBEngine, register: Register, region: str) -> None:
    assert untraced(engine, counted(engine, register), region) == set()


def test_a_trace_that_loses_a_row_is_found(engine: DuckDBEngine) -> None:
    sums = counted(engine, {**NOBODY, "person": [person("P1"), person("P2")]})
    assert untraced(engine, sums, COUNTY) == set()
    lost = untraced(engine, sums, COUNTY, lambda sql: f"{sql} LIMIT 1")
    assert {"registered_persons numerator", "exited_persons numerator"} <= lost
