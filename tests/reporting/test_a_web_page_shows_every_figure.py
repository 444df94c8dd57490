"""The HTML answer sheet: complete, self-contained, safe."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from jingzhun.model.answers import SourceLine
from jingzhun.reporting.page import build_page
from jingzhun.reporting.wording import counted, exact_text, figure_text
from tests.reporting import sheets

Written = dict[str, Path]


class Rows(HTMLParser):
    """The text of every table row by its anchor."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        self._anchor = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._anchor = dict(attrs).get("id") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr":
            self._anchor = ""

    def handle_data(self, data: str) -> None:
        if self._anchor:
            self.texts[self._anchor] = self.texts.get(self._anchor, "") + data


def page_of(written: Written, language: str) -> str:
    return written[f"html_{language}"].read_text("utf-8")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_figure_stands_with_its_numerator_denominator_vintage_and_rule(written: Written, language: str) -> None:
    rows = Rows(page_of(written, language)).texts
    for answer in sheets.prefecture().answers:
        text = rows[answer.figure or f"i-{answer.indicator}"]
        numerator, says, says_en = counted(answer, "numerator")
        denominator, of, of_en = counted(answer, "denominator")
        wanted = [
            figure_text(answer.value, answer.unit, answer.decimals),
            exact_text(numerator),
            exact_text(denominator),
        ]
        wanted += [says, of] if language == "zh" else [says_en, of_en]
        wanted += [answer.rule_version.split()[-1], f"{answer.row_count:,}", *(v.check for v in answer.check)]
        assert [part for part in wanted if part not in text] == [], answer.figure


def test_figures_and_checks_point_at_each_other(written: Written) -> None:
    page = page_of(written, "zh")
    anchors = set(re.findall(r'id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors
    assert len([anchor for anchor in anchors if re.fullmatch(r"F[0-9]{3}", anchor)]) == 111
    assert len([anchor for anchor in anchors if re.fullmatch(r"C[0-9]{2}", anchor)]) == 27


def test_sections_keep_the_order_of_the_source(written: Written) -> None:
    figures = re.findall(r'<tr id="(F[0-9]{3})">', page_of(written, "zh"))
    assert figures == [answer.figure for answer in sheets.prefecture().answers if answer.figure]


def test_the_page_needs_nothing_from_anywhere(written: Written) -> None:
    for language in ("zh", "en"):
        page = page_of(written, language)
        assert not re.search(r"https?://|//cdn|<script|<link|@import|url\(|src=", page)


def test_invented_data_says_so_and_real_data_does_not(written: Written, awkward: Written) -> None:
    assert "合成数据：" in page_of(written, "zh")
    assert "Synthetic data:" in page_of(written, "en")
    assert "合成数据" not in page_of(awkward, "zh")


def test_verdicts_that_need_a_person_stand_at_the_top(written: Written) -> None:
    page = page_of(written, "zh")
    front = page[: page.index("<main>")]
    for check in ("C09", "C15", "C25"):
        assert f"{check} 提示复核" in front
    assert "C12 通过" not in front


def test_a_file_of_which_no_row_could_be_read_is_named_at_the_top() -> None:
    sheet = sheets.prefecture()
    unusable = SourceLine("花名册.xlsx", "cd" * 32, 0, 0, 0, 0, 0, 0)
    page = build_page(replace(sheet, sources=(*sheet.sources, unusable)), "zh")
    said = [text for _, _, text in page.attention if "没有读到一行的文件" in text]
    assert len(said) == 1 and said[0].endswith("：花名册.xlsx")
    assert not next(tile for tile in page.tiles if tile.anchor == "sources").good
    assert next(tile for tile in build_page(sheet, "zh").tiles if tile.anchor == "sources").good


def test_markup_in_data_is_text(awkward: Written) -> None:
    page = page_of(awkward, "zh")
    assert "<script" not in page and "<b>&#x41;" not in page
    assert '<script>alert("x")</script>' in unescape(page)
    assert "丙县 #set page" in unescape(page)


def test_a_figure_without_data_is_not_zero(awkward: Written) -> None:
    row = Rows(page_of(awkward, "zh")).texts["F011"]
    assert "无数据" in row
    assert "0.0" not in row


def test_a_figure_that_differs_from_print_is_named_at_the_top(awkward: Written) -> None:
    page = page_of(awkward, "zh")
    front = page[: page.index("<main>")]
    assert "F017" in front and "与原文不符" in front and "95" in front


def test_key_figures_are_rates_of_as_many_sections_as_there_are() -> None:
    chosen = build_page(sheets.prefecture(), "zh").key_figures
    assert len(chosen) == 8 and chosen[0].id == "F010"
    assert all(row.denominator for row in chosen)
    assert {"F059", "F064", "F068", "F079", "F101", "F116"} <= {row.id for row in chosen}


def test_each_language_links_to_the_other(written: Written) -> None:
    assert 'hreflang="en"' in page_of(written, "zh")
    assert 'hreflang="zh"' in page_of(written, "en")


def test_the_english_page_has_english_words_for_everything_but_names_of_places_and_files(written: Written) -> None:
    page = page_of(written, "en")
    body = page[page.index("<body>") :]
    for place in (*sheets.COUNTIES, "吕梁市", "中文"):
        body = body.replace(place, "")
    body = re.sub(r'<td class="file">.*?</td>', "", body)
    assert re.findall(r"[\u4e00-\u9fff]+", body) == []
