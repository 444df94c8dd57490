"""No figure goes away in silence: the sheet names the tables that nobody delivered and counts what waits for them."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from jingzhun.model.answers import Answer, AnswerSheet
from jingzhun.model.message import Message
from jingzhun.reporting.page import build_page
from jingzhun.reporting.workbook import workbook
from tests.answers import printed
from tests.reporting import sheets

DONATIONS = Message("donation", "捐赠", "Donation")
LOANS = Message("loan", "扶贫贷款", "Loan")


def empty(indicator: str, *lacking: Message) -> Answer:
    base = replace(printed.answers()["F017"], figure=None, printed=None, value=None, numerator=None, row_count=0)
    return replace(base, indicator=indicator, name=f"{indicator}之名", name_en=f"name of {indicator}", lacking=lacking)


def gaps() -> AnswerSheet:
    absent = (empty("a", DONATIONS), empty("b", LOANS), empty("c", LOANS, DONATIONS))
    return replace(sheets.prefecture(), absent=absent)


@pytest.mark.parametrize(
    ("language", "heading", "said"),
    [
        ("zh", "没有报送的表", ("捐赠（a之名、c之名）、扶贫贷款（b之名、c之名）", "共 3 个数字", "不当作 0")),
        (
            "en",
            "Tables that nobody delivered",
            ("Donation (name of a, name of c), Loan (name of b, name of c)", "3 figures", "not zero"),
        ),
    ],
)
def test_the_page_names_them_among_what_is_to_be_reviewed(language: str, heading: str, said: tuple[str, ...]) -> None:
    items = {item[1]: item[2] for item in build_page(gaps(), language).attention}  # type: ignore[arg-type]
    assert all(part in items[heading] for part in said), items[heading]


def test_where_many_wait_for_one_table_they_are_counted() -> None:
    many = replace(sheets.prefecture(), absent=tuple(empty(name, LOANS) for name in "abcd"))
    said = {item[1]: item[2] for item in build_page(many, "zh").attention}["没有报送的表"]
    assert "扶贫贷款（4 个数字）" in said and "a之名" not in said


def test_the_workbook_lists_every_table_with_its_figures() -> None:
    book = load_workbook(io.BytesIO(workbook(gaps(), ("zh", "en"))))
    rows = list(book["没有报送的表"].iter_rows(min_row=4, values_only=True))
    assert [(str(row[0]).split("\n")[0], row[1]) for row in rows] == [("捐赠", 2), ("扶贫贷款", 2)]
    assert rows[1][2] == "b之名 / name of b\nc之名 / name of c"


def test_a_sheet_of_which_everything_was_delivered_says_nothing_of_it() -> None:
    assert "没有报送的表" not in {item[1] for item in build_page(sheets.prefecture(), "zh").attention}


def test_machines_find_the_empty_figures_last() -> None:
    assert [entry["lacking"] for entry in gaps().entries()[-3:]] == [["donation"], ["loan"], ["loan", "donation"]]


def test_the_count_of_answered_figures_is_of_all_that_were_asked() -> None:
    sheet = replace(gaps(), answers=tuple(answer for answer in gaps().answers if answer.printed is None))
    tile = build_page(sheet, "zh").tiles[0]
    assert (tile.of, tile.good) == (f"/ {len(sheet.answers) + 3}", False)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sentences_have_the_signs_of_their_language(language: str) -> None:
    for _, _, said in build_page(sheets.prefecture(), language).attention:  # type: ignore[arg-type]
        signs = (": ", ", ", "; ") if language == "zh" else ("：", "，", "；", "、")
        assert not any(sign in said for sign in signs), said
