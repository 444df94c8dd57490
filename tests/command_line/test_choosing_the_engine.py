"""The same question to another engine: the same answer, or a sentence about what is missing on this machine."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from jingzhun.engine import EngineMissing, StepFailed, open_engine
from jingzhun.engine.spark_engine import java_found
from jingzhun_cli import sheet
from tests.command_line.conftest import Command

COMPUTING = ("run", "answers", "check", "findings", "compare", "leads", "explain")
PACK = str(Path(__file__).parents[1] / "fixtures" / "small_pack")


@pytest.fixture
def without_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("JAVA_HOME", "PYSPARK_GATEWAY_PORT"):
        monkeypatch.delenv(name, raising=False)


def test_without_java_the_message_says_what_to_install(
    asked: Command, small: Path, without_java: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyspark.sql import SparkSession

    monkeypatch.setattr(SparkSession, "getActiveSession", classmethod(lambda _: None))
    ended = asked("answers", small, "--pack", PACK, "--engine", "spark")
    assert ended.code == 7
    assert "需要 Java 17" in ended.err and "openjdk-17-jre-headless" in ended.err
    error = asked("answers", small, "--pack", PACK, "--engine", "spark", "--json").json["error"]
    assert (error["id"], error["exit_code"]) == ("engine", 7)
    assert "set JAVA_HOME" in error["en"]


def test_java_is_looked_for_where_java_home_points(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert not java_found()
    (tmp_path / "bin").mkdir()
    java = tmp_path / "bin" / "java"
    java.write_text("#!/bin/sh\n")
    java.chmod(0o755)
    assert java_found()


def test_without_pyspark_the_message_says_what_to_install(
    asked: Command, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    ended = asked("answers", small, "--pack", PACK, "--engine", "spark")
    assert ended.code == 7
    assert "pip install 'jingzhun[spark]'" in ended.err


def test_an_engine_that_nobody_knows_is_a_wrong_argument(asked: Command, small: Path) -> None:
    assert asked("answers", small, "--pack", PACK, "--engine", "abacus").code == 2
    with pytest.raises(ValueError, match="duckdb, spark"), open_engine("abacus"):
        raise AssertionError


@pytest.mark.parametrize("command", COMPUTING)
def test_every_command_that_computes_offers_the_choice(asked: Command, command: str) -> None:
    assert "--engine" in asked(command, "--help").out


def test_a_step_that_fails_is_told_with_its_name_and_its_sql(
    asked: Command, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        from jingzhun.engine import Step

        raise StepFailed(Step("figure", "SELECT list_aggregate(x)"), "no such function")

    monkeypatch.setattr(sheet, "answer", fail)
    ended = asked("answers", small, "--pack", PACK)
    assert ended.code == 1
    assert "figure" in ended.err and "list_aggregate" in ended.err and "no such function" in ended.err


def test_a_missing_engine_speaks_both_languages() -> None:
    assert str(EngineMissing("缺 Java。", "no Java.")) == "缺 Java。 no Java."
