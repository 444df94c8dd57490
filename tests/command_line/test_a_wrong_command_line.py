"""What is wrong with the arguments is said in the reader's language, and as JSON to a program."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line.asking import CODES, PACK
from tests.command_line.conftest import Command
from tests.intake.making import person, workbook

WRONG = {
    "a missing argument": (("answers",), "缺少参数"),
    "a missing option": (("synth", "--out", "x"), "缺少选项"),
    "no such command": (("anwsers",), "没有命令 'anwsers'"),
    "no such option": (("regions", "--regoin", "x"), "没有选项 --regoin"),
    "a bad date": (("regions", "--on", "2018-13-45"), "'2018-13-45' 不是日期"),
    "a bad number": (("explain", "F001", "--limit", "many"), "选项 '--limit' 不对：要写整数"),
    "a number out of range": (("regions", "--level", "9"), "选项 '--level' 不对：不能大于 5"),
    "a bad choice": (("synth", "--region", "1", "--out", "x", "--form", "doc"), "'doc' 不在可选值"),
    "an argument too many": (("regions", "a", "b"), "多出了参数：b"),
    "an option without its value": (("regions", "--under"), "'--under' 后面要写一个值"),
}


@pytest.mark.parametrize(("words", "said"), WRONG.values(), ids=WRONG)
def test_it_is_said_in_both_languages_and_to_programs(asked: Command, words: tuple[str, ...], said: str) -> None:
    zh, en, program = asked(*words), asked("--lang", "en", *words), asked(*words, "--json")
    if words[-1] == "--under":
        program = asked("--json", *words)
    assert (zh.code, en.code, program.code) == (CODES["usage"],) * 3
    assert said in zh.err and "--help" in zh.err and "╭" not in zh.err
    assert en.err.isascii() and "--help" in en.err
    error = program.json["error"]
    assert error["exit_code"] == CODES["usage"]
    assert error["zh"] and error["en"].isascii()


def test_help_and_version_still_end_well(asked: Command) -> None:
    assert asked("--help").code == 0
    assert asked("regions", "--help").code == 0
    assert asked("--version").code == 0
    assert asked().code == CODES["usage"]


@pytest.mark.parametrize("code", ["1", "141", "14113", "1411300", "14113010", "1411301002", "14113010020", "0" * 13])
def test_a_code_of_odd_length_is_never_padded(asked: Command, small: Path, code: str) -> None:
    ended = asked("answers", small, "--pack", PACK, "--region", code, "--json")
    assert ended.code == CODES["usage"]
    assert f"{len(code)} 位" in ended.json["error"]["zh"]


@pytest.mark.parametrize("code", ["99", "9901", "990101", "990101100", "990101100200"])
def test_a_code_of_a_level_is_a_division(asked: Command, code: str) -> None:
    assert asked("regions", "--under", code, "--pack", PACK, "--json").code == 0


def test_a_terminal_without_chinese_gets_codes_and_no_traceback(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    for words in (["regions", "--level", "3"], ["regions", "没有"], ["regions", "没有", "--json"], ["--help"], ["x"]):
        line = [sys.executable, "-m", "jingzhun_cli.main", *words]
        done = subprocess.run(line, cwd=tmp_path, capture_output=True, env=environment, check=False)
        assert b"Traceback" not in done.stderr, done.stderr
        if "--json" in words:
            assert "没有" in json.loads(done.stdout)["error"]["zh"]


def test_a_full_disk_blames_what_could_not_be_written(
    asked: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = workbook(tmp_path / "人员_2018年.xlsx", [person(1)])

    def full(path: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path), None, str(target))

    monkeypatch.setattr("jingzhun.intake.store.shutil.copyfile", full)
    ended = asked("intake", source, "--store", "store", "--json")
    assert ended.code == CODES["usage"]
    assert "磁盘已满" in ended.json["error"]["zh"] and "store/originals/" in ended.json["error"]["zh"]
    assert source.name not in ended.json["error"]["zh"]
