"""Figures counted by hand: two villages of one township, every level above them, and what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jingzhun.engine import DuckDBEngine
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
    resident,
    run,
    small_pack,
)

Found = dict[tuple[str, str], dict[str, Any]]
POOR = {"exit_status": "未脱贫"}


def figures(tables: Mapping[str, list[Row]]) -> Found:
    with registry(tables) as engine:
        return read(run(engine, figure_steps(small_pack(), AS_OF)))


def read(engine: DuckDBEngine) -> Found:
    return {(row["indicator"], row["region_code"]): row for row in engine.rows("SELECT * FROM figure")}


def numerators(found: Found, indicator: str) -> dict[str, Decimal | None]:
    return {region: row["numerator"] for (name, region), row in found.items() if name == indicator}


def test_a_rate_is_counted_in_the_village_and_adds_up_to_every_level() -> None:
    found = figures(
        {
            "person": [
                person("P1", **POOR),
                person("P2"),
                person("P3", village=WEST, **POOR),
                person("P4", village=WEST),
            ],
            "resident": [resident(str(n)) for n in range(3)] + [resident(f"W{n}", WEST) for n in range(5)],
        }
    )
    shares = {
        region: (row["numerator"], row["denominator"]) for (name, region), row in found.items() if name == "poor_share"
    }
    assert shares[EAST] == (1, 3)
    assert shares[WEST] == (1, 5)
    assert {shares[region] for region in (TOWNSHIP, COUNTY, PREFECTURE)} == {(2, 8)}
    assert OTHER_COUNTY not in shares


def test_the_other_data_year_is_not_counted() -> None:
    found = figures({"person": [person("P1", year=2016, **POOR), person("P2", **POOR)], "resident": [resident("1")]})
    assert numerators(found, "poor_share")[COUNTY] == 1


def test_a_dated_parameter_draws_the_line() -> None:
    homes = [household("H1", net_income_per_head=320_001), household("H2", net_income_per_head=320_000)]
    assert numerators(figures({"household": homes}), "line_passed")[COUNTY] == 1


def gift(number: str, on: date, fen: int | None) -> Row:
    return {"donation_no": number, "donor": "甲", "donated_on": on, "amount": fen, "region_code": COUNTY}


def test_periods_open_with_the_year_two_years_or_never() -> None:
    found = figures(
        {
            "donation": [
                gift("1", date(2018, 1, 1), 100),
                gift("2", date(2017, 12, 31), 20),
                gift("3", date(2015, 6, 1), 3),
            ]
        }
    )
    sums = [numerators(found, name)[COUNTY] for name in ("donated", "donated_two_years", "donated_so_far")]
    assert sums == [100, 120, 123]


def pairing(number: str, enterprise: str, village: str) -> Row:
    return {"pairing_no": number, "enterprise_code": enterprise, "region_code": village}


def test_who_helps_in_two_counties_is_one_helper_of_the_prefecture() -> None:
    pairs = [pairing("1", "A", EAST), pairing("2", "A", WEST), pairing("3", "A", SOUTH), pairing("4", "B", EAST)]
    helpers = numerators(figures({"enterprise_pairing": pairs}), "helpers")
    assert {helpers[EAST], helpers[TOWNSHIP], helpers[COUNTY], helpers[PREFECTURE]} == {2}
    assert (helpers[WEST], helpers[SOUTH], helpers[OTHER_COUNTY]) == (1, 1, 1)


def test_a_level_that_an_indicator_does_not_speak_of_has_no_figure() -> None:
    letters = [{"letter_no": "1", "year": 2018, "region_code": COUNTY}]
    assert set(numerators(figures({"responsibility_letter": letters}), "county_letters")) == {COUNTY}


def test_where_nothing_was_delivered_there_is_no_figure_not_a_zero() -> None:
    found = figures({"person": [person("P1", **POOR)]})
    assert found["poor_share", COUNTY]["denominator"] is None
    assert "line_passed" not in {name for name, _ in found}


def test_another_years_rows_are_no_zero_of_this_year() -> None:
    found = figures(
        {
            "person": [person("P1", year=2017, **POOR)],
            "resident": [resident("1")],
            "responsibility_letter": [{"letter_no": "1", "year": 2017, "region_code": COUNTY}],
        }
    )
    assert not {name for name, _ in found} & {"poor_share", "county_letters"}


def test_none_of_the_rows_known_is_unknown_not_zero() -> None:
    row = figures({"person": [person("P1", exit_status=None)]})["poor_share", COUNTY]
    assert (row["numerator"], row["unknown"], row["row_count"]) == (None, 1, 0)


def test_some_rows_unknown_are_counted_beside_the_figure() -> None:
    people = [person("P1", **POOR), person("P2", exit_status=None), person("P3")]
    row = figures({"person": people})["poor_share", COUNTY]
    assert (row["numerator"], row["unknown"], row["row_count"]) == (1, 1, 1)


def test_no_poor_person_among_people_who_are_all_known_is_zero() -> None:
    row = figures({"person": [person("P1"), person("P2")]})["poor_share", COUNTY]
    assert (row["numerator"], row["unknown"]) == (0, 0)


@pytest.mark.parametrize(("amounts", "total", "unknown"), [([5, None], 5, 1), ([None], None, 1), ([0], 0, 0)])
def test_an_amount_that_was_not_given_is_no_zero(amounts: list[int | None], total: int | None, unknown: int) -> None:
    gifts = [gift(str(number), AS_OF, amount) for number, amount in enumerate(amounts)]
    row = figures({"donation": gifts})["donated", COUNTY]
    assert (row["numerator"], row["unknown"]) == (total, unknown)


def test_policy_counts_hold_for_every_division_below_its_own() -> None:
    worries = numerators(figures({}), "worries")
    assert worries[EAST] == worries[COUNTY] == worries[PREFECTURE] == 2


def test_a_label_is_a_text_with_its_row() -> None:
    milestone = {
        "milestone_no": "1",
        "kind": "第三方评估进驻",
        "occurred_on": date(2018, 12, 11),
        "region_code": COUNTY,
    }
    row = figures({"milestone": [milestone]})["arrival", COUNTY]
    assert (row["label"], row["numerator"], row["row_count"]) == ("2018-12-11", None, 1)
