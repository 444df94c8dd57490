"""A small sound pack for tests, and the shelf of mistakes that can be laid over it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from jingzhun.policy import find_pack

SHELF = Path(__file__).parent / "broken_packs"
BASE = SHELF / "base"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: which file of the base pack is changed how, and what the report must say where."""

    name: str
    about: str
    file: str
    change: dict[str, Any]
    line: int
    zh: str
    en: str
    faults: int
    found_in: str


def mistakes() -> list[Mistake]:
    return [_mistake(path) for path in sorted(SHELF.glob("*.yaml"))]


def _mistake(path: Path) -> Mistake:
    data = yaml.safe_load(path.read_text("utf-8"))
    expect = data["expect"]
    return Mistake(
        name=path.stem,
        about=data["about"],
        file=data["file"],
        change={key: data[key] for key in ("find", "put", "content", "remove") if key in data},
        line=expect["line"],
        zh=expect["zh"],
        en=expect["en"],
        faults=expect.get("faults", 1),
        found_in=expect.get("file", data["file"]),
    )


def sound_pack(folder: Path) -> Path:
    """The base pack with the code lists that ship with the product, which its tables need."""
    root = folder / "pack"
    shutil.copytree(find_pack("luliang_2018") / "catalogue" / "codes", root / "catalogue" / "codes")
    shutil.copytree(BASE, root, dirs_exist_ok=True)
    for path in (root / "catalogue" / "codes").glob("*.yaml"):
        if not (BASE / "catalogue" / "codes" / path.name).exists():
            _explain_nothing(path)
    return root


def _explain_nothing(path: Path) -> None:
    """The shipped lists rest on the shipped pack's sources; here they rest on one that the base pack knows."""
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join("source: P1" if line.startswith("source:") else line for line in lines) + "\n", "utf-8")


def make_mistake(root: Path, mistake: Mistake) -> None:
    path = root / mistake.file
    change = mistake.change
    if "remove" in change:
        path.unlink()
    elif "content" in change:
        path.write_text(change["content"], "utf-8")
    else:
        text = path.read_text("utf-8")
        assert text.count(change["find"]) == 1, f"{mistake.name}: {change['find']!r} must stand once in {mistake.file}"
        path.write_text(text.replace(change["find"], change["put"]), "utf-8")
