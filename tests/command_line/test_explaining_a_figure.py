"""``jingzhun explain``: a figure, a household or a delivered row, and what is refused because it is none of them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.command_line.asking import CODES, PACK, small_snapshot
from tests.command_line.conftest import Command, Ended

KEYS = {"kind", "title", "facts", "parameters", "steps", "tests", "rows"}


@pytest.fixture
def explain(asked: Command, small: Path) -> Command:
    def ask(what: str, *words: object) -> Ended:
        return asked("explain", what, "--snapshot", small, "--pack", PACK, *words)

    return ask


def told(explain: Command, what: str, *words: object) -> dict[str, Any]:
    ended = explain(what, *words, "--json")
    assert (ended.code, ended.err) == (CODES["done"], "")
    return dict(ended.json)


def totals(found: dict[str, Any]) -> dict[str, int]:
    return {rows["part"]: rows["total"] for rows in found["rows"]}


def test_a_figure_has_its_rule_its_parts_and_its_rows(explain: Command) -> None:
    found = told(explain, "F001")
    assert set(found) == KEYS
    assert (found["kind"], found["title"]) == ("figure", "贫困发生率")
    assert found["facts"]["rule_file"] == "small/indicators/all.yaml"
    assert (found["facts"]["value"], found["facts"]["numerator"], found["facts"]["denominator"]) == (25, 2, 8)
    assert totals(found) == {"numerator": 2, "denominator": 8}


def test_every_row_shown_names_the_file_sheet_and_line_it_stood_on(explain: Command) -> None:
    numerator = told(explain, "F001")["rows"][0]
    assert [row["origin"] for row in numerator["shown"]] == ["扶贫办/人员_甲.xlsx:人员:2", "扶贫办/人员_甲.xlsx:人员:3"]
    assert [row["person_code"] for row in numerator["shown"]] == ["P1", "P2"]


def test_a_line_is_named_with_its_value_source_and_file(explain: Command) -> None:
    [line] = told(explain, "line_passed")["parameters"]
    assert (line["value"], line["from"], line["source"]) == ("3200", "2018-01-01", "P1")
    assert line["file"] == "small/parameters/exit_line.yaml"


def test_fewer_rows_may_be_asked_for_and_all_are_still_counted(explain: Command) -> None:
    denominator = told(explain, "F001", "--limit", 3)["rows"][1]
    assert (denominator["total"], len(denominator["shown"])) == (8, 3)


@pytest.mark.parametrize("what", ["F001", "H1"])
def test_no_row_may_be_asked_for(explain: Command, what: str) -> None:
    rows = told(explain, what, "--limit", 0)["rows"]
    assert rows and all(part["shown"] == [] and part["total"] for part in rows)


@pytest.mark.parametrize("what", ["F001", "H1"])
def test_less_than_no_row_is_a_wrong_argument(explain: Command, what: str) -> None:
    assert explain(what, "--limit", -1).code == CODES["usage"]


def test_an_indicator_can_be_asked_for_one_division(explain: Command) -> None:
    village = told(explain, "poor_share", "--region", "西村村委会")
    assert (village["facts"]["numerator"], village["facts"]["denominator"]) == (0, 8)
    assert village["facts"]["region"] == "990101100201"
    assert totals(village) == {"numerator": 0, "denominator": 8}


def test_an_indicator_without_a_division_is_that_of_the_whole_snapshot(explain: Command) -> None:
    """A figure printed for one county is no answer for the prefecture: its rows are those of all counties."""
    found = told(explain, "poor_share")
    assert totals(found) == {"numerator": 3, "denominator": 12}
    assert (found["facts"]["numerator"], found["facts"]["denominator"]) == (3, 12)
    assert found["facts"]["region"] == "990100000000"


def test_a_printed_figure_is_not_set_beside_another_year(asked: Command, tmp_path: Path) -> None:
    snapshot = small_snapshot(tmp_path, date(2019, 12, 31))
    words = "--snapshot", snapshot, "--pack", PACK, "--json"
    listed = asked("answers", *words[1:]).json
    assert {entry["printed"] for entry in listed} == {None}
    assert "33.33" not in asked("explain", "F001", *words).out


def test_a_household_has_its_rows_its_history_and_its_tests(explain: Command) -> None:
    found = told(explain, "H2")
    assert (found["kind"], found["title"]) == ("household", "李四 H2")
    assert found["facts"]["region"] == "云山省前山市山前县河口镇西村村委会"
    assert {test["criterion"]: test["passed"] for test in found["tests"]} == {
        "income": True, "housing": None, "water": True,
    }  # fmt: skip
    assert {rows["table"]: rows["total"] for rows in found["rows"]} == {"household": 1, "person": 2}


def test_numbers_that_identify_somebody_are_masked(explain: Command) -> None:
    ended = explain("H1", "--json")
    phones = {row.get("phone") for rows in ended.json["rows"] for row in rows["shown"]} - {None}
    assert phones == {"*********01"}
    assert "13800000001" not in ended.out and "99P1" not in ended.out
    assert "13800000001" not in explain("扶贫办/人员_甲.xlsx:人员:2").out


def test_a_row_says_in_which_figures_it_is_counted(explain: Command) -> None:
    found = told(explain, "扶贫办/人员_甲.xlsx:人员:2")
    assert found["kind"] == "row"
    assert ("poor_share", "numerator") in {(test["indicator"], test["part"]) for test in found["tests"]}
    not_poor = told(explain, "扶贫办/人员_甲.xlsx:人员:4")
    assert ("poor_share", "numerator") not in {(test["indicator"], test["part"]) for test in not_poor["tests"]}


def test_a_file_is_found_by_its_name_without_its_folder(explain: Command) -> None:
    assert told(explain, "户.xlsx:户:2")["rows"][0]["shown"][0]["household_code"] == "H1"


@pytest.mark.parametrize("name", ["", "%", "_.xlsx", "人员%甲.xlsx", "人员X甲.xlsx", "__.xlsx", "口.csv"])
def test_a_file_of_another_name_is_not_found(explain: Command, name: str) -> None:
    """A name is a name: no sign in it stands for any letter, and no name at all is no file."""
    sheet = "户" if name == "_.xlsx" else "人员"
    assert explain(f"{name}:{sheet}:2", "--json").code == CODES["not found"]


@pytest.mark.parametrize(
    "what",
    ["F999", "H99", "户.xlsx:户:99", "户.xlsx:人员:2", "户.xlsx:户:二", "户.xlsx:户:-2", "没有.xlsx:户:2", "'", ""],
)
def test_what_is_not_there_is_not_found_and_says_what_may_be_asked(explain: Command, what: str) -> None:
    ended = explain(what, "--json")
    assert ended.code == CODES["not found"]
    error = ended.json["error"]
    assert error["exit_code"] == CODES["not found"]
    assert "F010" in error["zh"] and "F010" in error["en"]


def test_a_figure_goes_by_its_name_in_either_language(explain: Command) -> None:
    by_id = explain("poor_share", "--json").json
    assert explain(by_id["title"], "--json").json["facts"] == by_id["facts"]


def test_a_name_that_is_nearly_right_is_suggested(explain: Command) -> None:
    assert "helpers" in explain("helper").err
    assert "贫困发生率（poor_share）" in explain("发生率").err


def test_the_explanation_is_in_the_language_of_the_reader(explain: Command) -> None:
    chinese, english = explain("F001").out, explain("F001", "--lang", "en").out
    assert "规则文件 small/indicators/all.yaml" in chinese and "rule in" not in chinese
    assert "rule in small/indicators/all.yaml" in english and "规则文件" not in english
    assert "贫困发生率" in chinese and "Headcount rate" in english


def test_a_snapshot_in_the_usual_place_needs_no_name(asked: Command, tmp_path: Path) -> None:
    assert asked("explain", "F001", "--pack", PACK).code == CODES["not found"]
    small_snapshot(tmp_path)
    ended = asked("explain", "F001", "--pack", PACK, "--json")
    assert ended.code == CODES["done"]
    assert ended.json["facts"]["numerator"] == 2
    assert "snapshot" in ended.err


def test_the_sql_is_shown_only_to_who_asks_for_it(explain: Command) -> None:
    assert "SELECT" not in explain("F001").out
    assert "--sql" in explain("F001").err
    assert "SELECT" in explain("F001", "--sql").out


def test_the_steps_of_a_figure_are_those_of_its_own_measures(explain: Command) -> None:
    found = explain("F001", "--json").json
    measures = {name for step in found["steps"] for name in re.findall(r"\bw_(\w+)", step["sql"])}
    assert len(measures) == 2


def test_a_file_of_one_sheet_needs_no_sheet(explain: Command) -> None:
    whole = told(explain, "扶贫办/人员_甲.xlsx:人员:2")
    assert told(explain, "扶贫办/人员_甲.xlsx:2")["rows"] == whole["rows"]
    assert told(explain, "人员_甲.xlsx:2")["rows"] == whole["rows"]
    assert explain("人员_甲.xlsx:99", "--json").code == CODES["not found"]


def test_a_name_leads_to_the_people_who_bear_it(explain: Command) -> None:
    found = told(explain, "测试")
    assert (found["kind"], found["title"], found["facts"]["total"]) == ("persons", "测试", 6)
    first = found["facts"]["persons"][0]
    assert (first["household_code"], first["place"]) == ("H1", "云山省前山市山前县河口镇东村村委会")
    assert all(set(person["id_number"][:-2]) == {"*"} for person in found["facts"]["persons"])
    assert len(told(explain, "测试", "--limit", 2)["facts"]["persons"]) == 2


def test_the_people_of_a_name_are_a_table_that_says_how_to_go_on(explain: Command) -> None:
    chinese, english = explain("测试").out, explain("测试", "--lang", "en").out
    assert "在册人口“测试” 6 人" in chinese and "H2" in chinese and "jingzhun explain 户编号" in chinese
    assert "registered people called 测试: 6" in english
    assert "在册人口的姓名" in explain("查无此人").err


def test_one_row_is_in_the_singular(explain: Command) -> None:
    said = explain("H2", "--lang", "en").out
    assert "Registered household, 1 row" in said and "1 rows" not in said
    assert "1 rows" not in explain("line_passed", "--lang", "en").out
