"""Chinese unless English is asked for: on the line, anywhere on it, or for the whole session."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command_line.asking import CODES
from tests.command_line.conftest import Command
from tests.intake.making import person, workbook
from tests.policy.packs import sound_pack

CHINESE = re.compile(r"[\u4e00-\u9fff]")
PACK = "pack"


@pytest.fixture(autouse=True)
def sound(tmp_path: Path) -> None:
    """A sound pack lies in the current folder, under a name without a word of Chinese."""
    sound_pack(tmp_path)


def test_without_a_choice_it_is_chinese(asked: Command) -> None:
    assert "没有错误" in asked("pack", "check", PACK).out


@pytest.mark.parametrize(
    "place",
    [
        lambda words: ["--lang", "en", *words],
        lambda words: [words[0], "--lang=en", *words[1:]],
        lambda words: [*words, "--lang", "en"],
        lambda words: [*words, "--lang=en"],
    ],
    ids=["before", "within", "after", "with a sign"],
)
def test_the_choice_may_stand_anywhere_on_the_line(asked: Command, place: Callable[[list[str]], list[str]]) -> None:
    ended = asked(*place(["pack", "check", PACK]))
    assert ended.code == CODES["done"]
    assert "no faults" in ended.out and not CHINESE.search(ended.out)


def test_the_choice_may_hold_for_a_session(asked: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINGZHUN_LANG", "en")
    assert "no faults" in asked("pack", "check", PACK).out
    assert "没有错误" in asked("--lang", "zh", "pack", "check", PACK).out


def test_a_choice_does_not_outlive_its_command(asked: Command) -> None:
    asked("--lang", "en", "pack", "check", PACK)
    assert "没有错误" in asked("pack", "check", PACK).out


def test_an_unknown_language_is_a_wrong_argument(asked: Command) -> None:
    assert asked("--lang", "fr", "pack", "check", PACK).code == CODES["usage"]


@pytest.mark.parametrize(
    "words",
    [
        ("answers", "没有"),
        ("explain", "F010"),
        ("regions", "Mars"),
        ("pack", "check", "none"),
        ("run", "none"),
        ("intake", "none"),
    ],
    ids=lambda words: words[0],
)
def test_what_went_wrong_is_told_in_one_language(asked: Command, words: tuple[str, ...]) -> None:
    chinese, english = asked(*words), asked(*words, "--lang", "en")
    assert chinese.code == english.code != CODES["done"]
    assert CHINESE.search(chinese.err)
    assert re.search(r"[a-z]{4,} [a-z]+", english.err)
    assert not CHINESE.search(english.err.replace("没有", "", 1))


def test_for_a_program_a_failure_is_told_in_both(asked: Command) -> None:
    error = asked("answers", "none", "--json").json["error"]
    assert set(error) == {"id", "zh", "en", "exit_code"}
    assert CHINESE.search(error["zh"]) and not CHINESE.search(error["en"])


def test_a_receipt_is_told_in_the_language_of_the_reader(asked: Command, tmp_path: Path) -> None:
    workbook(tmp_path / "人员_2018年.xlsx", [person(1), person(2, 民族="火星族")])
    chinese = asked("intake", "人员_2018年.xlsx", "--store", "a").out
    english = asked("intake", "人员_2018年.xlsx", "--store", "b", "--lang", "en").out
    assert "接收情况：每一行都有去向" in chinese and "待核" in chinese
    assert "every row accounted for" in english and "quarantined" in english
    assert "待核" not in english and "去向" not in english
