"""A snapshot appears whole or not at all, is never overwritten, and shows when somebody touched it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from jingzhun.engine import DuckDBEngine
from jingzhun.model import TABLES
from jingzhun.snapshot import NotASnapshot, freeze, open_snapshot, read_manifest, verify
from tests.small import AS_OF, Store, household, person, small_pack

KILLED = """
import os, sys
from pathlib import Path
from jingzhun.snapshot import freeze
from tests.small import AS_OF, small_pack
freeze(Path(sys.argv[1]), Path(sys.argv[2]), small_pack(), AS_OF, progress=lambda *_: os._exit(9))
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    store = Store(tmp_path / "store")
    store.deliver("一.xlsx", {("household", "export"): [household("H1"), household("H2")]})
    store.deliver("二.xlsx", {("person", "export"): [person("P1"), person("P2")]})
    return store.folder


@pytest.fixture
def snapshot(store: Path, tmp_path: Path) -> Path:
    freeze(store, tmp_path / "snapshot", small_pack(), AS_OF)
    return tmp_path / "snapshot"


def test_a_killed_freeze_leaves_no_snapshot_and_can_be_run_again(store: Path, tmp_path: Path) -> None:
    out = tmp_path / "snapshot"
    root = Path(__file__).parents[2]
    killed = subprocess.run([sys.executable, "-c", KILLED, str(store), str(out)], cwd=root, check=False)
    assert killed.returncode == 9
    assert not out.exists()
    freeze(store, out, small_pack(), AS_OF)
    assert verify(out) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["snapshot", "store"]


def test_a_file_without_a_receipt_is_in_no_snapshot(store: Path, tmp_path: Path) -> None:
    next(iter((store / "receipts").glob("000002-*"))).unlink()
    manifest = freeze(store, tmp_path / "snapshot", small_pack(), AS_OF)
    assert "person" not in manifest.tables


def test_an_existing_snapshot_is_left_alone(store: Path, snapshot: Path) -> None:
    before = {path.name: path.read_bytes() for path in snapshot.iterdir()}
    with pytest.raises(NotASnapshot) as refused:
        freeze(store, snapshot, small_pack(), AS_OF)
    assert refused.value.zh and refused.value.en
    assert {path.name: path.read_bytes() for path in snapshot.iterdir()} == before


def test_an_untouched_snapshot_verifies(snapshot: Path) -> None:
    assert verify(snapshot) == []
    assert read_manifest(snapshot).as_of == AS_OF


def test_a_changed_table_is_named(snapshot: Path) -> None:
    path = snapshot / "household.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert verify(snapshot) == ["household"]


def test_a_missing_table_is_named(snapshot: Path) -> None:
    (snapshot / "person.parquet").unlink()
    assert verify(snapshot) == ["person"]


@pytest.mark.parametrize("change", [Path.unlink, lambda path: path.write_bytes(path.read_bytes() + b"x")])
def test_no_figure_is_read_from_a_changed_snapshot(snapshot: Path, change: Callable[[Path], object]) -> None:
    change(snapshot / "person.parquet")
    with DuckDBEngine(threads=1) as engine, pytest.raises(NotASnapshot, match=r"person\.parquet"):
        open_snapshot(snapshot, engine)


@pytest.mark.parametrize("field", ["as_of", "pack_version", "region", "synthetic", "source", "tables"])
def test_a_manifest_changed_by_hand_is_refused(snapshot: Path, field: str) -> None:
    path = snapshot / "manifest.json"
    data = json.loads(path.read_text("utf-8"))
    changed = {"as_of": "2019-12-31", "region": "990102000000", "synthetic": True, "tables": {**data["tables"]}}
    changed["tables"]["household"] = {**data["tables"]["household"], "rows": 3}
    path.write_text(json.dumps({**data, field: changed.get(field, "other")}), "utf-8")
    with pytest.raises(NotASnapshot, match="fingerprint"):
        read_manifest(snapshot)


def test_a_folder_without_a_manifest_is_no_snapshot(tmp_path: Path) -> None:
    with DuckDBEngine(threads=1) as engine, pytest.raises(NotASnapshot, match="manifest"):
        open_snapshot(tmp_path, engine)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "[" * 100_000, '{"fingerprint": "0"}', '{"format": 99}'])
def test_a_manifest_that_is_none_is_refused_in_words(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, "utf-8")
    with pytest.raises(NotASnapshot):
        read_manifest(tmp_path)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:200])


def _put(name: str, value: object) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), name: value}), "utf-8")

    return change


def _without(*names: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        data = json.loads(path.read_text("utf-8"))
        inner = data
        for name in names[:-1]:
            inner = inner[name]
        del inner[names[-1]]
        path.write_text(json.dumps(data), "utf-8")

    return change


def _huge(path: Path) -> None:
    with path.open("wb") as handle:
        handle.truncate(5 * 2**30)


DAMAGED: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "cut short": (_cut, "可能被截断", "cut short"),
    "no text": (lambda path: path.write_bytes(b"\xff\xfe\x00"), "不是 UTF-8 文字", "not UTF-8 text"),
    "a list": (lambda path: path.write_text("[1, 2]"), "不是由名称和值组成", "no object of names and values"),
    "nested without end": (lambda path: path.write_text("[" * 100_000), "嵌套太深", "nested too deeply"),
    "an endless number": (lambda path: path.write_text('{"a": ' + "9" * 5000 + "}"), "长得不可能", "impossibly long"),
    "a name twice": (lambda path: path.write_text('{"a": 1, "a": 2}'), "“a”写了两次", "'a' stands twice"),
    "five gigabytes": (_huge, "超过 16 MB", "more than 16 MB"),
    "another format": (_put("format", 2), "格式编号是 2", "its format is 2"),
    "no day": (_without("as_of"), "缺少“as_of”", "'as_of' is missing"),
    "a day that is none": (_put("as_of", "2018-02-30"), "“as_of”的值", "'as_of' cannot be meant"),
    "a day that is a number": (_put("as_of", 20181231), "“as_of”的值 20181231", "20181231 of 'as_of'"),
    "a number for the pack": (_put("pack", 3), "“pack”的值 3", "3 of 'pack'"),
    "text for yes or no": (_put("synthetic", "yes"), "“synthetic”的值", "'synthetic' cannot be meant"),
    "tables as a list": (_put("tables", []), "“tables”的值", "'tables' cannot be meant"),
    "a name too many": (_put("owner", "me"), "不认识的“owner”", "'owner' is unknown"),
    "a table without its rows": (
        _without("tables", "household", "rows"),
        "tables.household 里缺少“rows”",
        "'rows' is missing in tables.household",
    ),
    "a table that is a number": (
        _put("tables", {"household": 3}),
        "“tables.household”的值 3",
        "3 of 'tables.household'",
    ),
}
PROGRAMMERS_WORDS = ("Error", "Expecting", "delimiter", "NoneType", "codec", "argument", "object has", "dict", "str'")


@pytest.mark.parametrize(("damage", "zh", "en"), DAMAGED.values(), ids=DAMAGED)
def test_what_is_wrong_with_a_manifest_is_said_in_plain_words(
    snapshot: Path, damage: Callable[[Path], object], zh: str, en: str
) -> None:
    damage(snapshot / "manifest.json")
    with pytest.raises(NotASnapshot) as refused:
        read_manifest(snapshot)
    assert zh in refused.value.zh and "重新生成" in refused.value.zh
    assert en in refused.value.en and "freeze again" in refused.value.en.lower()
    assert not [word for word in PROGRAMMERS_WORDS if word in refused.value.zh + refused.value.en]


def test_tables_without_rows_are_there_and_empty(snapshot: Path) -> None:
    with DuckDBEngine(threads=1) as engine:
        open_snapshot(snapshot, engine)
        assert engine.value("SELECT count(*) FROM household") == 2
        for name, table in TABLES.items():
            assert engine.arrow(f"SELECT * FROM {name} LIMIT 0").schema.names == list(table.column_names), name


def _resealed(snapshot: Path, **changes: object) -> None:
    """The manifest with other values and the fingerprint that fits them: what a forger would do."""
    path = snapshot / "manifest.json"
    data = {**json.loads(path.read_text("utf-8")), **changes}
    del data["fingerprint"]
    fitting = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
    path.write_text(json.dumps({**data, "fingerprint": fitting}), "utf-8")


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 99},
        {"region": None},
        {"region": "999999999999"},
        {"region": "山前"},
        {"synthetic": "no"},
        {"pack": 1},
        {"tables": {}},
        {"tables": {"../other": {"rows": 1, "sha256": ""}}},
    ],
    ids=str,
)
def test_a_manifest_that_cannot_be_meant_is_refused_though_its_fingerprint_fits(
    snapshot: Path, changes: dict[str, object]
) -> None:
    _resealed(snapshot, **changes)
    with DuckDBEngine(threads=1) as engine, pytest.raises(NotASnapshot) as refused:
        open_snapshot(snapshot, engine)
    assert refused.value.zh and refused.value.en


@pytest.mark.parametrize("table", ["household", "region"])
def test_a_table_that_was_taken_off_the_list_is_missed(snapshot: Path, table: str) -> None:
    tables = json.loads((snapshot / "manifest.json").read_text("utf-8"))["tables"]
    del tables[table]
    _resealed(snapshot, tables=tables)
    with DuckDBEngine(threads=1) as engine, pytest.raises(NotASnapshot, match=table):
        open_snapshot(snapshot, engine)


def test_a_forged_list_that_counts_other_rows_is_refused(snapshot: Path) -> None:
    tables = json.loads((snapshot / "manifest.json").read_text("utf-8"))["tables"]
    tables["household"]["rows"] += 1
    _resealed(snapshot, tables=tables)
    with DuckDBEngine(threads=1) as engine, pytest.raises(NotASnapshot, match=r"household.parquet has 2 rows.* says 3"):
        open_snapshot(snapshot, engine)


def test_a_file_that_is_no_table_is_refused_though_the_list_has_its_hash(snapshot: Path) -> None:
    (snapshot / "household.parquet").write_bytes(b"no table")
    tables = json.loads((snapshot / "manifest.json").read_text("utf-8"))["tables"]
    tables["household"]["sha256"] = hashlib.sha256(b"no table").hexdigest()
    _resealed(snapshot, tables=tables)
    with DuckDBEngine(threads=1) as engine, pytest.raises(NotASnapshot, match=r"household.parquet is no Parquet file"):
        open_snapshot(snapshot, engine)
