"""Help, version and what happens to a line that cannot be meant: the first thing that a new user sees."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
import typer

from jingzhun import __version__
from jingzhun_cli.console import MEANINGS
from jingzhun_cli.main import app
from tests.command_line.asking import CODES
from tests.command_line.conftest import Command

COMMANDS_OF = dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
COMMANDS = sorted(COMMANDS_OF)


def test_the_version_is_that_of_the_package(asked: Command) -> None:
    ended = asked("--version")
    assert (ended.code, ended.out) == (CODES["done"], f"jingzhun {__version__}\n")


def test_the_help_names_every_command(asked: Command) -> None:
    ended = asked("--help")
    assert ended.code == CODES["done"]
    assert len(COMMANDS) >= 7
    assert [name for name in COMMANDS if f" {name} " not in ended.out] == []


def test_jingzhun_alone_shows_the_help(asked: Command) -> None:
    ended = asked()
    assert "intake" in ended.out + ended.err


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_is_in_both_languages_and_ends_with_the_exit_codes(asked: Command, name: str) -> None:
    below = sorted(getattr(COMMANDS_OF[name], "commands", {}))
    ended = asked(name, *below[:1], "--help")
    assert ended.code == CODES["done"]
    said = "".join(ended.out.split())
    if below:
        return
    for zh, en in MEANINGS.values():
        assert "".join(zh.split()) in said and "".join(en.split()) in said, zh


@pytest.mark.parametrize(
    "words",
    [
        ("fly",),
        ("answers",),
        ("explain",),
        ("intake",),
        ("pack", "mend"),
        ("regions", "--depth", "3"),
        ("run", "x", "--as-of", "2018-13-01"),
        ("synth", "--region", "临县", "--out", "s", "--persons", "0"),
        ("synth", "--region", "临县", "--out", "s", "--form", "paper"),
    ],
    ids=" ".join,
)
def test_a_line_that_cannot_be_meant_is_refused_before_anything_is_done(asked: Command, words: tuple[str, ...]) -> None:
    ended = asked(*words)
    assert (ended.code, ended.out) == (CODES["usage"], "")
    assert "--help" in ended.err


@pytest.mark.parametrize("words", [(), *((name,) for name in COMMANDS), ("pack", "check")], ids=str)
def test_no_sentence_is_cut_in_a_terminal_of_eighty_columns(words: tuple[str, ...]) -> None:
    narrow = {**os.environ, "COLUMNS": "80", "TERMINAL_WIDTH": "80", "PYTHONIOENCODING": "utf-8"}
    line = [sys.executable, "-m", "jingzhun_cli.main", *words, "--help"]
    said = subprocess.run(line, capture_output=True, env=narrow, check=True).stdout.decode()
    text = "".join(said.split("Usage:")[1].partition("\n")[2].split())
    assert text and "..." not in text.replace("folders...", "").replace("files...", "")
    assert not re.search(r"…(?! 5 村)", said)
    for command in [COMMANDS_OF[words[0]]] if len(words) == 1 else [] if words else COMMANDS_OF.values():
        assert "".join((command.help or "").split()) in text
