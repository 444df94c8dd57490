"""What the documents say can be followed: links lead somewhere, commands exist, references are the code's own words."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from jingzhun_cli.main import app

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("benchmarks/*.md")])
READMES = ("README.md", "README.zh-CN.md")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"```sh\n(.*?)```", re.DOTALL)
ABSOLUTE = re.compile(r"(?<![\w.])/(?:work|tmp|home|root|opt|mnt|Users)/")
REGISTRY = re.compile(r"(?:registry\.|mirrors?\.|pypi\.)[a-z0-9.-]+\.[a-z]{2,}|index-url", re.IGNORECASE)
"""A host that packages are fetched from: where a lock was made is nobody's business."""


def named(paths: list[Path]) -> list[object]:
    return [pytest.param(path, id=path.relative_to(ROOT).as_posix()) for path in paths]


def anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", named(DOCUMENTS))
def test_every_link_leads_to_something(path: Path) -> None:
    for link in LINK.findall(path.read_text("utf-8")):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        file, _, anchor = link.partition("#")
        target = path.parent / file if file else path
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("path", named(DOCUMENTS))
def test_no_document_names_a_place_on_some_machine(path: Path) -> None:
    assert not ABSOLUTE.findall(path.read_text("utf-8"))


def test_no_file_of_the_project_names_a_package_host() -> None:
    tracked = [*ROOT.glob("requirements/*"), *ROOT.glob("*.toml"), ROOT / "Makefile", *ROOT.glob(".ci/*")]
    assert not [
        path.name for path in tracked if REGISTRY.search(path.read_text("utf-8").replace("no-emit-index-url", ""))
    ]


def commands(readme: str) -> Iterator[list[str]]:
    for block in FENCE.findall((ROOT / readme).read_text("utf-8")):
        for line in block.splitlines():
            if words := shlex.split(line.split("#")[0]):
                yield words


@pytest.mark.parametrize("readme", READMES)
def test_every_command_of_the_readme_exists(readme: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    seen = 0
    for words in commands(readme):
        seen += 1
        if words[0] == "make":
            assert words[1] in targets, words
        else:
            assert words[0].endswith("jingzhun"), words
            assert_known(words[1:])
    assert seen >= 7


def assert_known(words: list[str]) -> None:
    command = typer.main.get_command(app)
    for word in list(words):
        below = getattr(command, "commands", {})
        if word not in below:
            break
        command, words = below[word], words[1:]
    assert not getattr(command, "commands", {}), f"{words}: a command is missing"
    options = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options, words


def test_both_readmes_show_the_same_commands() -> None:
    shown = [sorted({words[1] for words in commands(readme) if words[0].endswith("jingzhun")}) for readme in READMES]
    assert shown[0] == shown[1]


def test_the_reference_is_what_the_code_says() -> None:
    done = subprocess.run([sys.executable, "tools/reference.py", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_figures_are_what_was_measured() -> None:
    """Every recorded figure stands in the document as it was recorded."""
    import json

    recorded = json.loads((ROOT / "benchmarks/figures.json").read_text("utf-8"))
    shown = (ROOT / "docs/numbers.md").read_text("utf-8")
    for command, entry in recorded.items():
        assert command in shown
        for figure in entry["figures"]:
            assert figure["measured"] in shown, figure


def test_every_command_has_its_options_in_the_reference() -> None:
    page = (ROOT / "docs/reference/cli.md").read_text("utf-8")
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        for parameter in getattr(command, "params", []):
            for option in parameter.opts:
                assert option in page, f"{name} {option}"


def test_the_glossary_has_both_names_a_definition_and_a_source() -> None:
    rows = [line for line in (ROOT / "docs/glossary.md").read_text("utf-8").splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 30
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == 4 and all(cells), row
        assert re.search(r"[\u4e00-\u9fff]", cells[1]), row


@pytest.mark.parametrize("path", named(sorted((ROOT / "docs/decisions").glob("0*.md"))))
def test_a_decision_says_why_and_what_was_rejected(path: Path) -> None:
    text = path.read_text("utf-8").lower()
    assert all(word in text for word in ("context", "choice", "rejected", "consequences"))
    assert len(text.splitlines()) < 60
