"""The report as web page, paper, workbook and JSON: every figure, both definitions, and nobody's number or place."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from jingzhun.model.evaluation_report import EvaluationReport
from jingzhun.reporting import write_evaluation
from jingzhun.reporting.evaluation_map import short, village_map
from jingzhun.reporting.evaluation_page import evaluation_page
from jingzhun.reporting.evaluation_words import LABELS, WORDS
from tests.evaluation.invented import case, evidence, pack, register, report, visits

Written = dict[str, Path]
NUMBER, HOME = "142333198001011234", "111.98765"
RATES = ("错退率", "漏评率", "群众认可度", "综合贫困发生率")


def judged() -> EvaluationReport:
    """A wrong exit upheld, an omission open, one household that gave no answer; a number in the grounds."""
    cases = [
        case(1, "0E00", "疑似错退", grounds=f"房屋C级，证件{NUMBER}", appealed_on=date(2019, 3, 9)),
        case(2, "4O00", "疑似漏评", None, reason='<script>alert("x")</script>'),
        case(3, "1E00", "疑似错退", "不属实"),
    ]
    answers = {
        "0E00": {"longitude": HOME, "latitude": "37.98765", "respondent": "钱某某"},
        "0E01": {"acknowledged": None},
        "4E00": {"acknowledged": False},
    }
    return report(evidence(visits(answers), cases))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write_evaluation(judged(), tmp_path_factory.mktemp("evaluation"))


def text_of(path: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True).stdout.decode()


def everything(written: Written) -> str:
    """All text of every file: of the workbook its cells, of the PDF what can be read back where that is possible."""
    book = load_workbook(written["xlsx"])
    cells = [str(cell) for page in book for row in page.iter_rows(values_only=True) for cell in row if cell is not None]
    plain = [written[name].read_text("utf-8") for name in ("json", "html_zh", "html_en")]
    papers = [text_of(written["pdf_zh"])] if shutil.which("pdftotext") else []
    return "\n".join([*plain, *papers, *cells])


def test_every_format_and_language_is_written(written: Written) -> None:
    assert set(written) == {"json", "xlsx", "html_zh", "html_en", "pdf_zh", "pdf_en"}
    assert written["html_en"].name == "第三方评估_测试县_2018-12-31.en.html"


def test_the_same_report_gives_the_same_bytes(written: Written, tmp_path: Path) -> None:
    again = write_evaluation(judged(), tmp_path)
    assert [name for name in written if written[name].read_bytes() != again[name].read_bytes()] == []


@pytest.mark.parametrize("rate", RATES)
def test_the_web_page_shows_each_rate_with_limit_and_both_judgements(written: Written, rate: str) -> None:
    page = written["html_zh"].read_text("utf-8")
    [row] = [one for one in re.findall(r"<tr>\s*(<td class=\"name\">.*?)</tr>", page, re.DOTALL) if rate in one]
    assert row.count('class="badge') == 2
    assert re.search(r"[<>&lgt;]+ (2|90)%", row)


def test_both_definitions_stand_side_by_side(written: Written) -> None:
    page = written["html_en"].read_text("utf-8")
    assert "rural persons outside the register of the villages checked, asked or not" in page
    assert "persons outside the register in the households that were asked" in page
    assert "rural persons outside the register, summed by final weight" in page
    assert page.count("Design effect") == 2 and "Degrees of freedom" in page


def test_open_cases_are_said_beside_the_verdict(written: Written) -> None:
    page = written["html_zh"].read_text("utf-8")
    assert "若未决疑点全部属实：1.04%" in page.replace("\n", "")
    assert "尚未认定" in page and "不属实" in page


def test_the_paper_holds_the_verdicts_and_the_methods(written: Written) -> None:
    text = text_of(written["pdf_zh"]).replace(" ", "")
    for words in (
        *RATES,
        "4.17%",
        "两种口径",
        "抽样与应答",
        "问题分布",
        "Korn–Graubard",
        "20190301",
        "合成数据",
        "第1页",
    ):
        assert words in text, words
    english = text_of(written["pdf_en"])
    assert "Wrong-exit rate" in english and "Page 1 of" in english


def test_no_identity_number_and_no_place_of_a_household_is_in_any_file(written: Written) -> None:
    text = everything(written)
    assert "****34" in text, "the number is masked, so it was there to be masked"
    assert NUMBER not in text
    assert HOME not in text and "37.98765" not in text
    assert "钱某某" not in text and "赵测试" not in text and "赵**" in text


def test_markup_in_what_was_sent_is_text(written: Written) -> None:
    page = written["html_zh"].read_text("utf-8")
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_the_workbook_has_numbers_that_calculate(written: Written) -> None:
    book = load_workbook(written["xlsx"])
    assert book.sheetnames == ["判定", "抽样与应答", "疑点", "按村", "无应答调整", "校准", "权重"]
    official = [
        row for row in book["判定"].iter_rows(min_row=4, values_only=True) if "官方口径（判定用）" in str(row[2])
    ]
    assert (official[0][3], official[0][4]) == (3, 72)
    assert official[0][5] == pytest.approx(3 / 72)
    for page in book:
        assert not [cell for row in page.iter_rows() for cell in row if cell.data_type == "f"]


def test_the_json_says_what_the_pages_say(written: Written) -> None:
    data = json.loads(written["json"].read_text("utf-8"))
    [wrong] = [one for one in data["areas"][0]["results"] if one["rate"] == "wrong_exit"]
    assert (wrong["official"][0]["above"], wrong["official"][0]["below"]) == (3.0, 72.0)
    assert wrong["verdict"]["limit"]["parameter"] == "wrong_exit_rate_max"
    assert wrong["verdict"]["by_point"] is False
    assert set(data["villages"][0]) >= {"longitude", "wrong", "pending"}
    assert data["seed"] == "20190301" and data["synthetic"] is True


def test_what_is_not_known_is_a_dash_and_not_zero() -> None:
    page = evaluation_page(report(known=register(complete=False)), "zh")
    composite = next(row for row in page.verdicts if row.name == "综合贫困发生率")
    assert (composite.official, composite.made_of, composite.design) == ("", "", "")
    assert composite.by_point.text == "算不出"


def test_data_that_are_real_bear_no_banner_of_invented_ones(tmp_path: Path) -> None:
    real = replace(report(), synthetic=False)
    written = write_evaluation(real, tmp_path, languages=("zh",), formats=("html",))
    assert "合成数据" not in written["html_zh"].read_text("utf-8")


def test_villages_are_drawn_where_they_lie_only_if_all_have_a_place() -> None:
    villages = judged().villages
    assert village_map(villages, "zh").placed
    unknown = (replace(villages[0], longitude=None), *villages[1:])
    drawn = village_map(unknown, "zh")
    assert not drawn.placed and "不表示方位" in drawn.note
    assert drawn.svg.count("<rect") == len(villages)


def test_villages_with_findings_bear_the_number_of_the_table() -> None:
    page = evaluation_page(judged(), "en")
    assert [row[0] for row in page.found.rows] == ["1", "2"]
    assert re.findall(r'font-weight="700">(\d+)<', page.map.svg) == ["1", "2"]


def test_a_village_name_fits_its_tile() -> None:
    assert short("马家山村村委会") == "马家山"
    assert short("一个名字特别长的村委会") == "一个名字…"


def test_every_label_the_report_translates_is_one_of_the_pack() -> None:
    lists = ("evaluation_subject", "evaluation_doubt", "evaluation_verdict")
    assert set(LABELS) == {item.label for name in lists for item in pack().codes[name].items}
    assert all(zh and en for zh, en in WORDS.values())


def test_each_county_has_the_official_figure_and_ours_with_their_judgements() -> None:
    found = judged()
    several = replace(found, areas=(found.whole, replace(found.whole, name="甲县"), replace(found.whole, name="乙县")))
    page = evaluation_page(several, "zh")
    assert [row.place for row in page.counties] == ["甲县", "乙县"]
    name, official, point, ours, bound = page.counties[0].cells[0]
    assert (name, official, point.text, bound.text) == ("错退率", "4.17%", "未达标", "不能排除越限")
    assert ours.startswith("4.") and "–" in ours


def test_the_counties_are_written_on_the_page_and_on_paper(tmp_path: Path) -> None:
    found = judged()
    several = replace(found, areas=(found.whole, replace(found.whole, name="甲县"), replace(found.whole, name="乙县")))
    written = write_evaluation(several, tmp_path, languages=("zh",), formats=("html", "pdf"))
    assert "甲县" in written["html_zh"].read_text("utf-8")
    assert "乙县" in text_of(written["pdf_zh"])


def test_no_two_columns_of_a_sheet_have_the_same_name(written: Written) -> None:
    for page in load_workbook(written["xlsx"]):
        names = [cell for cell in next(page.iter_rows(min_row=3, max_row=3, values_only=True)) if cell]
        assert len(set(names)) == len(names) > 3, page.title
