"""``jingzhun answers``: the figures of a snapshot for people, for programs and on paper."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jingzhun.model import TABLES
from tests.command_line.asking import CODES, PACK
from tests.command_line.conftest import Command, Ended
from tests.small import COUNTY, PREFECTURE, WEST, small_pack

KEYS = {
    "figure", "indicator", "name", "name_en", "value", "unit", "qualifier", "numerator", "denominator", "region",
    "region_name", "as_of", "period_from", "vintage", "rule_version", "row_count", "unknown", "denominator_unknown",
    "printed", "section", "check", "snapshot", "synthetic",
}  # fmt: skip


@pytest.fixture
def answers(asked: Command, small: Path) -> Command:
    def ask(*words: object) -> Ended:
        return asked("answers", small, "--pack", PACK, *words)

    return ask


def test_every_figure_has_its_parts_its_day_its_rule_and_its_rows(answers: Command) -> None:
    entries = answers("--json").json
    assert entries
    for entry in entries:
        assert set(entry) >= KEYS, entry["indicator"]
        assert entry["as_of"] == "2018-12-31"
        assert entry["rule_version"].startswith("small 1+") and f" {entry['indicator']}@" in entry["rule_version"]
        assert len(entry["snapshot"]) == 64


def test_a_figure_is_the_hand_count_of_its_division(answers: Command) -> None:
    counted = {}
    for region in (PREFECTURE, COUNTY, WEST):
        entries = answers("--region", region, "--json").json
        entry = next(e for e in entries if e["indicator"] == "line_passed")
        counted[region] = (entry["value"], entry["unknown"], entry["region"])
    assert counted == {PREFECTURE: (1, 1, PREFECTURE), COUNTY: (1, 0, COUNTY), WEST: (1, 0, WEST)}


def test_a_printed_figure_stands_beside_the_computed_one(answers: Command) -> None:
    printed = {entry["figure"]: entry for entry in answers("--json").json if entry["figure"]}
    assert set(printed) == {"F001", "F002", "F003"}
    share = printed["F001"]
    assert (share["value"], share["printed"], share["region"]) == (25, 33.33, COUNTY)
    assert {verdict["check"] for verdict in share["check"]} == {"C01", "C03", "C05"}
    assert (printed["F002"]["value"], printed["F002"]["qualifier"]) == (None, "≥")


def test_the_table_is_in_the_language_of_the_reader(answers: Command) -> None:
    chinese, english = answers().out, answers("--lang", "en").out
    assert "前山市 脱贫答卷" in chinese and "贫困发生率" in chinese and "互检：" in chinese
    assert "answer sheet" in english and "Headcount rate" in english and "mutual checks:" in english
    assert "贫困发生率" not in english and "互检" not in english


def test_a_value_that_nobody_delivered_is_a_dash_and_not_a_zero(answers: Command) -> None:
    line = next(line for line in answers().out.splitlines() if "F002" in line)
    cells = [cell.strip() for cell in line.strip("│ ").split("│")]
    assert cells[3] == "—"


def test_the_sheet_is_written_in_the_formats_that_were_asked_for(answers: Command, tmp_path: Path) -> None:
    ended = answers("--out", tmp_path / "sheet", "--format", "json,html")
    assert ended.code == CODES["done"]
    written = sorted(path.suffix for path in (tmp_path / "sheet").iterdir())
    assert written == [".html", ".html", ".json"]
    [listed] = (tmp_path / "sheet").glob("*.json")
    assert json.loads(listed.read_text("utf-8")) == answers("--json").json
    assert str(listed) in ended.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "doc", "--out", "sheet"), "doc"),
        (("--format", "json"), "--out"),
        (("--region", "火星"), "火星"),
        (("--pack", "没有"), "没有"),
    ],
)
def test_a_wrong_argument_is_named_and_nothing_is_written(
    answers: Command, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    ended = answers(*words, "--json")
    assert ended.code == CODES["usage"]
    assert said in ended.json["error"]["zh"]
    assert list(tmp_path.iterdir()) == []


def test_a_division_that_the_snapshot_says_nothing_of_is_not_found(answers: Command) -> None:
    ended = answers("--region", "云山省", "--json")
    assert ended.code == CODES["not found"]
    assert "云山省" in ended.json["error"]["zh"] and "前山市" in ended.json["error"]["zh"]


@pytest.mark.parametrize("there", [False, True])
def test_a_folder_that_is_no_snapshot_is_not_found(asked: Command, tmp_path: Path, there: bool) -> None:
    folder = tmp_path / "空"
    if there:
        folder.mkdir()
    ended = asked("answers", folder, "--pack", PACK, "--json")
    assert ended.code == CODES["not found"]
    assert "manifest.json" in ended.json["error"]["zh"]


def test_no_chinese_font_is_said_and_everything_else_is_written(
    answers: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jingzhun.reporting import MissingFont, answer_sheet

    def no_font(*_: object) -> bytes:
        raise MissingFont

    monkeypatch.setattr(answer_sheet, "pdf_page", no_font)
    ended = answers("--out", tmp_path / "sheet", "--json")
    assert ended.code == CODES["font"]
    assert {path.suffix for path in (tmp_path / "sheet").iterdir()} == {".html", ".json", ".xlsx"}


def test_a_figure_without_its_table_stays_empty_and_names_the_table(answers: Command) -> None:
    entries = {entry["indicator"]: entry for entry in answers("--region", COUNTY, "--json").json if not entry["figure"]}
    donated = entries["donated_two_years"]
    assert (donated["value"], donated["numerator"], donated["lacking"]) == (None, None, ["donation"])
    assert entries["line_passed"]["lacking"] == []


def test_no_figure_of_the_pack_vanishes(answers: Command) -> None:
    listed = {entry["indicator"] for entry in answers("--region", COUNTY, "--json").json}
    levels = {name: indicator.levels for name, indicator in small_pack().indicators.items()}
    assert listed == {name for name, known in levels.items() if 3 in known}


def test_the_tables_that_nobody_delivered_are_named_below_the_table(answers: Command) -> None:
    chinese, english = answers().out, answers("--lang", "en").out
    assert "没有报送的表：" in chinese and "捐赠" in chinese.partition("没有报送的表：")[2] and "不当作 0" in chinese
    assert "Tables that nobody delivered: " in english and "not zero" in english


def test_a_village_does_not_wait_for_tables_that_name_no_village(answers: Command) -> None:
    waiting = {table for entry in answers("--region", WEST, "--json").json for table in entry["lacking"]}
    assert waiting and not {table for table in waiting if TABLES[table].place in ("prefecture", "county", "township")}
