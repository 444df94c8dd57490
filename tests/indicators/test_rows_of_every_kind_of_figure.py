"""Counts of different things, policy that holds below its division, and texts: each opens onto its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from jingzhun.indicators import figure_steps, rows_behind
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
    registry,
    run,
    small_pack,
)


def figure_and_rows(
    tables: Mapping[str, Iterable[Row]], indicator: str, region: str
) -> tuple[dict[str, Any], list[str]]:
    """The figure of a division, and the last key of each row behind its numerator."""
    with registry(tables) as engine:
        run(engine, figure_steps(small_pack(), AS_OF))
        figure = engine.rows(f"SELECT * FROM figure WHERE indicator = '{indicator}' AND region_code = '{region}'")
        behind = next(p for p in rows_behind(small_pack(), AS_OF, indicator, region) if p.part == "numerator")
        return figure[0] if figure else {}, [str(row[behind.table.key[-1]]) for row in engine.rows(behind.sql)]


def pairing(number: str, enterprise: str, village: str) -> Row:
    return {"pairing_no": number, "enterprise_code": enterprise, "region_code": village}


PAIRINGS = [pairing("1", "A", EAST), pairing("2", "A", WEST), pairing("3", "B", EAST), pairing("4", "B", SOUTH)]


def test_a_count_of_different_ones_opens_onto_all_rows_that_name_them() -> None:
    figure, rows = figure_and_rows({"enterprise_pairing": PAIRINGS}, "helpers", COUNTY)
    assert (figure["numerator"], figure["row_count"], rows) == (2, 3, ["1", "2", "3"])


def test_it_holds_above_and_below_too() -> None:
    counted = {}
    for region in (EAST, SOUTH, PREFECTURE):
        figure, rows = figure_and_rows({"enterprise_pairing": PAIRINGS}, "helpers", region)
        counted[region] = (int(figure["numerator"]), figure["row_count"], len(rows))
    assert counted == {EAST: (2, 2, 2), SOUTH: (1, 1, 1), PREFECTURE: (2, 4, 4)}


def test_policy_of_the_prefecture_opens_onto_the_same_rows_in_a_village() -> None:
    figure, rows = figure_and_rows({}, "worries", EAST)
    assert (figure["row_count"], rows) == (2, ["clothing", "food"])


def test_a_pledge_of_one_county_is_no_row_of_another() -> None:
    for region in (COUNTY, TOWNSHIP, WEST):
        figure, rows = figure_and_rows({}, "pledges", region)
        assert (figure["row_count"], len(rows)) == (1, 1)
    figure, rows = figure_and_rows({}, "pledges", OTHER_COUNTY)
    assert (figure.get("row_count", 0), rows) == (0, [])


def milestone(number: str, region: str, on: date) -> Row:
    return {"milestone_no": number, "kind": "第三方评估进驻", "occurred_on": on, "region_code": region}


def test_the_first_of_several_days_is_the_figure_and_all_are_its_rows() -> None:
    days = [milestone("1", COUNTY, date(2018, 12, 11)), milestone("2", COUNTY, date(2018, 12, 3))]
    figure, rows = figure_and_rows({"milestone": days}, "arrival", COUNTY)
    assert (figure["label"], figure["row_count"], rows) == ("2018-12-03", 2, ["1", "2"])


def station(number: str, village: str, kilowatt: int) -> Row:
    return {"station_no": number, "kind": "村级", "capacity_kw": kilowatt, "region_code": village}


def test_a_mean_is_the_sum_over_all_stations_by_their_number_at_every_level() -> None:
    stations = [station("1", EAST, 100), station("2", WEST, 10), station("3", WEST, 40)]
    parts = {}
    for region in (EAST, WEST, TOWNSHIP, PREFECTURE):
        figure, _ = figure_and_rows({"pv_station": stations}, "mean_capacity", region)
        parts[region] = (int(figure["numerator"]), int(figure["denominator"]))
    assert parts == {EAST: (100, 1), WEST: (50, 2), TOWNSHIP: (150, 3), PREFECTURE: (150, 3)}
