"""Where only a file's name says of which year it is, the same bytes under another year are another delivery."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from jingzhun.model.receipt import read_receipts
from tests.intake.making import HEADERS, person, taken, workbook

AT = HEADERS.index("数据年度")


def without_year(path: Path) -> Path:
    return workbook(path, [person(1)[:AT] + person(1)[AT + 1 :]], HEADERS[:AT] + HEADERS[AT + 1 :])


def years(store: Path) -> list[int]:
    return sorted(
        year
        for receipt in read_receipts(store)
        for sheet in receipt.sheets
        for staged in sheet.staged
        for year in pq.read_table(store / staged.path)["data_year"].to_pylist()
    )


def test_the_same_bytes_under_two_years_are_two_deliveries(tmp_path: Path) -> None:
    first = without_year(tmp_path / "人员_2017年.xlsx")
    second = tmp_path / "人员_2018年.xlsx"
    second.write_bytes(first.read_bytes())
    receipts = [taken(first, tmp_path / "store"), taken(second, tmp_path / "store")]
    assert [(receipt.file, receipt.already, receipt.refused) for receipt in receipts] == [
        ("人员_2017年.xlsx", False, None),
        ("人员_2018年.xlsx", False, None),
    ]
    assert years(tmp_path / "store") == [2017, 2018]


def test_each_of_them_again_changes_nothing_and_is_shown_under_the_name_delivered(tmp_path: Path) -> None:
    first = without_year(tmp_path / "人员_2017年.xlsx")
    for name in ("人员_2018年.xlsx", "另一名_2017年.xlsx", "没有年份.xlsx"):
        (tmp_path / name).write_bytes(first.read_bytes())
    taken(first, tmp_path / "store")
    taken(tmp_path / "人员_2018年.xlsx", tmp_path / "store")
    before = sorted((tmp_path / "store").rglob("*"))
    for name in ("人员_2017年.xlsx", "人员_2018年.xlsx", "另一名_2017年.xlsx", "没有年份.xlsx"):
        again = taken(tmp_path / name, tmp_path / "store")
        assert (again.already, again.file) == (True, name)
    assert sorted((tmp_path / "store").rglob("*")) == before


def test_bytes_that_say_their_year_themselves_are_one_delivery_under_any_name(tmp_path: Path) -> None:
    first = workbook(tmp_path / "人员_2017年.xlsx", [person(1)])
    second = tmp_path / "人员_2018年.xlsx"
    second.write_bytes(first.read_bytes())
    taken(first, tmp_path / "store")
    again = taken(second, tmp_path / "store")
    assert (again.already, again.file) == (True, "人员_2018年.xlsx")
    assert years(tmp_path / "store") == [2018]


def test_a_refusal_under_a_worse_name_leaves_what_was_taken_in(tmp_path: Path) -> None:
    first = without_year(tmp_path / "人员_2017年.xlsx")
    unclear = tmp_path / "人员_2016年_2018年.xlsx"
    unclear.write_bytes(first.read_bytes())
    taken(first, tmp_path / "store")
    assert taken(unclear, tmp_path / "store").refused is not None
    assert years(tmp_path / "store") == [2017]
    taken(workbook(tmp_path / "其他.xlsx", [person(7)]), tmp_path / "store")
    assert years(tmp_path / "store") == [2017, 2018]
