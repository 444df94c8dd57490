"""Names of the files, what is written for which request, and that the same sheet gives the same bytes."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingzhun.model.answers import Answer
from jingzhun.reporting import figure_row, write_answer_sheet
from jingzhun.reporting.answer_sheet import file_stem
from jingzhun.reporting.page import agrees
from jingzhun.reporting.wording import exact_text, figure_text, seen_text
from tests.answers import printed
from tests.reporting import sheets

Written = dict[str, Path]


def test_every_format_and_language_is_written_by_default(written: Written) -> None:
    assert set(written) == {"json", "xlsx", "html_zh", "html_en", "pdf_zh", "pdf_en"}
    assert written["html_zh"].name == "脱贫答卷_吕梁市_2018-12-31.zh.html"


def test_only_what_was_asked_for_is_written(tmp_path: Path) -> None:
    write_answer_sheet(sheets.prefecture(), tmp_path, languages=("en",), formats=("html", "json"))
    assert sorted(path.suffixes[-1] for path in tmp_path.iterdir()) == [".html", ".json"]


def test_the_same_sheet_gives_the_same_bytes(written: Written, tmp_path: Path) -> None:
    again = write_answer_sheet(sheets.prefecture(), tmp_path, formats=("html", "xlsx", "json"))
    for name, path in again.items():
        assert path.read_bytes() == written[name].read_bytes(), name


def test_json_is_the_list_of_answers(written: Written) -> None:
    listed = json.loads(written["json"].read_text("utf-8"))
    sheet = sheets.prefecture()
    for entry, answer in zip(listed, sheet.answers, strict=True):
        assert entry == answer.to_json() | {"snapshot": sheet.snapshot, "synthetic": sheet.synthetic}
    assert listed[1]["numerator"] == 528 and listed[1]["denominator"] == 72_400


@given(st.text(max_size=30))
def test_no_place_name_leaves_the_folder(name: str) -> None:
    stem = file_stem(replace(sheets.prefecture(), region_name=name))
    assert not set(stem) & set('/\\:*?"<>|\n\0')
    assert Path("out", stem).parent == Path("out")


@pytest.mark.parametrize(
    ("qualifier", "value", "wanted"),
    [("=", "30", True), ("=", "29.9", False), ("≥", "30.1", True), ("≥", "29.9", False), ("≤", "29.9", True),
     ("≤", "30.1", False)],
)  # fmt: skip
def test_a_bound_is_kept_when_comparing_with_print(qualifier: str, value: str, wanted: bool) -> None:
    answer = replace(printed.answers()["F111"], qualifier=qualifier, value=Decimal(value), printed=Decimal(30))
    assert agrees(answer) is wanted


def test_a_missing_value_is_not_called_wrong_beside_the_print() -> None:
    answer: Answer = replace(printed.answers()["F111"], value=None)
    assert agrees(answer) is None
    assert agrees(replace(answer, printed=None)) is None


def test_numbers_are_written_as_people_write_them() -> None:
    assert figure_text(Decimal("1026"), "villages (more than)", 0) == "1,026"
    assert figure_text(Decimal("2020"), "year", 0) == "2020"
    assert figure_text(Decimal("3545"), "name", 0) == "3545"
    assert figure_text(None, "%", 1) == ""
    assert exact_text(Decimal("416680.500")) == "416,680.5"
    assert exact_text(Decimal("100.000")) == "100"
    assert seen_text("41600/520000 = 8.00%", "zh") == "41,600/520,000 = 8.00%"
    assert seen_text("> 2995 元", "en") == "> 2,995 yuan"


@pytest.mark.parametrize(
    ("value", "decimals", "said"),
    [
        ("0.000500", 6, ("5.00", "万元")),
        ("0.000001", 6, ("100", "元")),
        ("0.123", 3, ("0.123", "亿元")),
        ("0", 2, ("0.00", "亿元")),
    ],
)
def test_a_small_amount_is_told_in_a_unit_that_fits_it(value: str, decimals: int, said: tuple[str, str]) -> None:
    answer = replace(printed.answers()["F111"], figure=None, printed=None, unit="100m yuan")
    row = figure_row(replace(answer, value=Decimal(value), decimals=decimals), "zh")
    assert (row.value, row.unit) == said
