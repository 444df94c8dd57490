"""A workbook for each county with a sheet for each village; what is filled in is taken in as survey visits."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq

from jingzhun.intake import take_in
from jingzhun.policy import Pack
from tests.evaluation.conftest import YEAR_END

HEADER = 5
"""Row of the header: a title and three lines on how to fill the list in stand above it."""


def opened(drawn: Path) -> tuple[Path, Any]:
    [path] = (drawn / "visit_lists").glob("*.xlsx")
    return path, openpyxl.load_workbook(path)


def columns(sheet: Any) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[HEADER]}


def test_every_village_has_a_sheet_and_every_household_a_line(drawn: Path) -> None:
    _, book = opened(drawn)
    villages = pq.read_table(drawn / "sampled_village.parquet").num_rows
    households = pq.read_table(drawn / "sampled_household.parquet").num_rows
    assert len(book.worksheets) == villages
    assert sum(sheet.max_row - HEADER for sheet in book.worksheets) == households


def test_no_identity_number_leaves_the_house(drawn: Path) -> None:
    _, book = opened(drawn)
    texts = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert not [text for text in texts if re.search(r"(?<!\d)\d{17}[\dX](?!\d)", text)]
    assert not re.search(r"(?<!\d)\d{17}[\dX](?!\d)", (drawn / "form" / "households.csv").read_text("utf-8"))


def test_codes_and_flags_are_chosen_from_a_list(drawn: Path) -> None:
    _, book = opened(drawn)
    offered = {rule.formula1 for rule in book.worksheets[0].data_validations.dataValidation}
    assert '"完成,拒访,无人在家,已搬离,查无此户,已去世销户"' in offered
    assert '"是,否"' in offered


def test_what_is_filled_in_comes_back_as_visits(drawn: Path, pack: Pack, tmp_path: Path) -> None:
    path, book = opened(drawn)
    sheet, at = book.worksheets[0], columns(book.worksheets[0])
    for row, outcome in ((HEADER + 1, "完成"), (HEADER + 2, "拒访")):
        sheet.cell(row, at["访问结果"], outcome)
        sheet.cell(row, at["调查日期"], "2019-04-10")
        sheet.cell(row, at["人均纯收入（元）"], 3500.5)
        sheet.cell(row, at["是否认可"], "是")
    book.save(tmp_path / path.name)
    [receipt] = take_in([tmp_path / path.name], tmp_path / "store", pack, received_on=YEAR_END)
    assert receipt.sheets[0].layout == "visit_list"
    assert receipt.sheets[0].accepted == 2
    assert sum(one.rows for one in receipt.sheets) == sum(one.accepted + one.ignored for one in receipt.sheets)
    [staged] = receipt.sheets[0].staged
    visits = pq.read_table(tmp_path / "store" / staged.path).to_pylist()
    assert [row["outcome"] for row in visits] == ["完成", "拒访"]
    assert visits[0]["net_income_per_head"] == 350_050
    assert visits[0]["acknowledged"] is True
    assert visits[0]["household_key"].startswith(visits[0]["region_code"])
