"""From a figure to its rows, from a row to its file, from a household to its tests."""

from __future__ import annotations

import json

from tests.main_job.conftest import Done, jingzhun


def test_a_figure_names_its_rule_parameters_rows_and_their_origin(county: Done) -> None:
    found = json.loads(jingzhun("explain", "F010", "--snapshot", str(county.snapshot), "--json"))
    assert found["facts"]["numerator"] == 528
    assert found["facts"]["rule_file"].startswith("luliang_2018/indicators/")
    numerator = next(rows for rows in found["rows"] if rows["part"] == "numerator")
    assert numerator["total"] == 528
    assert all(":" in row["origin"] for row in numerator["shown"])


def test_a_row_of_a_file_says_which_figures_count_it(county: Done) -> None:
    figure = json.loads(jingzhun("explain", "F010", "--snapshot", str(county.snapshot), "--json"))
    origin = figure["rows"][0]["shown"][0]["origin"]
    row = json.loads(jingzhun("explain", origin, "--snapshot", str(county.snapshot), "--json"))
    counted = {(test["indicator"], test["part"]) for test in row["tests"]}
    assert (figure["facts"]["indicator"], "numerator") in counted


def test_a_household_shows_its_tests_with_the_dated_line(county: Done) -> None:
    figure = json.loads(jingzhun("explain", "F010", "--snapshot", str(county.snapshot), "--json"))
    origin = figure["rows"][0]["shown"][0]["origin"]
    row = json.loads(jingzhun("explain", origin, "--snapshot", str(county.snapshot), "--json"))
    code = next(shown["household_code"] for rows in row["rows"] for shown in rows["shown"] if "household_code" in shown)
    household = json.loads(jingzhun("explain", code, "--snapshot", str(county.snapshot), "--json"))
    assert {test["criterion"] for test in household["tests"]} >= {"income", "housing", "water"}
    line = next(used for used in household["parameters"] if used["parameter"] == "exit_line")
    assert line["source"] and line["from"]


def test_identity_numbers_are_masked(county: Done) -> None:
    said = jingzhun("explain", "F013", "--snapshot", str(county.snapshot), "--json")
    assert not any(len(word) >= 17 and word[:17].isdigit() for word in said.replace('"', " ").split())


def test_something_unknown_is_not_found_with_a_hint(county: Done) -> None:
    said = json.loads(jingzhun("explain", "F999", "--snapshot", str(county.snapshot), "--json", expect=5))
    assert "F010" in said["error"]["zh"]


def test_a_folder_that_is_no_snapshot_is_refused(county: Done) -> None:
    said = json.loads(jingzhun("answers", str(county.files), "--json", expect=5))
    assert "manifest.json" in said["error"]["zh"]
