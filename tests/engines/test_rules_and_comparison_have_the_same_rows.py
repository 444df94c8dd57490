"""Rules and the comparison: each step leaves the same rows on Spark as on DuckDB."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from benchmarks.linkage_set import write

from jingzhun.comparison import compare, outcomes
from jingzhun.comparison import tallies as lead_tallies
from jingzhun.policy import load_pack
from jingzhun.quality import keep_step, life_steps, screen_steps, tallies
from jingzhun.snapshot import derived
from tests.comparison.people import authority
from tests.comparison.test_every_check_says_when_it_speaks import CASES as CHECK_CASES
from tests.comparison.test_every_check_says_when_it_speaks import LEADS, NAMES, check_names, row
from tests.engines.both import Both
from tests.quality.test_every_rule_says_when_it_speaks import CASES, rows_of
from tests.small import Row

PACK = load_pack("luliang_2018")
AS_OF = date(2018, 12, 31)
COUNTY = "141130000000"


def test_every_rule_on_rows_that_break_it_and_rows_that_do_not(both: Both) -> None:
    tables: dict[str, list[Row]] = defaultdict(list)
    for at, (rule, case) in enumerate(CASES):
        for name, rows in rows_of(rule, case).items():
            tables[name] += [in_a_place_of_its_own(row, at) for row in rows]
    both.hold(tables)
    both.run(screen_steps(PACK, AS_OF))
    spoke = {found[1] for found in both.same("finding")}
    assert len(spoke) > 0.9 * len(PACK.rules), set(PACK.rules) - spoke
    both.load("region_closure", derived.closure_table(PACK.divisions.on(AS_OF)))
    both.run([keep_step(0, AS_OF), *life_steps(PACK, AS_OF, 1)])
    assert both.same("finding_life")
    assert tallies(both.spark, PACK, [COUNTY]) == tallies(both.duckdb, PACK, [COUNTY])


def in_a_place_of_its_own(row: Row, at: int) -> Row:
    """The row of a case, its people and households apart from those of other cases."""
    own = ("person_code", "household_code")
    return {name: f"{value}-{at}" if name.endswith(own) and value else value for name, value in row.items()}


def test_the_comparison_of_lists_full_of_errors(both: Both, tmp_path: Path) -> None:
    both.hold(departments(tmp_path))
    both.load("region_closure", derived.closure_table(PACK.divisions.on(AS_OF)))
    for engine in (both.duckdb, both.spark):
        compare(engine, PACK, AS_OF, PREFECTURE)
        for step in outcomes(PACK, AS_OF):
            engine.run(step)
    for traced in both.duckdb.trace:
        both.same(traced.step.name)
    assert len(both.same("comparison_pair")) > 300
    assert lead_tallies(both.spark, PACK, PREFECTURE) == lead_tallies(both.duckdb, PACK, PREFECTURE)


PREFECTURE = "141100000000"


def departments(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """A register and two departments' lists of people like those in it, with every kind of mistake."""
    write(folder, 600, seed=3)
    people = pq.read_table(folder / "register.parquet").to_pylist()
    others = pq.read_table(folder / "department.parquet").to_pylist()
    columns = ("name", "id_number", "birth_date", "sex", "region_code")
    register = [
        {name: one[name] for name in columns}
        | {"data_year": 2018, "person_code": f"P{one['row_no']}", "household_code": f"H{one['row_no'] // 3}"}
        | {"identified": "2015-06", "lowins": "农村低保" if at % 2 else "未享受", "origin_row": at}
        for at, one in enumerate(people)
    ]
    records = [
        {name: one[name] for name in columns}
        | {"source": "机动车" if at % 2 else "农村低保", "record_no": str(one["row_no"]), "category": "小型轿车"}
        | {"starts_on": date(2013 + at % 5, 5, 1), "amount": 6_000_000, "origin_row": at}
        for at, one in enumerate(others)
    ]
    allowed = authority("机动车", "农村低保", region=PREFECTURE)
    return {"person": register, "department_record": records, "source_authority": allowed}


def test_every_check_of_the_comparison_in_its_own_cases(both: Both) -> None:
    selects = []
    for at, (check, case) in enumerate(CHECK_CASES):
        names = check_names(check, PACK.sources_compared, NAMES)
        given = (("l", case.person), ("r", case.record), ("o", case.other))
        sides = [f"{row(names.spaces[side], values)} {side}" for side, values in given if side in names.spaces]
        said = f"{LEADS.condition(check)} AS lead, {LEADS.suggestion(check)} AS suggested"
        selects.append(f"SELECT {at} AS at, {said} FROM {' CROSS JOIN '.join(sides)}")
    assert len(both.answer(" UNION ALL ".join(selects))) == len(CHECK_CASES)
