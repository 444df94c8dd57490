"""From a figure to its rows, from a row to its file, from a household to its tests."""

from __future__ import annotations

import json

from jingzhun.engine import DuckDBEngine
from jingzhun.model.receipt import read_receipts
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


def test_every_accepted_row_is_in_the_register_part_of_a_row_or_replaced(county: Done) -> None:
    """Nothing that was taken in is out of reach of ``explain``."""
    store, snapshot = county.out / "store", county.snapshot
    lost = {}
    with DuckDBEngine() as engine:
        for name in ("merged_row", "superseded"):
            engine.read_parquet(name, [snapshot / f"{name}.parquet"])
        for number, receipt in enumerate(read_receipts(store), start=1):
            for staged in (one for sheet in receipt.sheets for one in sheet.staged):
                engine.read_parquet("taken", [store / staged.path])
                engine.read_parquet("register", [snapshot / f"{staged.table}.parquet"])
                known = " UNION ALL ".join(
                    f"SELECT origin_sheet, origin_row FROM {table} WHERE origin_file = {number}"
                    for table in ("register", "merged_row", "superseded")
                )
                rows = engine.value(f"SELECT count(*) FROM taken ANTI JOIN ({known}) USING (origin_sheet, origin_row)")
                lost |= {(receipt.file, staged.table): rows} if rows else {}
    assert not lost


def test_a_row_that_only_gave_some_columns_says_which(county: Done) -> None:
    with DuckDBEngine() as engine:
        for name in ("merged_row", "source_file"):
            engine.read_parquet(name, [county.snapshot / f"{name}.parquet"])
        [one] = engine.rows(
            "SELECT f.file || ':' || m.origin_row AS row, gave FROM merged_row m JOIN source_file f "
            "ON f.file_no = m.origin_file WHERE table_name = 'person' AND contains(f.file, '补充台账') "
            "AND contains(gave, 'political') ORDER BY ALL LIMIT 1"
        )
    found = json.loads(jingzhun("explain", one["row"], "--snapshot", str(county.snapshot), "--json"))
    assert [part["gave"] for part in found["facts"]["merged"]] == [one["gave"]]
    assert "exit_status" not in one["gave"].split(",")
    origins = found["rows"][0]["shown"][0]["origins"]
    assert origins["political"] == one["row"] and "导出" in origins["name"]
    said = jingzhun("explain", one["row"], "--snapshot", str(county.snapshot))
    assert "这一行提供了：" in said and "政治面貌" in said


def test_the_value_that_decides_names_the_file_that_gave_it(county: Done) -> None:
    figure = json.loads(jingzhun("explain", "F010", "--snapshot", str(county.snapshot), "--json", "--limit", "528"))
    rows = next(rows for rows in figure["rows"] if rows["part"] == "numerator")["shown"]
    assert all("补充台账" not in row.get("origins", {}).get("exit_status", row["origin"]) for row in rows)


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
