"""What is wrong with the arguments is said in the reader's language, and as JSON to a program."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

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
    "more rows than anything holds": (
        ("explain", "F001", "--limit", "9" * 20),
        "选项 '--limit' 不对：不能大于 1000000",
    ),
    "more findings than anything holds": (("findings", "x", "--limit", "9" * 20), "'--limit' 不对：不能大于 1000000"),
    "a year nobody means": (("regions", "--on", "0001-01-01"), "日期 0001-01-01 不在 1949-10-01 至 2099-12-31 之间"),
    "a year far away": (("synth", "--region", "1411", "--out", "x", "--as-of", "9999-12-31"), "请检查年份"),
    "an argument too many": (("regions", "a", "b"), "多出了参数：b"),
    "an option without its value": (("regions", "--under"), "'--under' 后面要写一个值"),
}


@pytest.mark.parametrize(("words", "said"), WRONG.values(), ids=WRONG)
def test_it_is_said_in_both_languages_and_to_programs(asked: Command, words: tuple[str, ...], said: str) -> None:
    zh, en, program = asked(*words), asked("--lang", "en", *words), asked(*words, "--json")
    if words[-1] == "--under":
        program = asked("--json", *words)
    assert (zh.code, en.code, program.code) == (CODES["usage"],) * 3
    assert said in zh.err and "╭" not in zh.err
    assert en.err.isascii()
    if "请检查年份" not in zh.err:
        assert "--help" in zh.err and "--help" in en.err
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


def test_a_very_long_argument_is_not_repeated_to_its_end(asked: Command, small: Path) -> None:
    for words in (
        ("explain", "长" * 5000, "--snapshot", small, "--pack", PACK),
        ("answers", small, "--pack", PACK, "--region", "长" * 5000),
        ("answers", small, "--pack", PACK, "--region", "1" * 5000),
        ("regions", "长" * 5000),
    ):
        ended = asked(*words)
        assert ended.code in (CODES["usage"], CODES["not found"])
        assert "…" in ended.err and len(ended.err) < 400, words[0]


def test_the_folder_above_a_snapshot_names_the_snapshot_in_it(asked: Command, small: Path) -> None:
    ended = asked("check", small.parent, "--pack", PACK)
    assert ended.code == CODES["not found"]
    assert f"请指向 {small}" in ended.err


def test_an_argument_that_is_no_text_is_a_wrong_argument(asked: Command, small: Path) -> None:
    ended = asked("explain", "\udcff\udcfe", "--snapshot", small, "--pack", PACK, "--json")
    assert ended.code == CODES["usage"]
    assert "字符集" in ended.json["error"]["zh"]


def test_nothing_asked_is_like_no_figure(asked: Command, small: Path) -> None:
    ended = asked("explain", " ", "--snapshot", small, "--pack", PACK)
    assert ended.code == CODES["not found"]
    assert "是否为" not in ended.err


def test_a_result_that_cannot_be_written_is_said_and_not_lost_silently(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "jingzhun_cli.main", "regions", "--level", "5"]
    for words in ([], ["--json"]):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run([*line, *words], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False)
        assert done.returncode == CODES["usage"], done.stderr
        assert "磁盘已满" in done.stderr.decode() and b"Traceback" not in done.stderr and b"ignored" not in done.stderr


@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-", "2>&-"])
def test_a_closed_output_ends_in_a_sentence(tmp_path: Path, closed: str) -> None:
    line = f"'{sys.executable}' -m jingzhun_cli.main regions --level 3 --json {closed}"
    done = subprocess.run(["sh", "-c", line], cwd=tmp_path, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr
    if closed == "2>&-":
        assert done.returncode == CODES["done"] and json.loads(done.stdout)
        return
    assert done.returncode == CODES["usage"]
    assert closed != ">&-" or "标准输出是关闭的" in done.stderr.decode()


def test_a_locale_that_cannot_name_the_files_is_said_before_the_work(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "LC_ALL": "C"}
    line = [sys.executable, "-m", "jingzhun_cli.main", "regions"]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, env=environment, check=False)
    assert done.returncode == CODES["usage"]
    assert b"LC_ALL=C.UTF-8" in done.stderr and b"Traceback" not in done.stderr


def pressed_between_two_queries(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGINT)


def pressed_within_a_query(*_: object, **__: object) -> None:
    """What DuckDB 2.0 then raises; when it looks for the key depends on the query, so a real one cannot be timed."""
    raise RuntimeError("Query interrupted")


@pytest.mark.parametrize("pressed", [pressed_between_two_queries, pressed_within_a_query])
def test_an_interruption_ends_in_a_sentence(
    asked: Command, small: Path, monkeypatch: pytest.MonkeyPatch, pressed: Callable[..., None]
) -> None:
    monkeypatch.setattr("jingzhun_cli.sheet.answer", pressed)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
    try:
        ended = asked("answers", small, "--pack", PACK)
    finally:
        signal.signal(signal.SIGINT, before)
    assert ended.code == 130
    assert "已中断" in ended.err and "Traceback" not in ended.err


def test_a_narrow_screen_lists_what_a_wide_one_tabulates(asked: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    printed = {}
    for width in (40, 150):
        monkeypatch.setattr("jingzhun_cli.console.out", Console(soft_wrap=True, emoji=False, width=width))
        printed[width] = asked("regions", "交口", "--level", "3").out
    assert "│" not in printed[40] and "│" in printed[150]
    assert "代码 141130000000\n名称 交口县\n" in printed[40]


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
