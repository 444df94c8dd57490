"""Every figure that the source prints for the county comes out of rows, as printed."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.main_job.conftest import Done, jingzhun

PRINTED = list(csv.DictReader(Path(__file__).with_name("printed_figures.csv").open(encoding="utf-8")))
COUNTY = [row for row in PRINTED if row["place"] == "交口县"]


@pytest.fixture(scope="session")
def answers(county: Done) -> dict[str, dict[str, Any]]:
    listed = json.loads(jingzhun("answers", str(county.snapshot), "--json"))
    return {entry["figure"]: entry for entry in listed if entry["figure"]}


def fits(wanted: dict[str, str], value: Any) -> bool:
    """Whether a computed value is the printed one, or on the right side of a printed bound."""
    try:
        printed = Decimal(wanted["value"])
    except ArithmeticError:
        return str(value) == wanted["value"]
    match wanted["bound"]:
        case ">=":
            return bool(Decimal(str(value)) >= printed)
        case "<=":
            return bool(printed * Decimal("0.95") <= Decimal(str(value)) <= printed)
        case _:
            return Decimal(str(value)) == printed


@pytest.mark.parametrize("wanted", COUNTY, ids=[row["id"] for row in COUNTY])
def test_the_figure_is_the_printed_one(answers: dict[str, dict[str, Any]], wanted: dict[str, str]) -> None:
    entry = answers[wanted["id"]]
    assert entry["unit"] == wanted["unit"]
    assert fits(wanted, entry["value"]), (wanted["what"], wanted["value"], entry["value"])


def test_every_answer_has_rows_and_a_rule_behind_it(answers: dict[str, dict[str, Any]]) -> None:
    for figure, entry in answers.items():
        assert entry["row_count"] > 0, figure
        assert "@" in entry["rule_version"], figure
        assert entry["as_of"] == "2018-12-31"


def test_every_percentage_has_its_numerator_and_denominator(answers: dict[str, dict[str, Any]]) -> None:
    for figure, entry in answers.items():
        if entry["unit"].startswith("%"):
            assert entry["numerator"] is not None and entry["denominator"], figure


def test_stocks_and_flows_reconcile(county: Done) -> None:
    failed = [check for check in county.said["checks"] if check["verdict"] == "failed"]
    assert failed == []


def test_every_row_of_every_file_is_accounted_for(county: Done) -> None:
    receipts = json.loads((county.out / "receipts.json").read_text("utf-8"))["files"]
    sheets = [sheet for receipt in receipts for sheet in receipt["sheets"]]
    assert sheets
    for sheet in sheets:
        parts = (sheet[part] for part in ("accepted", "warned", "quarantined", "rejected", "ignored"))
        assert sum(parts) == sheet["rows"], sheet["sheet"]


def test_running_again_on_the_same_files_changes_nothing(county: Done) -> None:
    again = json.loads(jingzhun("run", str(county.files), "--out", str(county.out), "--json"))
    assert again["fingerprint"] == county.said["fingerprint"]
    assert again["answers"] == county.said["answers"]


def test_the_printed_sheet_is_there_in_every_format(county: Done) -> None:
    for path in county.said["outputs"].values():
        assert Path(path).stat().st_size > 1000, path
