"""The page of commands, read as a user reads it: each command in its own section, with its options and exit codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from jingzhun.policy import load_pack
from jingzhun.policy.check import check_pack
from jingzhun_cli.console import MEANINGS, ExitCode
from jingzhun_cli.main import app
from tests.policy.packs import sound_pack

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
ROW = re.compile(r"^\| (.*) \|$", re.MULTILINE)


def all_commands(command: Any = None, path: str = "jingzhun") -> Iterator[tuple[str, Any]]:
    command = command or typer.main.get_command(app)
    below = getattr(command, "commands", {})
    for name, sub in below.items():
        yield from all_commands(sub, f"{path} {name}")
    if not below:
        yield path, command


COMMANDS = dict(all_commands())


def sections(page: str) -> dict[str, str]:
    parts = re.split(r"^## (.*)$", (REFERENCE / page).read_text("utf-8"), flags=re.MULTILINE)
    return {heading.strip("`"): text for heading, text in zip(parts[1::2], parts[2::2], strict=True)}


def rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in row.split(" | ")] for row in ROW.findall(text)][2:]


def test_there_is_a_section_for_every_command_and_none_for_another() -> None:
    assert set(sections("cli.md")) == {*COMMANDS, "Exit codes"}
    assert len(COMMANDS) >= 7


@pytest.mark.parametrize("path", sorted(COMMANDS))
def test_the_section_has_the_options_of_its_command_and_no_other(path: str) -> None:
    told = {row[0].strip("`") for row in rows(sections("cli.md")[path])}
    assert told == {" / ".join(parameter.opts) for parameter in COMMANDS[path].params}


@pytest.mark.parametrize("path", sorted(COMMANDS))
def test_every_option_is_explained_in_both_languages(path: str) -> None:
    for row in rows(sections("cli.md")[path]):
        assert row[-1], row
        assert re.search(r"[\u4e00-\u9fff].* / .*[a-z]", row[-1]) or row[0] == "`--format`", row


def test_the_options_before_a_command_are_named() -> None:
    page = (REFERENCE / "cli.md").read_text("utf-8")
    options = {option for parameter in typer.main.get_command(app).params for option in parameter.opts}
    assert {"--lang", "--version"} <= options
    assert not [option for option in ("--lang", "--version", "--json") if f"`{option}" not in page]


def test_every_exit_code_has_its_meaning() -> None:
    told = {int(row[0]): (row[2], row[1]) for row in rows(sections("cli.md")["Exit codes"])}
    assert told == {int(code): MEANINGS[code] for code in ExitCode}


def test_the_example_of_an_indicator_can_be_copied_into_a_pack(tmp_path: Path) -> None:
    [example] = re.findall(r"```yaml\n(.*?)```", (REFERENCE / "pack.md").read_text("utf-8"), re.DOTALL)
    pack = sound_pack(tmp_path)
    assert check_pack(pack) == []
    (pack / "indicators" / "mine.yaml").write_text(example, "utf-8")
    assert check_pack(pack) == []
    wrong = example.replace("NOT water_safe", "NOT water_is_safe")
    assert wrong != example and yaml.safe_load(wrong)
    (pack / "indicators" / "mine.yaml").write_text(wrong, "utf-8")
    assert [fault.file for fault in check_pack(pack)] == ["indicators/mine.yaml"]


def test_every_source_check_and_pass_of_the_comparison_is_told() -> None:
    pack, page = load_pack("luliang_2018"), sections("comparison.md")
    assert {row[0].strip("`") for row in rows(page["Sources"])} == set(pack.sources_compared)
    told = {row[0]: row for row in rows(page["Checks"])}
    assert set(told) == set(pack.comparison_checks)
    for check in pack.comparison_checks.values():
        assert (told[check.id][1], told[check.id][-1]) == (check.severity, check.mark)
        assert all(suggestion.verdict in told[check.id][6] for suggestion in check.suggests)
    for linkage in pack.linkages.values():
        passes = rows(page[f"Linkage: {linkage.en} ({linkage.zh})"])
        assert [row[0].strip("`") for row in passes] == [one.id for one in linkage.passes]
