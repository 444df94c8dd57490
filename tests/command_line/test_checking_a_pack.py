"""``jingzhun pack check``: every fault at once, with file and line; and what other commands say of it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.command_line.asking import CODES, PACK
from tests.command_line.conftest import Command
from tests.intake.making import person, workbook
from tests.policy.packs import sound_pack

LINE = "exit_line.yaml"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A copy of the small pack that a test may spoil."""
    return Path(shutil.copytree(PACK, tmp_path / "mine"))


GUESS = ("all.yaml", "kind: ratio", "kind: guess")
MUCH = (LINE, "value: 3200", "value: much")


def spoil(pack: Path, *replaced: tuple[str, str, str]) -> None:
    for file, old, new in replaced:
        path = next(pack.rglob(file))
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")


def test_a_sound_pack_ends_well_and_has_an_empty_list(asked: Command, tmp_path: Path) -> None:
    sound = sound_pack(tmp_path)
    ended = asked("pack", "check", sound, "--json")
    assert ended.code == CODES["done"]
    assert ended.json == {"pack": str(sound), "faults": []}


def test_the_pack_may_be_named_as_in_every_other_command(asked: Command, mine: Path) -> None:
    spoil(mine, GUESS)
    assert asked("pack", "check", "mine").code == CODES["pack"]
    assert asked("pack", "check", "--pack", "mine").code == CODES["pack"]


def test_every_fault_is_listed_with_its_file_and_line(asked: Command, mine: Path) -> None:
    spoil(mine, MUCH, GUESS)
    ended = asked("pack", "check", "mine", "--json")
    assert ended.code == CODES["pack"]
    faults = {(fault["file"], fault["line"]): fault for fault in ended.json["faults"]}
    assert {("parameters/exit_line.yaml", 7), ("indicators/all.yaml", 5)} <= set(faults)
    for fault in faults.values():
        assert set(fault) >= {"file", "line", "zh", "en"} and fault["zh"] and fault["en"]


def test_a_reader_sees_a_line_for_each_fault_and_their_number(asked: Command, mine: Path) -> None:
    spoil(mine, MUCH, GUESS)
    count = len(asked("pack", "check", "mine", "--json").json["faults"])
    said = asked("pack", "check", "mine").out
    assert len(re.findall(r"^\S+\.(?:yaml|csv):\d+: ", said, re.MULTILINE)) == count
    assert f"发现 {count} 处错误" in said
    assert f"{count} faults" in asked("pack", "check", "mine", "--lang", "en").out


@pytest.mark.parametrize("name", ["没有", "mine/pack.yaml"])
def test_a_pack_that_is_not_there_is_a_wrong_argument(asked: Command, mine: Path, name: str) -> None:
    ended = asked("pack", "check", name, "--json")
    assert ended.code == CODES["usage"]
    assert name in ended.json["error"]["zh"] and "luliang_2018" in ended.json["error"]["en"]


def test_no_command_works_with_a_broken_pack_and_each_says_how_to_see_its_faults(
    asked: Command, mine: Path, small: Path, tmp_path: Path
) -> None:
    workbook(tmp_path / "人员_2018年.xlsx", [person(1)])
    spoil(mine, GUESS)
    for words in (
        ("answers", small),
        ("explain", "F001", "--snapshot", small),
        ("regions", "东村"),
        ("intake", "人员_2018年.xlsx"),
        ("run", "人员_2018年.xlsx"),
        ("synth", "--region", "东村村委会", "--out", "synthetic"),
    ):
        ended = asked(*words, "--pack", "mine", "--json")
        assert ended.code == CODES["pack"], words
        assert "jingzhun pack check mine" in ended.json["error"]["en"], words
    assert {path.name for path in tmp_path.iterdir()} == {"mine", "人员_2018年.xlsx"}


def test_a_pack_without_a_value_on_the_day_is_said_before_the_long_work(
    asked: Command, mine: Path, tmp_path: Path
) -> None:
    workbook(tmp_path / "人员_2018年.xlsx", [person(1)])
    ended = asked("run", "人员_2018年.xlsx", "--pack", "mine", "--as-of", "2013-12-31", "--json")
    assert ended.code == CODES["pack"]
    assert "exit_line" in ended.json["error"]["zh"]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("file", ["parameters/exit_line.yaml", "regions/divisions.csv", "catalogue/aliases.csv"])
def test_a_device_in_place_of_a_file_is_a_fault_of_the_pack_to_every_command(
    asked: Command, mine: Path, small: Path, file: str
) -> None:
    (mine / file).parent.mkdir(exist_ok=True)
    (mine / file).unlink(missing_ok=True)
    (mine / file).symlink_to("/dev/zero")
    ended = asked("pack", "check", "mine", "--json")
    assert ended.code == CODES["pack"]
    assert "不是普通文件" in next(fault["zh"] for fault in ended.json["faults"] if fault["file"] == file)
    for words in (("answers", small), ("regions", "东村"), ("synth", "--region", "东村", "--out", "synthetic")):
        assert asked(*words, "--pack", "mine", "--json").code == CODES["pack"], words


def test_a_head_that_is_no_file_is_a_fault_of_the_pack(asked: Command, mine: Path) -> None:
    (mine / "pack.yaml").unlink()
    (mine / "pack.yaml").mkdir()
    ended = asked("pack", "check", "mine", "--json")
    assert ended.code == CODES["pack"]
    assert [fault["zh"] for fault in ended.json["faults"] if fault["file"] == "pack.yaml"] == [
        "这是一个目录，应当是文件；请换成文件本身。"
    ]
    assert asked("regions", "东村", "--pack", "mine", "--json").code == CODES["pack"]
