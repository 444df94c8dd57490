"""``jingzhun synth``: invented people go into an empty folder, the same for one seed, and are marked as invented."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from jingzhun.population import NumbersUsedUp
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
    error = ended.json["error"]
    assert "没有合成人口" in error["zh"] or "不存在" in error["zh"]
    assert "no calibration" not in error["zh"] and "不存在" not in error["en"]
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("form", ["files", "snapshot"])
@pytest.mark.parametrize("persons", [10, 11, 25])
def test_a_county_may_be_as_small_as_ten_people(asked: Command, form: str, persons: int) -> None:
    ended = asked("synth", "--region", "交口县", "--persons", persons, "--form", form, "--out", "a", "--json")
    assert (ended.code, ended.json["tables"]["resident"]) == (CODES["done"], persons)


@pytest.mark.parametrize("persons", [1, 9, 1_000_000_001, 10**12, 10**30])
def test_too_few_and_too_many_are_refused_with_the_numbers_that_work(
    asked: Command, tmp_path: Path, persons: int
) -> None:
    words = ("synth", "--region", "临县", f"--persons={persons}", "--out", "a", "--json")
    error = asked(*words).json["error"]
    assert error["exit_code"] == CODES["usage"]
    assert "至少 10 人" in error["zh"] and "至多 1,000,000,000 人" in error["zh"] and "at least 10," in error["en"]
    assert not (tmp_path / "a").exists()


def test_the_whole_area_needs_ten_in_its_smallest_county(asked: Command) -> None:
    words = ("synth", "--region", "吕梁市", "--form", "snapshot", "--json")
    assert "至少 334 人" in asked(*words, "--persons", 333, "--out", "a").json["error"]["zh"]
    assert asked(*words, "--persons", 334, "--out", "b").json["tables"]["resident"] >= 334


@pytest.mark.parametrize("seed", [-7, 0, 10**40])
def test_any_whole_number_is_a_seed(asked: Command, seed: int) -> None:
    words = ("--region", "交口县", "--persons", 20, "--form", "snapshot", f"--seed={seed}", "--out", "a", "--json")
    assert asked("synth", *words).code == CODES["done"]


@pytest.mark.parametrize("region", ["水头镇", "141130100", "141130100200"])
def test_a_township_or_village_comes_with_its_county(asked: Command, tmp_path: Path, region: str) -> None:
    ended = asked("synth", "--region", region, "--out", "a", "--json")
    assert ended.code == CODES["not found"]
    assert "请生成它所在的县" in ended.json["error"]["zh"] and "141130000000 交口县" in ended.json["error"]["zh"]
    assert not (tmp_path / "a").exists()


def test_more_people_than_there_are_identity_numbers_is_said_so(
    asked: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def used_up(*_: object, **__: object) -> None:
        raise NumbersUsedUp("交口县")

    monkeypatch.setattr("jingzhun_cli.deliveries.generate", used_up)
    ended = asked("synth", "--region", "交口县", "--form", "snapshot", "--out", "a", "--json")
    assert ended.code == CODES["usage"]
    assert "证件号码不够用" in ended.json["error"]["zh"] and "invent fewer people" in ended.json["error"]["en"]
