"""What an exit test looks at is gathered from the rows of several offices; what was not delivered stays unknown."""

from __future__ import annotations

from typing import Any

import pytest

from jingzhun.exits import fact_steps
from tests.small import (
    AS_OF,
    COUNTY,
    EAST,
    OLD,
    OTHER_COUNTY,
    PREFECTURE,
    SOUTH,
    WEST,
    Row,
    household,
    person,
    registry,
    resident,
    run,
)


def facts(table: str, rows: dict[str, list[Row]], region: str = PREFECTURE) -> dict[str, dict[str, Any]]:
    key = "household_code" if table == "household_facts" else "region_code"
    with registry(rows) as engine:
        run(engine, fact_steps(AS_OF, region))
        return {row[key]: row for row in engine.rows(f"SELECT * FROM {table}")}


def checked(code: str, **found: Any) -> Row:
    return {"data_year": 2018, "household_code": code, "region_code": EAST} | found


def test_a_household_is_its_row_its_members_and_its_check() -> None:
    found = facts(
        "household_facts",
        {
            "household": [household("H1", net_income_per_head=400_000), household("H1", year=2016)],
            "person": [person("P1"), person("P2"), person("P3", year=2016), person("P4", "H9")],
            "guarantee_check": [checked("H1", food=True, water=False, acknowledged=True)],
        },
    )
    assert set(found) == {"H1"}
    home = found["H1"]
    assert (home["members"], home["net_income_per_head"], home["food"], home["water"]) == (2, 400_000, True, False)
    assert home["medical"] is None


@pytest.mark.parametrize(
    ("dangerous", "says", "safe"),
    [(True, None, False), (False, None, True), (None, None, None), (True, True, True), (False, False, False)],
)
def test_the_visit_decides_about_the_house_and_the_register_where_nobody_looked(
    dangerous: bool | None, says: bool | None, safe: bool | None
) -> None:
    found = facts(
        "household_facts",
        {"household": [household("H1", dangerous_house=dangerous)], "guarantee_check": [checked("H1", housing=says)]},
    )
    assert found["H1"]["housing"] is safe


def test_a_village_counts_its_poor_and_its_rural_persons() -> None:
    found = facts(
        "village_facts",
        {
            "person": [
                person("P1", exit_status="未脱贫"),
                person("P2", exit_status="返贫"),
                person("P3", exit_status="预脱贫"),
                person("P4"),
                person("P5", year=2016, exit_status="未脱贫"),
            ],
            "resident": [resident("1"), resident("2"), resident("3", hukou="非农业"), resident("4", WEST)],
        },
    )
    assert (found[EAST]["poor_persons"], found[EAST]["rural_persons"]) == (3, 2)
    assert (found[WEST]["poor_persons"], found[WEST]["rural_persons"]) == (0, 1)


def test_without_a_register_or_a_roster_the_counts_are_unknown_and_not_zero() -> None:
    found = facts("village_facts", {"village": [{"data_year": 2018, "region_code": EAST, "bus": True}]})
    assert found[EAST]["poor_persons"] is None and found[EAST]["rural_persons"] is None
    assert found[EAST]["bus"] is True and found[EAST]["broadband"] is None


def test_every_village_in_force_is_there_even_without_a_row() -> None:
    assert set(facts("village_facts", {})) == {EAST, WEST, SOUTH}


def test_a_village_that_was_merged_away_is_not_judged() -> None:
    assert OLD not in facts("village_facts", {"village": [{"data_year": 2018, "region_code": OLD}]})


def test_only_what_lies_in_the_division_is_judged() -> None:
    assert set(facts("village_facts", {}, COUNTY)) == {EAST, WEST}
    homes = {"household": [household("H1"), household("H2", SOUTH)]}
    assert set(facts("household_facts", homes, COUNTY)) == {"H1"}


def test_a_county_adds_its_villages_up() -> None:
    equipped = {"road_hardened": True, "bus": True, "broadband": True, "clinic_qualified": True}
    found = facts(
        "county_facts",
        {
            "village": [
                {"data_year": 2018, "region_code": EAST, "attribute": "深度贫困村", "exited": True, **equipped},
                {
                    "data_year": 2018,
                    "region_code": WEST,
                    "attribute": "贫困村",
                    "exited": None,
                    **equipped,
                    "bus": None,
                },
            ],
            "person": [person("P1", exit_status="未脱贫"), person("P2", village=WEST)],
            "resident": [resident(str(n)) for n in range(10)],
            "target": [
                {"target_no": "1", "kind": "贫困县摘帽", "year": 2018, "region_code": COUNTY},
                {"target_no": "2", "kind": "减贫人口", "year": 2014, "region_code": COUNTY},
            ],
        },
    )
    county = found[COUNTY]
    assert (county["villages"], county["equipped_villages"]) == (2, 1)
    assert (county["poor_villages"], county["exited_villages"]) == (2, 1)
    assert (county["poor_persons"], county["rural_persons"], county["target_year"]) == (1, 10, 2018)
    assert found[OTHER_COUNTY]["poor_persons"] is None
    assert found[OTHER_COUNTY]["target_year"] is None


def test_found_and_sampled_come_from_the_same_evaluation() -> None:
    rounds = [
        {"result_no": "R1", "year": 2018, "measure": "错退率", "found": 9, "sampled": 100, "region_code": COUNTY},
        {"result_no": "R2", "year": 2018, "measure": "错退率", "found": 1, "sampled": 675, "region_code": COUNTY},
        {"result_no": "R0", "year": 2017, "measure": "漏评率", "found": 1, "sampled": 400, "region_code": COUNTY},
    ]
    county = facts("county_facts", {"evaluation_result": rounds})[COUNTY]
    assert (county["wrong_exit_found"], county["wrong_exit_sample"]) == (1, 675)
    assert county["omission_sample"] is None
