"""Open problems go out by township with the cells they come from; what is filled in counts when it comes back."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from jingzhun.intake import take_in
from jingzhun.pipeline import screened
from jingzhun.quality import tallies
from jingzhun.worklists import problem_answers_not_used
from tests.intake.making import RECEIVED, counts, identity, pack, person, workbook
from tests.worklists.returning import COUNTY, EXEMPT, filled_in, frozen, lines_of, sent_out, tally


def test_a_township_gets_its_problems_with_message_and_cell(delivered: Path, tmp_path: Path) -> None:
    [path] = sent_out(delivered, tmp_path / "out")
    assert path.name == "141130100_水头镇_问题数据核查表_2018-12-31.xlsx"
    lines = lines_of(path)
    sexes = [line for line in lines if str(line["规则"]).startswith("A11 ")]
    assert [line["来源单元格"] for line in sexes] == ["G2、I2", "G3、I3"]
    assert {line["人编号"] for line in sexes} == {"P0001", "P0002"}
    assert all(str(line["行政村"]).startswith("腰庄村") and "女" in str(line["问题"]) for line in sexes)


def test_each_cell_is_of_the_file_that_gave_its_value(tmp_path: Path) -> None:
    ledger = workbook(tmp_path / "人员.xlsx", [person(2), person(1, 性别="女")])
    given = {"县(市、区、旗)": "交口县", "乡(镇)": "水头镇", "行政村": "腰庄村", "户编号": "H0001", "人编号": "P0001"}
    given |= {
        "姓名": "张合成",
        "证件号码": identity(serial=3),
        "与户主关系": "户主",
        "健康状况": "健康",
        "脱贫属性": "未脱贫",
    }
    export = workbook(tmp_path / "贫困人口导出_2018年.xlsx", [list(given.values())], list(given))
    [path] = sent_out(frozen(tmp_path, [ledger, export]), tmp_path / "out")
    [line] = [line for line in lines_of(path) if str(line["规则"]).startswith("A11 ")]
    assert (line["来源文件"], line["来源单元格"]) == ("贫困人口导出_2018年.xlsx", "F2、人员.xlsx:人员 I3")


def test_nothing_filled_in_changes_nothing_and_every_row_is_listed(delivered: Path, tmp_path: Path) -> None:
    [path] = sent_out(delivered, tmp_path / "out")
    [receipt] = take_in([path], tmp_path / "store", pack(), received_on=RECEIVED)
    [sheet] = receipt.sheets
    assert sheet.layout == "problem_worklist"
    accepted, *_, ignored = counts(sheet)
    assert (accepted, ignored) == (0, sheet.rows)
    assert sheet.attention == ""


def test_an_exemption_that_comes_back_closes_its_problem_until_its_day(delivered: Path, tmp_path: Path) -> None:
    [path] = sent_out(delivered, tmp_path / "out")
    exempt = {"整改状态": "已豁免", "佐证": "户口簿复印件", "填报人": "核查人甲", "豁免到期日": "2019-06-30"}
    filled_in(path, lambda row: exempt if row["人编号"] == "P0001" and row["规则"].startswith("A11 ") else {})
    one = tally(frozen(tmp_path, [path]), "A11")
    assert (one.found, one.exempt, one.open) == (2, 1, 1)


def test_a_correction_counts_when_the_register_is_corrected_too(delivered: Path, tmp_path: Path) -> None:
    [path] = sent_out(delivered, tmp_path / "out")
    corrected = {"整改状态": "已整改", "整改日期": "2018年11月5日", "填报人": "核查人甲"}
    filled_in(path, lambda row: corrected if row["规则"].startswith("A11 ") else {})
    mended = workbook(tmp_path / "人员更正.xlsx", [person(1)])
    one = tally(frozen(tmp_path, [path, mended]), "A11", [delivered])
    assert (one.found, one.corrected, one.claimed, one.open) == (2, 1, 1, 1)


def test_what_is_exempt_is_not_sent_out_again(delivered: Path, tmp_path: Path) -> None:
    [path] = sent_out(delivered, tmp_path / "out")
    exempt = {"整改状态": "已豁免", "佐证": "证明", "填报人": "核查人甲", "豁免到期日": "2019-06-30"}
    filled_in(path, lambda row: exempt)
    assert sent_out(frozen(tmp_path, [path]), tmp_path / "again") == []


def test_a_township_cannot_exempt_the_problems_of_another(tmp_path: Path) -> None:
    rows = [person(1, 性别="女"), person(2, 性别="女", **{"乡(镇)": "康城镇", "行政村": "康城村"})]
    theirs = frozen(tmp_path, [workbook(tmp_path / "人员.xlsx", rows)])
    ours, other = sorted(sent_out(theirs, tmp_path / "out"))
    foreign = next(line["问题编号"] for line in lines_of(other) if line["规则"].startswith("A11 "))
    filled_in(ours, lambda row: EXEMPT | {"问题编号": foreign} if row["规则"].startswith("A11 ") else {})
    with screened(frozen(tmp_path, [ours]), pack()) as (engine, _):
        one = next(one for one in tallies(engine, pack(), [COUNTY]) if one.rule.id == "A11")
        assert (one.found, one.exempt, one.open) == (2, 0, 2)
        [unused] = problem_answers_not_used(engine, COUNTY)
    assert (unused["number"], unused["why"]) == (foreign, "elsewhere")
    assert unused["origin"].startswith("141130100_水头镇_问题数据核查表_2018-12-31.xlsx:")


def test_an_exemption_under_a_number_that_no_problem_has_is_named(delivered: Path, tmp_path: Path) -> None:
    [path] = sent_out(delivered, tmp_path / "out")
    mistyped = EXEMPT | {"问题编号": "A11-000000000000"}
    filled_in(path, lambda row: mistyped if row["人编号"] == "P0001" and row["规则"].startswith("A11 ") else {})
    with screened(frozen(tmp_path, [path]), pack()) as (engine, _):
        assert [(one["number"], one["why"]) for one in problem_answers_not_used(engine, COUNTY)] == [
            ("A11-000000000000", "unknown")
        ]


def test_what_was_answered_rightly_is_not_named(delivered: Path, tmp_path: Path) -> None:
    [path] = sent_out(delivered, tmp_path / "out")
    filled_in(path, lambda row: EXEMPT)
    with screened(frozen(tmp_path, [path]), pack()) as (engine, _):
        assert problem_answers_not_used(engine, COUNTY) == []


@pytest.mark.parametrize("lacking", ["佐证", "填报人", "豁免到期日"])
@pytest.mark.parametrize("written", [None, "无", "-"])
def test_an_exemption_without_evidence_person_or_day_goes_back(
    delivered: Path, tmp_path: Path, lacking: str, written: str | None
) -> None:
    [path] = sent_out(delivered, tmp_path / "out")
    filled_in(path, lambda row: EXEMPT | {lacking: written} if row["人编号"] == "P0001" else {})
    [receipt] = take_in([path], tmp_path / "store", pack(), received_on=RECEIVED)
    quarantined = [problem for problem in receipt.sheets[0].problems if problem.outcome == "quarantined"]
    assert receipt.sheets[0].accepted == 0 and quarantined
    assert {(one.field, one.message) for one in quarantined} == {(lacking, f"“已豁免”要写明“{lacking}”；请补填。")}


def test_a_correction_without_its_day_goes_back(delivered: Path, tmp_path: Path) -> None:
    [path] = sent_out(delivered, tmp_path / "out")
    filled_in(path, lambda row: {"整改状态": "已整改", "填报人": "核查人甲"} if row["人编号"] == "P0001" else {})
    [receipt] = take_in([path], tmp_path / "store", pack(), received_on=RECEIVED)
    quarantined = [problem for problem in receipt.sheets[0].problems if problem.outcome == "quarantined"]
    assert {(one.field, one.message) for one in quarantined} == {("整改日期", "“已整改”要写明“整改日期”；请补填。")}


def test_a_worklist_whose_evidence_column_was_deleted_exempts_nothing(delivered: Path, tmp_path: Path) -> None:
    [path] = sent_out(delivered, tmp_path / "out")
    filled_in(path, lambda row: EXEMPT)
    book = openpyxl.load_workbook(path)
    header = next(row for row in book.worksheets[0].iter_rows() if row[0].value == "问题编号")
    book.worksheets[0].delete_cols(next(cell.column for cell in header if cell.value == "佐证"))
    book.save(path)
    [receipt] = take_in([path], tmp_path / "store", pack(), received_on=RECEIVED)
    assert receipt.sheets[0].accepted == 0
    assert "“已豁免”要写明“佐证”；请补填。" in {one.message for one in receipt.sheets[0].problems}


def test_a_half_filled_row_goes_back_with_what_is_missing(delivered: Path, tmp_path: Path) -> None:
    [path] = sent_out(delivered, tmp_path / "out")
    filled_in(path, lambda row: {"整改说明": "已入户"} if row["人编号"] == "P0001" else {})
    [receipt] = take_in([path], tmp_path / "store", pack(), received_on=RECEIVED)
    quarantined = [problem for problem in receipt.sheets[0].problems if problem.outcome == "quarantined"]
    assert quarantined and all("整改状态" in problem.message for problem in quarantined)
