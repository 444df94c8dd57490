"""A worklist that comes back sorted, cut, doubled or with a column less: nothing counts wrongly or is lost unsaid."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jingzhun.intake import take_in
from jingzhun.model.receipt import FileReceipt
from tests.intake.making import RECEIVED, pack
from tests.worklists.returning import EXEMPT, filled_in, frozen, lines_of, not_used, sent_out, tally

NUMBER = "问题编号"
Row = list[Any]


def changed(path: Path, change: Callable[[Row, list[Row]], tuple[Row, list[Row]]]) -> Path:
    """The workbook with its header and rows as ``change`` leaves them."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    rows: list[Row] = [[cell.value for cell in row] for row in sheet.iter_rows()]
    at = next(place for place, row in enumerate(rows) if row[0] == NUMBER)
    header, body = change(rows[at], rows[at + 1 :])
    sheet.delete_rows(1, sheet.max_row)
    for row in [*rows[:at], header, *body]:
        sheet.append(row)
    book.save(path)
    return path


def received(path: Path, folder: Path) -> FileReceipt:
    return take_in([path], folder / "store", pack(), received_on=RECEIVED)[0]


def without(column: str) -> Callable[[Row, list[Row]], tuple[Row, list[Row]]]:
    def change(header: Row, body: list[Row]) -> tuple[Row, list[Row]]:
        at = header.index(column)
        return [*header[:at], *header[at + 1 :]], [[*row[:at], *row[at + 1 :]] for row in body]

    return change


@pytest.fixture
def exempted(delivered: Path, tmp_path: Path) -> Path:
    """The worklist with every problem exempt."""
    [path] = sent_out(delivered, tmp_path / "out")
    return filled_in(path, lambda row: EXEMPT)


def test_rows_in_another_order_are_found_by_their_numbers(exempted: Path, tmp_path: Path) -> None:
    snapshot = frozen(tmp_path, [changed(exempted, lambda header, body: (header, body[::-1]))])
    assert (tally(snapshot, "A11").exempt, tally(snapshot, "A11").open) == (2, 0)
    assert not_used(snapshot) == {}


def test_columns_in_another_order_are_found_by_their_headers(exempted: Path, tmp_path: Path) -> None:
    turned = changed(
        exempted, lambda header, body: (header[:1] + header[:0:-1], [row[:1] + row[:0:-1] for row in body])
    )
    assert tally(frozen(tmp_path, [turned]), "A11").exempt == 2


@pytest.mark.parametrize("column", ["规则", "人编号", "首次发现", "乡(镇)"])
def test_a_column_that_is_there_for_reading_may_go(exempted: Path, tmp_path: Path, column: str) -> None:
    snapshot = frozen(tmp_path, [changed(exempted, without(column))])
    assert (tally(snapshot, "A11").exempt, not_used(snapshot)) == (2, {})


@pytest.mark.parametrize("column", [NUMBER, "整改状态", "豁免到期日"])
def test_without_a_column_that_is_needed_every_row_goes_back(exempted: Path, tmp_path: Path, column: str) -> None:
    lines = len(lines_of(exempted))
    path = changed(exempted, without(column)) if column != NUMBER else _headless(exempted)
    receipt = received(path, tmp_path)
    if receipt.refused is None:
        [sheet] = receipt.sheets
        assert (sheet.accepted, sheet.warned, sheet.quarantined) == (0, 0, lines)
        assert receipt.returned and column in "".join(problem.message for problem in sheet.problems)


def _headless(path: Path) -> Path:
    """The first column is the one that ``changed`` knows the header by, so it goes last."""
    book = openpyxl.load_workbook(path)
    book.worksheets[0].delete_cols(1)
    book.save(path)
    return path


def test_rows_that_were_deleted_are_still_open_and_go_out_again(exempted: Path, tmp_path: Path) -> None:
    numbers = {line[NUMBER] for line in lines_of(exempted)}
    half = len(numbers) // 2
    snapshot = frozen(tmp_path, [changed(exempted, lambda header, body: (header, body[:half]))])
    kept = {line[NUMBER] for line in lines_of(exempted)}
    [again] = sent_out(snapshot, tmp_path / "again")
    assert {line[NUMBER] for line in lines_of(again)} == numbers - kept
    assert len(kept) == half


def test_the_same_workbook_twice_counts_once(exempted: Path, tmp_path: Path) -> None:
    twice = Path(shutil.copy(exempted, tmp_path / "再报一次.xlsx"))
    snapshot = frozen(tmp_path, [exempted, twice])
    assert (tally(snapshot, "A11").exempt, not_used(snapshot)) == (2, {})


def test_a_workbook_that_comes_again_with_another_answer_takes_the_place_of_the_first(
    exempted: Path, tmp_path: Path
) -> None:
    again = Path(shutil.copy(exempted, tmp_path / "再报一次.xlsx"))
    filled_in(again, lambda row: {"整改状态": "待整改", "佐证": None, "填报人": None, "豁免到期日": None})
    first, second = frozen(tmp_path, [exempted]), frozen(tmp_path, [again])
    assert (tally(first, "A11").exempt, tally(second, "A11").exempt) == (2, 0)


def test_a_workbook_that_comes_again_empty_takes_nothing_back(exempted: Path, tmp_path: Path) -> None:
    again = Path(shutil.copy(exempted, tmp_path / "再报一次.xlsx"))
    filled_in(again, lambda row: dict.fromkeys(EXEMPT))
    assert tally(frozen(tmp_path, [exempted, again]), "A11").exempt == 2


def test_a_row_pasted_twice_counts_once_and_what_differs_goes_back(exempted: Path, tmp_path: Path) -> None:
    def pasted(header: Row, body: list[Row]) -> tuple[Row, list[Row]]:
        other = list(body[1])
        other[header.index("佐证")] = "另一份证明"
        return header, [*body, body[0], other]

    receipt = received(changed(exempted, pasted), tmp_path)
    [sheet] = receipt.sheets
    assert (sheet.ignored, sheet.quarantined) == (1, 1)
    assert "佐证" in next(one.message for one in sheet.problems if one.outcome == "quarantined")


@pytest.mark.parametrize("column", [NUMBER, "规则", "人编号"])
def test_a_column_that_was_sorted_by_itself_exempts_nobody(exempted: Path, tmp_path: Path, column: str) -> None:
    def shifted(header: Row, body: list[Row]) -> tuple[Row, list[Row]]:
        at = header.index(column)
        values = [row[at] for row in body]
        return header, [
            [*row[:at], value, *row[at + 1 :]] for row, value in zip(body, values[1:] + values[:1], strict=True)
        ]

    before = {line[NUMBER]: (line["规则"], line["人编号"]) for line in lines_of(exempted)}
    path = changed(exempted, shifted)
    wrong = {line[NUMBER] for line in lines_of(path) if before[line[NUMBER]] != (line["规则"], line["人编号"])}
    unused = not_used(frozen(tmp_path, [path]))
    assert wrong and unused == dict.fromkeys(wrong, "contradicted")


@pytest.mark.parametrize("day", ["2018-12-30", "2029-01-01"])
def test_an_exemption_until_a_day_that_cannot_be_meant_is_named(exempted: Path, tmp_path: Path, day: str) -> None:
    numbers = [line[NUMBER] for line in lines_of(filled_in(exempted, lambda row: {"豁免到期日": day}))]
    snapshot = frozen(tmp_path, [exempted])
    assert (tally(snapshot, "A11").exempt, tally(snapshot, "A11").run_out) == (0, 0)
    assert not_used(snapshot) == dict.fromkeys(numbers, "implausible")


@pytest.mark.parametrize("day", ["0001-01-01", "2999-12-31"])
def test_a_day_of_no_time_goes_back_to_its_sender(exempted: Path, tmp_path: Path, day: str) -> None:
    receipt = received(filled_in(exempted, lambda row: {"豁免到期日": day}), tmp_path)
    assert receipt.sheets[0].accepted == 0 and receipt.returned


@pytest.mark.parametrize(
    ("day", "claimed"), [("2018-11-05", 2), ("2019-03-01", 2), ("2014-05-01", 0), ("2021-01-01", 0)]
)
def test_a_correction_on_a_day_that_cannot_be_meant_is_no_claim(
    exempted: Path, tmp_path: Path, day: str, claimed: int
) -> None:
    said = {"整改状态": "已整改", "整改日期": day, "豁免到期日": None}
    snapshot = frozen(tmp_path, [filled_in(exempted, lambda row: said)])
    assert tally(snapshot, "A11").claimed == claimed
    assert set(not_used(snapshot).values()) == (set() if claimed else {"implausible"})


@pytest.mark.parametrize("number", ["A11-123", "ZZ9-0123456789ab"])
@pytest.mark.parametrize("state", ["已豁免", "已整改"])
def test_a_number_that_was_never_given_out_is_named_whatever_was_answered(
    exempted: Path, tmp_path: Path, number: str, state: str
) -> None:
    def mistyped(header: Row, body: list[Row]) -> tuple[Row, list[Row]]:
        body[0][header.index(NUMBER)], body[0][header.index("整改状态")] = number, state
        body[0][header.index("整改日期")] = "2018-11-05"
        return header, body

    assert not_used(frozen(tmp_path, [changed(exempted, mistyped)])) == {number: "nowhere"}
