"""What the shipped pack counts, counted by hand: events and heads, persons and households, and what is not known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from tests.indicators.shipped import shipped_figures, shipped_pack
from tests.small import COUNTY, EAST, OTHER_COUNTY, PREFECTURE, SOUTH, TOWNSHIP, WEST, Row, event, household, person


def of_county(tables: dict[str, Iterable[Row]], indicator: str) -> dict[str, Any]:
    return shipped_figures(tables)[indicator, COUNTY]


def test_a_person_who_came_and_went_is_two_events_and_no_change_of_the_stock() -> None:
    events = [
        event("1", "自然增加", person_code="P1", on=date(2018, 3, 1)),
        event("2", "自然减少", person_code="P1", on=date(2018, 9, 1)),
        event("3", "自然增加", person_code="P2", on=date(2017, 5, 1)),
    ]
    figures = shipped_figures({"adjustment_event": events})
    counted = {name: figures[f"natural_{name}", COUNTY]["numerator"] for name in ("changes", "increases", "decreases")}
    assert counted == {"changes": 3, "increases": 2, "decreases": 1}


def test_a_gross_count_has_the_unit_of_events_and_not_of_persons() -> None:
    units = {name: shipped_pack().indicators[name].unit for name in ("natural_changes", "new_persons")}
    assert units == {"natural_changes": "person-events", "new_persons": "persons"}


def test_the_household_of_new_persons_is_counted_once_beside_them() -> None:
    events = [
        event("1", "新识别", household_event=True),
        event("2", "新识别", person_code="P1"),
        event("3", "新识别", person_code="P2"),
    ]
    figures = shipped_figures({"adjustment_event": events})
    assert (figures["new_households", COUNTY]["numerator"], figures["new_persons", COUNTY]["numerator"]) == (1, 2)


@pytest.mark.parametrize(
    ("day", "counted"), [(date(2016, 12, 31), 0), (date(2017, 1, 1), 1), (date(2018, 12, 31), 1), (date(2019, 1, 1), 0)]
)
def test_events_count_from_the_first_to_the_last_day_of_the_period(day: date, counted: int) -> None:
    row = of_county({"adjustment_event": [event("1", "返贫", person_code="P1", on=day)]}, "fell_back_persons")
    assert row["numerator"] == counted


@pytest.mark.parametrize(
    ("status", "poor"), [("未脱贫", 1), ("返贫", 1), ("预脱贫", 1), ("已脱贫", 0), ("稳定脱贫", 0)]
)
def test_who_is_about_to_leave_is_still_poor(status: str, poor: int) -> None:
    figures = shipped_figures({"person": [person("P1", exit_status=status)]})
    counted = figures["poor_persons", COUNTY]["numerator"], figures["exited_persons", COUNTY]["numerator"]
    assert counted == (poor, 1 - poor)


def test_poor_and_exited_and_unknown_are_all_registered_persons() -> None:
    people = [person("P1", exit_status="未脱贫"), person("P2"), person("P3"), person("P4", exit_status=None)]
    figures = shipped_figures({"person": people})
    poor, exited, all_ = (figures[f"{name}_persons", COUNTY] for name in ("poor", "exited", "registered"))
    assert (poor["numerator"], exited["numerator"], all_["numerator"]) == (1, 2, 4)
    assert (poor["unknown"], exited["unknown"], all_["unknown"]) == (1, 1, 0)


def test_a_mean_of_a_county_is_not_the_mean_of_its_villages() -> None:
    homes = [household("H1"), household("H2", WEST), household("H3", WEST), household("H4", SOUTH)]
    people = [person(f"E{n}") for n in range(4)] + [person(f"W{n}", "H2", WEST) for n in range(2)]
    figures = shipped_figures({"household": homes, "person": [*people, person("S", "H4", SOUTH)]})
    parts = {
        place: (row["numerator"], row["denominator"])
        for (name, place), row in figures.items()
        if name == "persons_per_registered_household"
    }
    assert (parts[EAST], parts[WEST], parts[SOUTH]) == ((4, 1), (2, 2), (1, 1))
    assert parts[TOWNSHIP] == parts[COUNTY] == (6, 3)
    assert (parts[OTHER_COUNTY], parts[PREFECTURE]) == ((1, 1), (7, 4))


def test_a_mean_income_is_of_the_households_whose_income_is_known() -> None:
    homes = [
        household("H1", net_income_per_head=400_000),
        household("H2"),
        household("H3", net_income_per_head=200_000),
    ]
    row = of_county({"household": homes}, "income_per_head_of_exited")
    assert (row["numerator"], row["denominator"], row["row_count"]) == (600_000, 2, 2)


def test_money_of_which_the_share_is_unknown_does_not_lower_the_share() -> None:
    """Half of what is known went to deep poverty; of the other hundred nobody said."""
    known = {"capacity_no": "1", "year": 2018, "new_capacity": 100, "deep_poverty": 50, "region_code": COUNTY}
    silent = {"capacity_no": "2", "year": 2018, "new_capacity": 100, "region_code": COUNTY}
    row = of_county({"fiscal_capacity": [known, silent]}, "capacity_for_deep_poverty_rate")
    assert row["numerator"] is None or row["denominator"] == 100


def loan(number: str, household_code: str | None) -> Row:
    known = {"loan_no": number, "kind": "扶贫小额信贷", "amount": 5_000_000, "issued_on": date(2018, 5, 1)}
    return known | {"household_code": household_code, "region_code": EAST}


def test_a_household_with_two_loans_is_one_household() -> None:
    loans = [loan("1", "H1"), loan("2", "H1"), loan("3", "H2")]
    row = of_county({"loan": loans}, "microcredit_households_this_year")
    assert (row["numerator"], row["row_count"], row["unknown"]) == (2, 3, 0)


@pytest.mark.parametrize(("codes", "counted", "unknown"), [([None], None, 1), (["H1", None], 1, 1)])
def test_a_loan_to_nobody_knows_whom_is_unknown_and_no_household_of_zero(
    codes: list[str | None], counted: int | None, unknown: int
) -> None:
    loans = [loan(str(number), code) for number, code in enumerate(codes)]
    row = of_county({"loan": loans}, "microcredit_households_this_year")
    assert (row["numerator"], row["unknown"]) == (counted, unknown)


def test_nobody_is_uninsured_where_no_list_was_delivered() -> None:
    row = of_county({"person": [person("P1"), person("P2")]}, "poor_medical_rate")
    assert (row["numerator"], row["denominator"], row["unknown"]) == (None, 2, 2)
    listed = [person("P1", medical_scheme="城乡居民"), person("P2", medical_scheme="未参保")]
    row = of_county({"person": listed}, "poor_medical_rate")
    assert (row["numerator"], row["denominator"], row["unknown"]) == (1, 2, 0)
