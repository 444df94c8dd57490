"""The PDF answer sheet: its text can be read back, and without a Chinese font there is a message instead."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from jingzhun.reporting import MissingFont, pdf, write_answer_sheet
from jingzhun.reporting.page import build_page
from tests.reporting import sheets

Written = dict[str, Path]


def text_of(path: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    found = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return found.stdout.decode()


def test_it_is_a_pdf_with_chinese_fonts_inside(written: Written) -> None:
    content = written["pdf_zh"].read_bytes()
    assert content.startswith(b"%PDF-")
    assert b"NotoSansCJK" in content or b"NotoSerifCJK" in content or len(content) > 100_000


def test_its_text_layer_holds_every_figure_and_check_in_chinese(written: Written) -> None:
    text = text_of(written["pdf_zh"])
    for words in ("脱贫答卷", "贫困发生率", "72,400", "进出平衡", "退出检验", "来源文件", "合成数据", "第1页"):
        assert words in text.replace(" ", "")
    for answer in sheets.prefecture().answers:
        assert answer.figure is None or answer.figure in text
    for verdict in sheets.prefecture().verdicts:
        assert verdict.check in text


def test_every_page_of_invented_data_says_so(written: Written) -> None:
    pages = text_of(written["pdf_zh"]).rstrip("\f").split("\f")
    assert len(pages) > 3
    assert all("合成数据" in page for page in pages)


def test_table_heads_are_repeated_on_every_page_of_figures(written: Written) -> None:
    pages = text_of(written["pdf_zh"]).split("\f")
    assert sum("分子 ÷ 分母" in page for page in pages) >= 3


def test_the_english_page_is_english(written: Written) -> None:
    text = text_of(written["pdf_en"])
    assert "Poverty headcount ratio" in text and "Page 1 of" in text and "Mutual checks" in text


def test_markup_in_data_is_text_and_not_typst(awkward: Written) -> None:
    text = text_of(awkward["pdf_zh"])
    assert '#set page("a0")' in text and "<script>" in text


def test_a_machine_without_chinese_fonts_is_told_what_to_install() -> None:
    with pytest.raises(MissingFont) as caught:
        pdf.choose_fonts(frozenset({"DejaVu Sans", "Libertinus Serif"}))
    for words in ("fonts-noto-cjk", "Noto Sans CJK"):
        assert words in caught.value.zh and words in caught.value.en


def test_one_chinese_font_stands_in_for_the_other() -> None:
    assert pdf.choose_fonts(frozenset({"Noto Serif CJK SC"})) == ("Noto Serif CJK SC", "Noto Serif CJK SC")


def test_other_formats_are_written_although_the_font_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "installed_fonts", lambda folders=(): frozenset({"DejaVu Sans"}))
    with pytest.raises(MissingFont):
        write_answer_sheet(sheets.prefecture(), tmp_path)
    assert {path.suffix for path in tmp_path.iterdir()} == {".html", ".xlsx", ".json"}


def test_the_same_sheet_gives_the_same_bytes_and_another_does_not(written: Written) -> None:
    page = build_page(sheets.prefecture(), "zh")
    again = pdf.pdf_page(page, sheets.prefecture().as_of)
    assert again == written["pdf_zh"].read_bytes()
    other = pdf.pdf_page(replace(page, place="别处"), sheets.prefecture().as_of)
    assert other != again
