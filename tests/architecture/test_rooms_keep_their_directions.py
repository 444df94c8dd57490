"""The import contracts hold, and they would notice if they did not."""

from __future__ import annotations

import configparser
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter import cli as importlinter

ROOT = Path(__file__).parents[2]


def contracts() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return parser


def test_the_contracts_hold() -> None:
    assert importlinter.lint_imports(config_filename=str(ROOT / ".importlinter"), no_cache=True) == 0


def test_every_room_stands_in_the_contract_of_the_rooms() -> None:
    layers = contracts()["importlinter:contract:rooms"]["layers"].replace("|", " ").split()
    rooms = {
        path.stem
        for path in (ROOT / "src" / "jingzhun").iterdir()
        if (path.is_dir() or path.suffix == ".py") and not path.name.startswith(("_", "."))
    }
    assert rooms - {"packs"} == set(layers)


def test_every_web_room_stands_in_its_contracts() -> None:
    rooms = {path.parent.name for path in (ROOT / "src" / "jingzhun_web").glob("*/__init__.py")}
    layers = contracts()["importlinter:contract:web"]["layers"].replace("|", " ").split()
    kept_from_the_core = contracts()["importlinter:contract:bridge"]["source_modules"].split()
    assert rooms - {"migrations"} == set(layers)
    assert {f"jingzhun_web.{room}" for room in rooms - {"bridge"}} <= set(kept_from_the_core)


def test_no_import_is_excused() -> None:
    text = (ROOT / ".importlinter").read_text("utf-8")
    assert "ignore_imports" not in text
    assert "exclude_type_checking_imports" not in text


@pytest.mark.parametrize(
    ("room", "statement"),
    [
        ("intake", "import jingzhun.snapshot"),
        ("engine", "import jingzhun.policy"),
        ("indicators", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import jingzhun.exits"),
        ("reporting", "import jingzhun_cli"),
        ("model", "import typer"),
        ("policy", "import django"),
        ("../jingzhun_web/accounts", "import jingzhun.policy"),
        ("../jingzhun_web/audit", "import jingzhun_web.accounts.access"),
        ("../jingzhun_web/registry", "import jingzhun_web.traces"),
    ],
)
def test_an_import_against_the_direction_is_noticed(tmp_path: Path, room: str, statement: str) -> None:
    for package in ("jingzhun", "jingzhun_cli", "jingzhun_web"):
        for path in (ROOT / "src" / package).rglob("*.py"):
            copy = tmp_path / path.relative_to(ROOT / "src")
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    (tmp_path / "jingzhun" / room / "wrong_way.py").write_text(statement + "\n", "utf-8")
    (tmp_path / ".importlinter").write_bytes((ROOT / ".importlinter").read_bytes())
    command = [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"]
    done = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout
    assert "wrong_way" in done.stdout
