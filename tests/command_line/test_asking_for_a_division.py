"""``jingzhun regions``: which divisions there were on a day, by name, code and place."""

from __future__ import annotations

from typing import Any

import pytest

from tests.command_line.asking import CODES, PACK
from tests.command_line.conftest import Command
from tests.small import COUNTY, EAST, OLD, OTHER_COUNTY, SOUTH, TOWNSHIP, WEST


def found(asked: Command, *words: object) -> list[dict[str, Any]]:
    ended = asked("regions", *words, "--pack", PACK, "--json")
    assert ended.code == CODES["done"]
    return list(ended.json)


def codes(asked: Command, *words: object) -> set[str]:
    return {row["region_code"] for row in found(asked, *words)}


def test_a_part_of_a_name_finds_every_division_that_has_it(asked: Command) -> None:
    assert codes(asked, "村村") == {EAST, WEST, SOUTH}
    assert codes(asked, "河口") == {TOWNSHIP}


def test_a_part_of_a_code_finds_what_begins_with_it(asked: Command) -> None:
    assert codes(asked, "9901011002") == {EAST, WEST}


def test_a_village_that_was_merged_away_is_found_on_an_earlier_day_only(asked: Command) -> None:
    [old] = found(asked, "旧村", "--on", "2017-06-30")
    assert (old["region_code"], old["valid_to"], old["successor_code"]) == (OLD, "2017-07-01", EAST)
    assert asked("regions", "旧村", "--on", "2017-07-01", "--pack", PACK).code == CODES["usage"]


def test_the_answer_can_be_kept_to_a_place_and_a_level(asked: Command) -> None:
    assert codes(asked, "--under", "山前县", "--level", 5) == {EAST, WEST}
    assert codes(asked, "--under", OTHER_COUNTY, "--level", 5) == {SOUTH}
    assert codes(asked, "--level", 3) == {COUNTY, OTHER_COUNTY}


def test_without_a_question_the_counties_are_listed(asked: Command) -> None:
    assert codes(asked) == {COUNTY, OTHER_COUNTY}


def test_every_row_has_the_keys_of_a_division_and_its_whole_address_above(asked: Command) -> None:
    [row] = found(asked, "东村")
    assert {"region_code", "name", "level", "kind", "parent_code", "valid_from", "valid_to", "synthetic"} <= set(row)
    assert (row["name"], row["above"]) == ("东村村委会", "云山省前山市山前县河口镇")


@pytest.mark.parametrize(
    ("words", "said"), [((), ("的区划 2 个", "名称")), (("--lang", "en"), ("2 divisions on", "name"))]
)
def test_the_table_is_in_the_language_of_the_reader(asked: Command, words: tuple[str, ...], said: list[str]) -> None:
    ended = asked("regions", "--pack", PACK, *words)
    assert ended.code == CODES["done"]
    assert all(word in ended.out for word in said)
    assert "山前县" in ended.out


@pytest.mark.parametrize(
    "words",
    [("火星",), ("--under", "火星"), ("--under", "98"), ("--level", 6), ("--on", "2018-02-30"), ("--on", "1900-01-01")],
)
def test_what_is_not_there_is_a_wrong_argument(asked: Command, words: tuple[object, ...]) -> None:
    ended = asked("regions", *words, "--pack", PACK)
    assert (ended.code, ended.out) == (CODES["usage"], "")
    assert ended.err


def test_a_name_that_several_have_is_asked_back_with_their_codes(asked: Command) -> None:
    ended = asked("regions", "--under", "马家山", "--json")
    assert ended.code == CODES["usage"]
    assert "141124105232" in ended.json["error"]["zh"] and "141124105232" in ended.json["error"]["en"]
