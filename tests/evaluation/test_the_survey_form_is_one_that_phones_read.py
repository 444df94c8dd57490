"""The form is an XLSForm: three sheets, two languages, choices of the code lists; its export is taken in."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from jingzhun.intake import take_in
from jingzhun.policy import Pack
from tests.evaluation.conftest import YEAR_END


def sheet(drawn: Path, name: str) -> list[dict[str, Any]]:
    rows = openpyxl.load_workbook(drawn / "form" / "household_visit.xlsx")[name].iter_rows(values_only=True)
    head = [str(cell) for cell in next(rows)]
    return [{name: cell for name, cell in zip(head, row, strict=True) if cell is not None} for row in rows]


def test_every_question_has_both_languages(drawn: Path) -> None:
    for row in sheet(drawn, "survey"):
        assert row["label::中文 (zh)"] and row["label::English (en)"], row["name"]


def test_every_list_that_is_chosen_from_has_its_choices(drawn: Path, pack: Pack) -> None:
    choices = sheet(drawn, "choices")
    lists = {row["type"].split()[1] for row in sheet(drawn, "survey") if row["type"].startswith("select_one ")}
    assert lists >= {"visit_outcome", "evaluation_subject", "replace_reason", "evaluation_doubt", "yes_no"}
    for name in lists:
        offered = [row["name"] for row in choices if row["list_name"] == name]
        assert offered == [item.label for item in pack.codes[name].items]
        assert not [label for label in offered if " " in label], "a space would make two choices of one"


def test_a_form_compiler_takes_it_without_a_warning(drawn: Path) -> None:
    xls2xform = pytest.importorskip("pyxform.xls2xform")
    made = xls2xform.convert(str(drawn / "form" / "household_visit.xlsx"), validate=False)
    assert made.warnings == []
    assert "household_key" in made.xform


def test_an_export_of_the_form_is_taken_in(drawn: Path, pack: Pack, tmp_path: Path) -> None:
    household = pq.read_table(drawn / "sampled_household.parquet").to_pylist()[0]
    key = household["household_key"]
    names = [row["name"] for row in sheet(drawn, "survey")]
    answers = dict.fromkeys(names, "") | {
        "household_key": key,
        "region_code": key[:12],
        "visit_no": f"{key}-ab12cd34",
        "subject": household["subject"],
        "outcome": "完成",
        "visited_on": "2019-04-10",
        "net_income_per_head": "3500.5",
        "housing": "否",
        "location": "36.97 111.2 900 5",
    }
    with (tmp_path / "export.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, ["SubmissionDate", *names, "KEY"])
        table.writeheader()
        table.writerow(answers | {"SubmissionDate": "2019-04-10T10:00:00", "KEY": "uuid:1"})
    [receipt] = take_in([tmp_path / "export.csv"], tmp_path / "store", pack, received_on=YEAR_END)
    [one] = receipt.sheets
    assert (one.layout, one.accepted, one.quarantined) == ("survey_form_export", 1, 0), receipt
    [row] = pq.read_table(tmp_path / "store" / one.staged[0].path).to_pylist()
    assert (row["net_income_per_head"], row["housing"], row["region_code"]) == (350_050, False, key[:12])
