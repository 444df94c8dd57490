"""``jingzhun synth``: invented people go into an empty folder, the same for one seed, and are marked as invented."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.command_line.asking import CODES, PACK
from tests.command_line.conftest import Command

FEW = ("--region", "临县", "--persons", 300, "--form", "snapshot")


def contents(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_gives_the_same_people_and_another_seed_others(asked: Command, tmp_path: Path) -> None:
    made = {}
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        ended = asked("synth", *FEW, "--seed", seed, "--out", name, "--json")
        assert ended.code == CODES["done"]
        made[name] = contents(tmp_path / name)
    assert made["a"] == made["b"]
    assert made["a"]["person.parquet"] != made["c"]["person.parquet"]


def test_what_was_made_is_told_and_answers_say_that_it_is_invented(asked: Command) -> None:
    told = asked("synth", *FEW, "--out", "a", "--json").json
    assert set(told) == {"folder", "tables", "files"}
    assert told["folder"] == "a" and told["tables"]["resident"] > 0
    assert {entry["synthetic"] for entry in asked("answers", "a", "--json").json} == {True}


@pytest.mark.parametrize(("language", "mark"), [("zh", "合成数据"), ("en", "synthetic data")])
def test_the_headline_says_that_people_are_invented(asked: Command, language: str, mark: str) -> None:
    asked("synth", *FEW, "--out", "a", "--json")
    assert mark in asked("answers", "a", "--lang", language).out


def test_invented_people_are_not_put_among_others(asked: Command, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "真实.xlsx").write_bytes(b"x")
    ended = asked("synth", *FEW, "--out", "a", "--json")
    assert ended.code == CODES["usage"]
    assert "合成数据不与其他数据混放" in ended.json["error"]["zh"]
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["真实.xlsx"]


@pytest.mark.parametrize("region", ["火星", "马家山", "999999"])
def test_a_place_that_is_none_or_several_is_a_wrong_argument(asked: Command, tmp_path: Path, region: str) -> None:
    ended = asked("synth", "--region", region, "--out", "a", "--json")
    assert ended.code == CODES["usage"]
    assert region in ended.json["error"]["zh"]
    assert not (tmp_path / "a").exists()


def test_a_place_without_figures_to_invent_from_is_not_found(asked: Command, tmp_path: Path) -> None:
    ended = asked("synth", "--region", "山前县", "--pack", PACK, "--out", "a", "--json")
    assert ended.code == CODES["not found"]
    assert ended.json["error"]["zh"] and ended.json["error"]["en"]
    assert not (tmp_path / "a").exists()
