"""What is said in two places is said alike, a list of things has all of them, and no file tells where it was made."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from pathlib import Path

import pytest
import typer

from jingzhun import __version__
from jingzhun.model import TABLES
from jingzhun_cli.main import app

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
WRITTEN = [path for path in DOCUMENTS if path.parent.name != "reference"]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
MADE_OF_TEXT = {".py", ".yaml", ".toml", ".md", ".csv", ".sh", ".typ", ".html", ".css", ".js", ".json", ".lock", ".in"}
FOLDERS = ("src", "tests", "tools", "benchmarks", "docs", "requirements")
FILES = sorted(
    path
    for path in [*ROOT.glob("*"), *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))]
    if path.is_file() and (path.suffix in MADE_OF_TEXT or path.name in {"Makefile", ".importlinter"})
)
MACHINE = re.compile(r"(?<![\w.>/*-])/(?:work|tmp|home|root|opt|mnt|Users)/(?!\()")
HOST = re.compile(r"\b(?:registry|mirrors?|nexus|artifactory|pypi|proxy)\.[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\b")
CODE = re.compile(r"`([^`\n]+)`")
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def named(paths: list[Path]) -> list[object]:
    return [pytest.param(path, id=path.relative_to(ROOT).as_posix()) for path in paths]


def text(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def lines_of_code(path: Path) -> list[list[str]]:
    """Commands of a document, in sentences and in blocks, split as a shell splits them."""
    whole = path.read_text("utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", whole, re.DOTALL)
    shown = [line.split("#")[0] for block in blocks for line in block.splitlines()]
    return [words for line in [*shown, *CODE.findall(whole)] if "'" not in line and (words := shlex.split(line))]


@pytest.mark.parametrize("path", named(WRITTEN))
def test_everything_to_make_can_be_made(path: Path) -> None:
    wanted = [word for words in lines_of_code(path) if words[0] == "make" for word in words[1:] if "=" not in word]
    assert [word for word in wanted if word not in TARGETS] == []


@pytest.mark.parametrize("path", named(WRITTEN))
def test_every_command_spoken_of_is_there(path: Path) -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    spoken = [words[1] for words in lines_of_code(path) if words[0].endswith("jingzhun") and len(words) > 1]
    known = {*commands, "--install-completion", "--help", "--version"}
    assert [word for word in spoken if word not in known] == []


def test_some_commands_are_spoken_of() -> None:
    """Else the two tests above would pass by reading nothing."""
    words = [words for path in WRITTEN for words in lines_of_code(path)]
    assert sum(line[0] == "make" for line in words) > 5
    assert sum(line[0].endswith("jingzhun") for line in words) > 10


def test_both_readmes_show_the_same_lines_to_type() -> None:
    shown = [
        [line.split("#")[0].strip() for block in re.findall(r"```sh\n(.*?)```", text(name), re.DOTALL)
         for line in block.splitlines()]
        for name in ("README.md", "README.zh-CN.md")
    ]  # fmt: skip
    assert shown[0] == shown[1]
    assert len(shown[0]) >= 8


def test_every_decision_is_listed() -> None:
    listed = re.findall(r"\]\((0\d{3}-[a-z-]+\.md)\)", text("docs/decisions/README.md"))
    assert sorted(listed) == [path.name for path in DECISIONS]


def test_decisions_are_numbered_one_after_the_other() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    for path in DECISIONS:
        assert path.read_text("utf-8").startswith(f"# {path.name[:4]} "), path.name


def test_every_room_is_on_the_map() -> None:
    rooms = {
        path.parent.name
        for package in ("jingzhun", "jingzhun_web")
        for path in (ROOT / "src" / package).glob("*/__init__.py")
    }
    rooms -= {"migrations"}
    told = set(re.findall(r"^\| `([a-z]+)/` \|", text("docs/where-things-are.md"), re.MULTILINE))
    assert rooms | {"packs"} == told | {"packs"}


def test_every_table_named_on_the_map_is_a_contract() -> None:
    core, _, _ = text("docs/where-things-are.md").partition("| web room |")
    last = [line.split("|")[3] for line in core.splitlines() if line.startswith("| `")]
    named_tables = {name for cell in last for name in CODE.findall(cell) if name.islower()}
    assert named_tables and named_tables <= set(TABLES)


def glossary() -> list[list[str]]:
    rows = [line for line in text("docs/glossary.md").splitlines() if line.startswith("| ")][2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


@pytest.mark.parametrize("column", [0, 1], ids=["English", "Chinese"])
def test_a_term_stands_once_in_the_glossary(column: int) -> None:
    counted = Counter(row[column] for row in glossary())
    assert [term for term, times in counted.items() if times > 1] == []


def test_the_newest_change_is_of_this_version() -> None:
    [newest, *_] = re.findall(r"^## (\S+)", text("CHANGELOG.md"), re.MULTILINE)
    assert newest == __version__


@pytest.mark.parametrize("pattern", [MACHINE, HOST], ids=["place", "host"])
def test_no_file_tells_on_which_machine_it_was_made(pattern: re.Pattern[str]) -> None:
    found = {
        path.relative_to(ROOT).as_posix(): hits
        for path in FILES
        if (hits := pattern.findall(path.read_text("utf-8", errors="replace")))
    }
    assert found == {}
    assert len(FILES) > 300


@pytest.mark.parametrize("said", ["see /wor" + "k/main/x", "'/tm" + "p/a'", '"/hom' + 'e/me"'])
def test_a_place_on_a_machine_would_be_found(said: str) -> None:
    assert MACHINE.search(said)
    assert HOST.search("https://mirr" + "ors.example.com/simple")
