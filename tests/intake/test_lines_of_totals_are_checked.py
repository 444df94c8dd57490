"""合计 and 小计 are no records, but they say what the sender thinks the rows add up to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jingzhun.model.receipt import SheetReceipt
from tests.intake.making import counts, sheet_of, text, workbook

HEADERS = ["县(市、区)", "捐赠编号", "捐赠方", "金额（元）"]


def gift(number: int, yuan: object) -> list[Any]:
    return ["交口县", f"D{number}", "合成企业", yuan]


def total(yuan: object, words: str = "合计") -> list[Any]:
    return [words, "", "", yuan]


def taken_in(tmp_path: Path, rows: list[list[Any]]) -> SheetReceipt:
    return sheet_of(workbook(tmp_path / "捐赠台账.xlsx", rows, HEADERS))


def about_totals(sheet: SheetReceipt) -> list[str]:
    return [problem.message for problem in sheet.problems if problem.outcome == "ignored"]


@pytest.mark.parametrize(
    "rows",
    [
        [gift(1, 100), gift(2, "1,000.50"), total("1,100.50")],
        [total("1100.50"), gift(1, 100), gift(2, 1000.5)],
        [gift(1, 100), total(100, "小计"), gift(2, 1000.5), total("1000.50", "小计"), total(1100.5)],
        [gift(1, 1), total(1, "小计"), gift(2, 2), total(2, "小计"), total(3, "全县合计")],
    ],
)
def test_a_total_that_is_the_sum_of_its_rows_says_so(tmp_path: Path, rows: list[list[Any]]) -> None:
    sheet = taken_in(tmp_path, rows)
    said = about_totals(sheet)
    assert said and all("与各行之和一致" in message for message in said)
    assert "不一致" not in sheet.note


def test_a_total_that_is_not_names_both_sums_and_the_difference(tmp_path: Path) -> None:
    sheet = taken_in(tmp_path, [gift(1, 100), gift(2, 250), total(400)])
    assert counts(sheet) == (2, 0, 0, 0, 1)
    assert "金额（元） 写 400.00，各行之和 350.00，相差 50.00" in about_totals(sheet)[0]
    assert "有 1 行合计与各行之和不一致" in sheet.note


def test_an_amount_that_cannot_be_read_makes_the_total_differ(tmp_path: Path) -> None:
    sheet = taken_in(tmp_path, [gift(1, 100), gift(2, "约3千"), total(3100)])
    assert "各行之和 100.00" in about_totals(sheet)[0]


def test_a_total_without_a_figure_is_only_listed(tmp_path: Path) -> None:
    sheet = taken_in(tmp_path, [gift(1, 100), total("")])
    assert about_totals(sheet) == ["“合计”行，不是一条记录。"]


def test_totals_of_a_text_table_are_checked_too(tmp_path: Path) -> None:
    path = text(tmp_path / "捐赠台账.csv", [gift(1, 100), total(100), gift(2, 5), total(106)], HEADERS)
    said = about_totals(sheet_of(path))
    assert "与各行之和一致" in said[0]
    assert "写 106.00，各行之和 105.00，相差 1.00" in said[1]


def test_a_record_whose_name_begins_like_a_total_is_a_record(tmp_path: Path) -> None:
    headers = ["捐赠方", *HEADERS[:2], HEADERS[3]]
    rows = [["合计国", "交口县", "D1", 5], ["共计", "", "", 5]]
    sheet = sheet_of(workbook(tmp_path / "捐赠台账.xlsx", rows, headers))
    assert counts(sheet) == (1, 0, 0, 0, 1)
