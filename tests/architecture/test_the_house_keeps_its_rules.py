"""House rules that a reader could break without noticing, read off the source itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from jingzhun.policy import load_pack

ROOT = Path(__file__).parents[2]
CORE = ROOT / "src" / "jingzhun"
SOURCES = sorted(
    path
    for path in (ROOT / "src").rglob("*")
    if path.suffix in {".py", ".html", ".css", ".typ", ".js"} and "vendor" not in path.parts
)
MODULES = [path for path in SOURCES if path.suffix == ".py" and path.parent.name != "migrations"]
CORE_SOURCES = [path for path in SOURCES if path.is_relative_to(CORE) and not path.is_relative_to(CORE / "packs")]
PLACES = re.compile(r"吕梁|交口|山西|l[uü]liang|jiaokou|shanxi|\b1411\d*", re.IGNORECASE)
CLOCK = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time"),
    ("time", "localtime"), ("time", "gmtime"), ("time", "monotonic"),
}  # fmt: skip
STOPWATCH = CORE / "engine"


def named(paths: list[Path]) -> list[object]:
    return [pytest.param(path, id=path.relative_to(ROOT / "src").as_posix()) for path in paths]


def calls(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            of = node.value
            yield (of.id if isinstance(of, ast.Name) else of.attr if isinstance(of, ast.Attribute) else ""), node.attr


@pytest.mark.parametrize("path", named(CORE_SOURCES))
def test_the_core_has_no_word_of_a_place(path: Path) -> None:
    found = PLACES.findall(path.read_text("utf-8"))
    assert not found, f"{found}: whatever differs from place to place is in the pack"


def test_no_county_of_the_pack_is_named_in_the_core() -> None:
    tree = load_pack("luliang_2018").divisions.on(load_pack("luliang_2018").meta.valid_from)
    names = {row.name for row in tree.rows.values() if row.level in (2, 3)}
    assert names
    for path in CORE_SOURCES:
        text = path.read_text("utf-8")
        assert not [name for name in names if name in text], path


@pytest.mark.parametrize("path", named([path for path in MODULES if path.is_relative_to(CORE)]))
def test_the_core_has_no_clock(path: Path) -> None:
    read = set(calls(ast.parse(path.read_text("utf-8"))))
    assert not read & CLOCK, "the day is an argument"
    assert ("time", "perf_counter") not in read or path.is_relative_to(STOPWATCH), "only the engine has a stopwatch"


@pytest.mark.parametrize("path", named(MODULES))
def test_no_error_is_caught_without_its_name(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            names = {part.id for part in caught if isinstance(part, ast.Name)}
            assert None not in caught and not names & {"Exception", "BaseException"}, f"line {node.lineno}"


@pytest.mark.parametrize("path", named(SOURCES))
def test_nothing_is_left_to_be_done(path: Path) -> None:
    assert not re.findall(r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError", path.read_text("utf-8"))


@pytest.mark.parametrize("path", named(MODULES))
def test_a_module_says_what_it_is_for_and_stays_short(path: Path) -> None:
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "the first line of a module says what it is for"
    assert text.count("\n") < 600
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, f"{node.name} is too long"


def test_no_room_is_called_common() -> None:
    names = {path.stem for path in MODULES} | {path.parent.name for path in MODULES}
    assert not names & {"common", "base", "core", "utils", "helpers", "misc", "shared"}


def test_expressions_are_never_evaluated_by_python() -> None:
    for path in MODULES:
        called = {
            node.func.id
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert not called & {"eval", "exec", "compile", "__import__"}, path
