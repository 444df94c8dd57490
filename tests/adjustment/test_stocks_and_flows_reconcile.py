"""Opening stock plus events gives the closing stock, in every division, households and persons, register and poor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingzhun.adjustment import flow_steps
from jingzhun.engine import DuckDBEngine
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
    run,
    table_of,
)

VILLAGES = (EAST, WEST, SOUTH)
FIRST, LAST = date(2017, 1, 1), AS_OF
Line = dict[str, Any]
KINDS = ("新识别", "返贫", "脱贫", "清退", "自然增加", "自然减少", "拆户", "并户", "销户")


@dataclass
class Home:
    code: str
    village: str
    poor: bool
    members: list[str]


@dataclass
class Registry:
    """A register that events are applied to; it writes down both, as two offices would."""

    homes: dict[str, Home] = field(default_factory=dict)
    events: list[Row] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 10**6)))

    def new_home(self, village: str, poor: bool, members: int) -> Home:
        home = Home(f"H{next(self.numbers)}", village, poor, [f"P{next(self.numbers)}" for _ in range(members)])
        self.homes[home.code] = home
        return home

    def rows(self, year: int) -> dict[str, list[Row]]:
        status = {True: "未脱贫", False: "已脱贫"}
        homes = [
            household(home.code, home.village, year, exit_status=status[home.poor]) for home in self.homes.values()
        ]
        people = [
            person(code, home.code, home.village, year, exit_status=status[home.poor])
            for home in self.homes.values()
            for code in home.members
        ]
        return {"household": homes, "person": people}

    def write(self, kind: str, home: Home, on: date, *, members: list[str], whole: bool, stock: str = "") -> None:
        """A row for each member, the first also moving the household; without members one row of the household."""
        before = stock or ("贫困" if home.poor else "已脱贫")
        for place, member in enumerate(members or [None]):
            row = event(f"E{next(self.numbers)}", kind, home.code, on, region_code=home.village, stock=before)
            self.events.append({**row, "person_code": member, "household_event": whole and place == 0})

    def happen(self, kind: str, home: Home, on: date, size: int) -> None:
        """One event, if it can happen to this household."""
        if kind == "新识别":
            fresh = self.new_home(home.village, poor=True, members=size)
            self.write(kind, fresh, on, members=fresh.members, whole=True, stock="未建档")
        elif kind == "返贫" and not home.poor:
            self.write(kind, home, on, members=home.members, whole=True)
            home.poor = True
        elif kind == "脱贫" and home.poor:
            self.write(kind, home, on, members=home.members, whole=True)
            home.poor = False
        elif kind == "清退":
            self.write(kind, home, on, members=home.members, whole=True)
            del self.homes[home.code]
        elif kind == "自然增加":
            home.members.append(f"P{next(self.numbers)}")
            self.write(kind, home, on, members=home.members[-1:], whole=False)
        elif kind == "自然减少":
            self.write(kind, home, on, members=[home.members.pop()], whole=False)
            if not home.members:
                self.write("销户", home, on, members=[], whole=True)
                del self.homes[home.code]
        elif kind == "拆户" and len(home.members) > 1:
            part = self.new_home(home.village, home.poor, 0)
            part.members = [home.members.pop()]
            self.write(kind, part, on, members=[], whole=True)
        elif kind == "并户":
            self.merge(home, on)

    def merge(self, home: Home, on: date) -> None:
        """Into a household of the same village and status, if there is one."""
        near = [
            other
            for other in self.homes.values()
            if other is not home and (other.village, other.poor) == (home.village, home.poor)
        ]
        if near:
            self.write("并户", home, on, members=[], whole=True)
            near[0].members += home.members
            del self.homes[home.code]


HOMES = st.lists(st.tuples(st.sampled_from(VILLAGES), st.booleans(), st.integers(1, 4)), min_size=1, max_size=8)
EVENTS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 50), st.dates(FIRST, LAST), st.integers(1, 3)),
    max_size=15,
)


def lived(homes: list[tuple[str, bool, int]], events: list[tuple[str, int, date, int]]) -> dict[str, list[Row]]:
    """The two registers and the events between them."""
    registry_ = Registry()
    for village, poor, members in homes:
        registry_.new_home(village, poor, members)
    opening = registry_.rows(2016)
    for kind, which, on, size in sorted(events, key=lambda drawn: drawn[2]):
        left = list(registry_.homes.values())
        if left:
            registry_.happen(kind, left[which % len(left)], on, size)
    closing = registry_.rows(2018)
    return {
        "household": opening["household"] + closing["household"],
        "person": opening["person"] + closing["person"],
        "adjustment_event": registry_.events,
    }


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with registry() as engine:
        yield engine


def flows(engine: DuckDBEngine, tables: dict[str, list[Row]]) -> list[Line]:
    for name in ("household", "person", "adjustment_event"):
        engine.load(name, table_of(name, tables.get(name, [])))
    return run(engine, flow_steps(AS_OF)).rows("SELECT * FROM flow")


def differences(lines: list[Line]) -> dict[tuple[str, str, str], int]:
    return {
        (line["region_code"], line["stock"], line["counted"]): line["difference"]
        for line in lines
        if line["difference"]
    }


@settings(max_examples=40, deadline=None)
@given(homes=HOMES, events=EVENTS)
def test_any_history_reconciles_in_every_division(
    engine: DuckDBEngine, homes: list[tuple[str, bool, int]], events: list[tuple[str, int, date, int]]
) -> None:
    lines = flows(engine, lived(homes, events))
    assert differences(lines) == {}
    for village in {village for village, _, _ in homes}:
        assert len([line for line in lines if line["region_code"] == village]) == 4


def with_one_gone(events: list[Row], which: int) -> list[Row]:
    return events[:which] + events[which + 1 :]


@settings(max_examples=40, deadline=None)
@given(homes=HOMES, events=EVENTS, data=st.data())
def test_an_event_that_was_not_reported_shows(
    engine: DuckDBEngine,
    homes: list[tuple[str, bool, int]],
    events: list[tuple[str, int, date, int]],
    data: st.DataObject,
) -> None:
    """The twin of the invariant: it must fail when one row that moves a stock is missing."""
    tables = lived(homes, events)
    if not tables["adjustment_event"]:
        return
    which = data.draw(st.integers(0, len(tables["adjustment_event"]) - 1))
    lost = tables["adjustment_event"][which]
    tables["adjustment_event"] = with_one_gone(tables["adjustment_event"], which)
    found = differences(flows(engine, tables))
    assert found
    line_of_villages = {village for village, _, _ in found}
    assert {lost["region_code"], PREFECTURE} <= line_of_villages
    assert not line_of_villages & (set(VILLAGES) - {lost["region_code"]})


@settings(max_examples=20, deadline=None)
@given(homes=HOMES, events=EVENTS, extra=st.integers(1, 3))
def test_a_gross_count_in_place_of_a_change_shows(
    engine: DuckDBEngine, homes: list[tuple[str, bool, int]], events: list[tuple[str, int, date, int]], extra: int
) -> None:
    """人次 are not persons: who came and left again was counted twice and changed nothing."""
    tables = lived(homes, events)
    village = homes[0][0]
    tables["adjustment_event"] += [
        event(f"X{n}", "自然增加", "H1", region_code=village, person_code=f"X{n}", stock="贫困") for n in range(extra)
    ]
    found = differences(flows(engine, tables))
    assert found[village, "register", "persons"] == -extra
    assert found[village, "poor", "persons"] == -extra
    assert (village, "register", "households") not in found


def counted(tables: dict[str, list[Row]]) -> Callable[[str, str, str], Line]:
    with registry(tables) as engine:
        lines = run(engine, flow_steps(AS_OF)).rows("SELECT * FROM flow")
    return lambda region, stock, what: next(
        line for line in lines if (line["region_code"], line["stock"], line["counted"]) == (region, stock, what)
    )


def test_a_year_of_two_villages_counted_by_hand() -> None:
    """East: H1 poor, 3 members, leaves poverty. H2 exited, 2 members, falls back; one is born.

    West: H3 poor, 1 member, dies; H4 is newly identified with 2 members. So the register goes from 3 households and
    6 persons to 3 and 8; the poor from 2 households and 4 persons to 2 and 5.
    """
    moved = [
        *(event(f"1{n}", "脱贫", "H1", person_code=f"P1{n}", household_event=n == 1, stock="贫困") for n in (1, 2, 3)),
        *(event(f"2{n}", "返贫", "H2", person_code=f"P2{n}", household_event=n == 1, stock="已脱贫") for n in (1, 2)),
        event("3", "自然增加", "H2", date(2018, 8, 1), person_code="P23", stock="贫困"),
        event("4", "自然减少", "H3", region_code=WEST, person_code="P31", stock="贫困"),
        event("5", "销户", "H3", region_code=WEST, household_event=True, stock="贫困"),
        *(
            event(f"6{n}", "新识别", "H4", region_code=WEST, person_code=f"P4{n}", household_event=n == 1)
            for n in (1, 2)
        ),
    ]
    poor = {"exit_status": "未脱贫"}
    back = {"exit_status": "返贫"}
    before = [household("H1", year=2016, **poor), household("H2", year=2016), household("H3", WEST, 2016, **poor)]
    after = [household("H1"), household("H2", **back), household("H4", WEST, **poor)]
    members = [
        *(person(f"P1{n}", "H1", year=2016, **poor) for n in (1, 2, 3)),
        *(person(f"P2{n}", "H2", year=2016) for n in (1, 2)),
        person("P31", "H3", WEST, 2016, **poor),
        *(person(f"P1{n}", "H1") for n in (1, 2, 3)),
        *(person(f"P2{n}", "H2", **back) for n in (1, 2, 3)),
        *(person(f"P4{n}", "H4", WEST, **poor) for n in (1, 2)),
    ]
    line = counted({"household": before + after, "person": members, "adjustment_event": moved})

    for region in (TOWNSHIP, COUNTY, PREFECTURE):
        whole, people = line(region, "register", "households"), line(region, "register", "persons")
        assert (whole["opening"], whole["new"], whole["closed"], whole["closing"]) == (3, 1, 1, 3)
        assert (people["opening"], people["new"], people["natural_in"], people["natural_out"], people["closing"]) == (
            6, 2, 1, 1, 8,
        )  # fmt: skip
        homes, poor_people = line(region, "poor", "households"), line(region, "poor", "persons")
        assert (homes["opening"], homes["new"], homes["fell_back"], homes["exited"], homes["closed"]) == (2, 1, 1, 1, 1)
        assert (poor_people["opening"], poor_people["exited"], poor_people["fell_back"], poor_people["closing"]) == (
            4, 3, 2, 5,
        )  # fmt: skip
        assert not any(found["difference"] for found in (whole, people, homes, poor_people))
    east = line(EAST, "poor", "persons")
    assert (east["opening"], east["exited"], east["fell_back"], east["natural_in"], east["closing"]) == (3, 3, 2, 1, 3)


def test_leaving_poverty_moves_the_poor_stock_but_not_the_register() -> None:
    line = counted(
        {
            "household": [household("H1", year=2016, exit_status="未脱贫"), household("H1")],
            "adjustment_event": [event("1", "脱贫", household_event=True, stock="贫困")],
        }
    )
    assert line(EAST, "register", "households")["exited"] == 0
    assert line(EAST, "poor", "households")["exited"] == 1


def test_events_outside_the_period_do_not_count() -> None:
    line = counted(
        {
            "household": [household("H1", year=2016), household("H1")],
            "adjustment_event": [
                event("1", "清退", "H8", date(2016, 12, 31), household_event=True, stock="已脱贫"),
                event("2", "清退", "H9", AS_OF + timedelta(days=1), household_event=True, stock="已脱贫"),
                event("3", "清退", "H7", FIRST, household_event=True, stock="已脱贫"),
                event("4", "清退", "H6", AS_OF, household_event=True, stock="已脱贫"),
            ],
        }
    )
    assert line(EAST, "register", "households")["cleared"] == 2


def test_the_opening_register_is_the_latest_before_the_year() -> None:
    line = counted({"household": [household("H1", year=2015), household("H2", year=2016), household("H3")]})
    opening = line(EAST, "register", "households")
    assert (opening["opening"], opening["closing"], opening["difference"]) == (1, 1, 0)


def test_without_an_opening_register_there_is_no_line_at_all() -> None:
    with registry({"household": [household("H1")]}) as engine:
        assert run(engine, flow_steps(AS_OF)).rows("SELECT * FROM flow") == []


def test_a_year_whose_register_was_not_delivered_has_no_line() -> None:
    with registry({"household": [household("H1", year=2016)], "person": [person("P1", year=2016)]}) as engine:
        assert run(engine, flow_steps(AS_OF)).rows("SELECT * FROM flow") == []


def test_a_place_without_rows_has_no_line() -> None:
    with registry({"household": [household("H1", year=2016), household("H1")]}) as engine:
        found = run(engine, flow_steps(AS_OF)).rows("SELECT DISTINCT region_code FROM flow")
    assert OTHER_COUNTY not in {row["region_code"] for row in found}
