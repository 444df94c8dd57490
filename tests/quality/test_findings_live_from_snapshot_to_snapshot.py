"""A finding is new, stays, comes back, and is corrected only when a later snapshot no longer breaks the rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingzhun.engine import DuckDBEngine
from jingzhun.model import TABLES
from jingzhun.policy import load_pack
from jingzhun.quality import Tally, keep_step, life_steps, masked, screen_steps, tallies, told
from jingzhun.snapshot import derived
from tests.small import Row, run, table_of

WHOLE = load_pack("luliang_2018")
PACK = replace(WHOLE, rules={name: WHOLE.rules[name] for name in ("A03", "G01")})
COUNTY, EAST, WEST = "141130000000", "141130100200", "141130100201"
STEPS = {year: screen_steps(PACK, date(year, 12, 31)) for year in (2016, 2017, 2018)}


def someone(code: str, village: str = EAST, year: int = 2018, **facts: object) -> Row:
    known = {"data_year": year, "person_code": code, "household_code": "H1", "region_code": village, "name": "测试"}
    return known | facts


BOTH = {"resident_medical": True, "employee_medical": True}
ONE = {"resident_medical": True, "employee_medical": False}


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine(threads=1) as engine:
        for name, table in TABLES.items():
            engine.load(name, table.arrow_schema().empty_table())
        engine.load("region_closure", derived.closure_table(PACK.divisions.on(date(2018, 12, 31))))
        yield engine


def lived(engine: DuckDBEngine, *snapshots: list[Row], answers: list[Row] | None = None, year: int = 2018) -> None:
    """Screen one snapshot after the other; the last is of ``year``, those before of the years before it."""
    first = year - len(snapshots) + 1
    for ordinal, people in enumerate(snapshots):
        day = date(first + ordinal, 12, 31)
        engine.load("person", table_of("person", [person | {"data_year": day.year} for person in people]))
        run(engine, STEPS[day.year])
        if ordinal < len(snapshots) - 1:
            engine.run(keep_step(ordinal, day))
    engine.load("problem_record", table_of("problem_record", answers or []))
    run(engine, life_steps(PACK, date(year, 12, 31), len(snapshots) - 1))


def tally(engine: DuckDBEngine, rule: str = "G01", region: str = COUNTY) -> Tally:
    return next(one for one in tallies(engine, PACK, [region]) if one.rule.id == rule)


def states(engine: DuckDBEngine) -> dict[str, str]:
    rows = engine.rows("SELECT row_key, state FROM finding_life WHERE rule = 'G01'")
    return {row["row_key"].split("|")[1]: row["state"] for row in rows}


def number_of(engine: DuckDBEngine, person: str) -> str:
    rows = engine.rows(f"SELECT finding_no FROM finding_life WHERE rule = 'G01' AND row_key LIKE '%|{person}'")
    return str(rows[0]["finding_no"])


def test_without_an_earlier_snapshot_everything_is_new(engine: DuckDBEngine) -> None:
    lived(engine, [someone("P1", **BOTH), someone("P2", **BOTH), someone("P3", **ONE)])
    one = tally(engine)
    assert (one.found, one.new, one.persisting, one.corrected, one.open, one.closing_rate) == (2, 2, 0, 0, 2, 0.0)


def test_what_a_later_snapshot_no_longer_breaks_is_corrected(engine: DuckDBEngine) -> None:
    lived(
        engine,
        [someone("P1", **BOTH), someone("P2", **BOTH)],
        [someone("P1", **ONE), someone("P2", **BOTH), someone("P3", **BOTH)],
    )
    one = tally(engine)
    assert (one.found, one.new, one.persisting, one.corrected, one.open) == (3, 1, 1, 1, 2)
    assert one.closing_rate == pytest.approx(1 / 3)


def test_a_problem_that_comes_back_is_no_correction(engine: DuckDBEngine) -> None:
    lived(engine, [someone("P1", **BOTH)], [someone("P1", **ONE)], [someone("P1", **BOTH)])
    assert states(engine) == {"P1": "reappeared"}
    assert (tally(engine).corrected, tally(engine).open) == (0, 1)


def test_first_and_last_day_are_kept_over_three_snapshots(engine: DuckDBEngine) -> None:
    lived(engine, [someone("P1", **BOTH)], [someone("P1", **BOTH)], [someone("P1", **ONE)])
    [row] = engine.rows("SELECT state, first_seen, last_seen, times FROM finding_life WHERE rule = 'G01'")
    assert row == {
        "state": "corrected",
        "first_seen": date(2016, 12, 31),
        "last_seen": date(2017, 12, 31),
        "times": 2,
    }


def test_the_number_of_a_problem_is_the_same_in_the_next_years_register(engine: DuckDBEngine) -> None:
    lived(engine, [someone("P1", **BOTH)], [someone("P1", **BOTH)])
    assert (tally(engine).persisting, tally(engine).new) == (1, 0)


def test_villages_add_up_to_the_county(engine: DuckDBEngine) -> None:
    lived(engine, [someone("P1", EAST, **BOTH), someone("P2", WEST, **BOTH), someone("P3", WEST, **BOTH)])
    counts = [tally(engine, "G01", region).found for region in (EAST, WEST, COUNTY)]
    assert counts == [1, 2, 3]


def answer(number: str, state: str = "已豁免", **facts: Any) -> Row:
    known = {
        "problem_no": number,
        "state": state,
        "region_code": EAST,
        "answered_by": "核查人甲",
        "evidence": "照片三张",
    }
    return known | facts


def exempted(engine: DuckDBEngine, **facts: Any) -> Tally:
    lived(engine, [someone("P1", **BOTH)])
    lived(engine, [someone("P1", **BOTH)], answers=[answer(number_of(engine, "P1"), **facts)])
    return tally(engine)


def test_an_exemption_takes_a_problem_off_the_open_ones_but_it_is_still_counted(engine: DuckDBEngine) -> None:
    one = exempted(engine, exempt_until=date(2019, 6, 30))
    assert (one.found, one.exempt, one.open, one.closing_rate) == (1, 1, 0, 1.0)


def test_an_exemption_that_has_run_out_brings_the_problem_back(engine: DuckDBEngine) -> None:
    one = exempted(engine, exempt_until=date(2018, 12, 30))
    assert (one.exempt, one.run_out, one.open) == (0, 1, 1)


@pytest.mark.parametrize("missing", ["evidence", "answered_by", "exempt_until"])
def test_an_exemption_without_evidence_person_or_last_day_does_not_hold(engine: DuckDBEngine, missing: str) -> None:
    one = exempted(engine, **({"exempt_until": date(2019, 6, 30)} | {missing: None}))
    assert (one.exempt, one.open) == (0, 1)


def test_a_correction_that_the_register_does_not_show_is_only_a_claim(engine: DuckDBEngine) -> None:
    one = exempted(engine, state="已整改", corrected_on=date(2018, 11, 1))
    assert (one.corrected, one.claimed, one.open) == (0, 1, 1)


def test_a_message_speaks_of_the_values_and_masks_the_number(engine: DuckDBEngine) -> None:
    lived(engine, [someone("P1", id_number="110105194912310021")])
    [row] = engine.rows("SELECT * FROM finding WHERE rule = 'A03'")
    zh, en = told(PACK.rules["A03"], masked("person", row["seen"]))
    assert zh == "测试：证件号码 ****************21 的校验码不对。"
    assert "1949" not in en


PEOPLE = st.sets(st.sampled_from(["P1", "P2", "P3", "P4"]))


def life_of(seen: list[bool]) -> str | None:
    """What must be said of a problem, worked out by hand from where it was seen."""
    if not any(seen):
        return None
    if not seen[-1]:
        return "corrected"
    if not any(seen[:-1]):
        return "new"
    return "persisting" if seen[-2] else "reappeared"


@settings(max_examples=15, deadline=None)
@given(broken=st.lists(PEOPLE, min_size=1, max_size=3))
def test_any_history_of_three_snapshots_is_told_as_it_was(broken: list[set[str]]) -> None:
    with DuckDBEngine(threads=1) as engine:
        for name, table in TABLES.items():
            engine.load(name, table.arrow_schema().empty_table())
        engine.load("region_closure", derived.closure_table(PACK.divisions.on(date(2018, 12, 31))))
        everybody = ["P1", "P2", "P3", "P4"]
        lived(engine, *[[someone(p, **(BOTH if p in bad else ONE)) for p in everybody] for bad in broken])
        wanted = {p: life_of([p in bad for bad in broken]) for p in everybody}
        assert states(engine) == {p: state for p, state in wanted.items() if state}
        total = [one for one in tallies(engine, PACK, [COUNTY]) if one.rule.id == "G01"]
        assert all(one.found == one.corrected + one.exempt + one.open for one in total)
