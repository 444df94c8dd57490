"""The rows of a snapshot are those of its own files, whatever the folders above them are called."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jingzhun.engine import DuckDBEngine
from jingzhun.snapshot import freeze, open_snapshot
from tests.small import AS_OF, Store, household, person, small_pack

NAMES = (
    "sex=男",
    "data_year=2016",
    "region_code=1/sex=女",
    "[ab]",
    "甲*乙",
    "甲?",
    "[!a]",
    "**",
    "it's",
    "{a,b}",
    "a\\b",
    "~",
)


def _rows(snapshot: Path, table: str) -> list[dict[str, object]]:
    with DuckDBEngine(threads=1) as engine:
        open_snapshot(snapshot, engine)
        return engine.rows(f"SELECT * FROM {table} ORDER BY ALL")


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_name_is_no_value_and_no_pattern(tmp_path: Path, name: str) -> None:
    frozen = {}
    for parent in ("plain", name):
        store = Store(tmp_path / parent / "store")
        people = [person("P1", sex="女"), person("P1", sex="男"), person("P2", sex="女")]
        store.deliver("一.xlsx", {("person", "export"): people})
        store.deliver("二.xlsx", {("household", "export"): [household("H1"), household("H2")]})
        freeze(store.folder, tmp_path / parent / "snapshot", small_pack(), AS_OF)
        frozen[parent] = [_rows(tmp_path / parent / "snapshot", table) for table in ("person", "household")]
    assert [row["sex"] for row in frozen["plain"][0]] == ["男", "女"]
    assert frozen[name] == frozen["plain"]


def test_a_snapshot_in_a_folder_that_looks_like_a_pattern_is_not_its_neighbour(tmp_path: Path) -> None:
    for name, code in (("a", "OTHER"), ("[ab]", "MINE")):
        store = Store(tmp_path / "store" / name)
        store.deliver("户.xlsx", {("household", "export"): [household(code)]})
        freeze(store.folder, tmp_path / "sn" / name, small_pack(), AS_OF)
    shutil.rmtree(tmp_path / "store")
    assert [row["household_code"] for row in _rows(tmp_path / "sn" / "[ab]", "household")] == ["MINE"]
