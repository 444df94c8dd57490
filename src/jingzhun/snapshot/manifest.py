"""The manifest of a snapshot: what is in it, from which pack, and the hashes that prove nobody touched it."""

from __future__ import annotations

import hashlib
import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from jingzhun.engine import Engine, Step, quoted
from jingzhun.model import TABLES, Table

FORMAT = 1
ALWAYS = frozenset({"region", "region_closure", "policy_item"})
"""Tables that every snapshot has: they come from the pack."""
MOST_BYTES = 16 * 2**20
"""What a manifest may be; one has some ten thousand."""
_DIVISION = re.compile(r"[0-9]{12}")
_TEXTS = ("pack", "pack_version", "pack_sha256", "product_version", "source")
Value = TypeVar("Value", str, int, bool)


@dataclass(frozen=True, slots=True)
class TableCount:
    """The account of one table: rows = staged − identical − superseded − merged (for delivered tables)."""

    rows: int
    sha256: str
    staged: int = 0
    identical: int = 0
    superseded: int = 0
    merged: int = 0
    outside_divisions: int = 0
    """Rows whose division is not in force on the as-of date: they are in no figure, and are listed."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """``manifest.json``. ``fingerprint`` covers everything else in it."""

    as_of: date
    pack: str
    pack_version: str
    pack_sha256: str
    region: str
    synthetic: bool
    product_version: str
    source: str
    tables: dict[str, TableCount]
    format: int = FORMAT

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(json.dumps(self._plain(), sort_keys=True).encode()).hexdigest()

    def _plain(self) -> dict[str, Any]:
        return {**asdict(self), "as_of": self.as_of.isoformat()}

    def write(self, folder: Path) -> None:
        data = {**self._plain(), "fingerprint": self.fingerprint}
        (folder / "manifest.json").write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")


class NotASnapshot(ValueError):
    """The folder is no snapshot, or not one that was left as it was frozen."""

    def __init__(self, folder: Path, zh: str, en: str) -> None:
        super().__init__(f"{folder}: {zh} {en}")
        self.folder, self.zh, self.en = folder, zh, en


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest. Raises ``NotASnapshot`` when there is none, or it was changed by hand."""
    path = folder / "manifest.json"
    if not path.is_file():
        inside = folder / "snapshot"
        there = (inside / "manifest.json").is_file()
        raise NotASnapshot(
            folder,
            f"不是快照目录：缺少 manifest.json。请指向 {inside if there else 'jingzhun run 生成的 snapshot 目录'}。",
            "not a snapshot: manifest.json is missing. Point to "
            f"{inside if there else 'the snapshot folder that jingzhun run made'}.",
        )
    try:
        manifest, fingerprint = _parsed(path)
    except _Wrong as wrong:
        raise NotASnapshot(
            folder,
            f"manifest.json 无法使用：{wrong.zh}。它已损坏、被改动过，或不是这一版产品写的；请用原始交付文件重新生成。",
            f"manifest.json cannot be used: {wrong.en}. It is damaged, was changed, or another version wrote it; "
            "freeze again from the delivered files.",
        ) from wrong
    if manifest.fingerprint != fingerprint:
        raise NotASnapshot(
            folder,
            "manifest.json 的指纹不符，文件被改动过。请用原始交付文件重新生成。",
            "the fingerprint of manifest.json does not fit: it was changed. Freeze again from the delivered files.",
        )
    return manifest


class _Wrong(ValueError):
    """What is wrong in a manifest, in a clause of each language."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.zh, self.en = zh, en


def _loaded(path: Path) -> dict[str, Any]:
    """The object that the file holds."""
    if path.stat().st_size > MOST_BYTES:
        raise _Wrong(f"文件超过 {MOST_BYTES // 2**20} MB", f"the file has more than {MOST_BYTES // 2**20} MB")
    try:
        data = json.loads(path.read_text("utf-8"), object_pairs_hook=_each_once)
    except _Wrong:
        raise
    except UnicodeDecodeError as error:
        raise _Wrong("不是 UTF-8 文字", "it is not UTF-8 text") from error
    except json.JSONDecodeError as error:
        raise _Wrong(
            f"到第 {error.lineno} 行第 {error.colno} 个字符读不下去，文件可能被截断",
            f"it cannot be read beyond line {error.lineno}, character {error.colno}; it may have been cut short",
        ) from error
    except RecursionError as error:
        raise _Wrong("括号嵌套太深", "its brackets are nested too deeply") from error
    except ValueError as error:
        raise _Wrong("里面有一个长得不可能的数", "a number in it is impossibly long") from error
    if not isinstance(data, dict):
        raise _Wrong("内容不是由名称和值组成的一项", "its content is no object of names and values")
    return data


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys stand once: of two, a reader sees one and the hash the other."""
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(name for name, _ in pairs if sum(name == other for other, _ in pairs) > 1)
        raise _Wrong(f"“{twice}”写了两次", f"{twice!r} stands twice")
    return found


def _parsed(path: Path) -> tuple[Manifest, str]:
    data = _loaded(path)
    if data.get("format", FORMAT) != FORMAT:
        raise _Wrong(
            f"格式编号是 {data['format']}，这一版产品只读 {FORMAT}",
            f"its format is {data['format']}, and this version reads {FORMAT}",
        )
    _check_names(data, {one.name for one in fields(Manifest)} | {"fingerprint"}, "")
    fingerprint = _of_type(data, "fingerprint", str)
    if not isinstance(data["tables"], dict):
        raise _not_meant("tables", data["tables"])
    tables = {name: _table_count(name, count) for name, count in data["tables"].items()}
    if missing := sorted(ALWAYS - set(tables)):
        raise _Wrong(f"tables 里缺少 {'、'.join(missing)}", f"tables lacks {', '.join(missing)}")
    if strange := sorted(set(tables) - set(TABLES)):
        raise _Wrong(f"tables 里有不认识的表 {'、'.join(strange)}", f"tables has unknown ones: {', '.join(strange)}")
    for name in _TEXTS:
        _of_type(data, name, str)
    return (
        Manifest(
            **{name: data[name] for name in _TEXTS},
            synthetic=_of_type(data, "synthetic", bool),
            as_of=_day(data["as_of"]),
            region=_division(data["region"]),
            tables=tables,
        ),
        fingerprint,
    )


def _check_names(data: dict[str, Any], known: set[str], where: str) -> None:
    within, within_en = (f"{where} 里", f" in {where}") if where else ("", "")
    if missing := sorted(known - set(data)):
        raise _Wrong(f"{within}缺少“{missing[0]}”", f"{missing[0]!r} is missing{within_en}")
    if strange := sorted(set(data) - known):
        raise _Wrong(f"{within}有不认识的“{strange[0]}”", f"{strange[0]!r} is unknown{within_en}")


def _of_type(data: dict[str, Any], name: str, wanted: type[Value]) -> Value:
    value = data[name]
    if type(value) is not wanted:
        raise _not_meant(name, value)
    return value


def _not_meant(name: str, value: Any) -> _Wrong:
    shown = json.dumps(value, ensure_ascii=False)[:40]
    return _Wrong(f"“{name}”的值 {shown} 不对", f"the value {shown} of {name!r} cannot be meant")


def _day(text: Any) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise _not_meant("as_of", text) from error


def _division(text: Any) -> str:
    if not isinstance(text, str) or not _DIVISION.fullmatch(text):
        raise _not_meant("region", text)
    return text


def _table_count(table: str, count: Any) -> TableCount:
    if not isinstance(count, dict):
        raise _not_meant(f"tables.{table}", count)
    _check_names(count, {one.name for one in fields(TableCount)}, f"tables.{table}")
    numbers = {name: _of_type(count, name, int) for name in count if name != "sha256"}
    return TableCount(sha256=_of_type(count, "sha256", str), **numbers)


def verify(folder: Path) -> list[str]:
    """Names of tables whose file is missing or no longer has the hash of the manifest."""
    return _changed(folder, read_manifest(folder))


def _changed(folder: Path, manifest: Manifest) -> list[str]:
    with ThreadPoolExecutor() as threads:
        hashes = threads.map(lambda name: file_sha256(folder / f"{name}.parquet"), manifest.tables)
        return [
            name for name, found in zip(manifest.tables, hashes, strict=True) if found != manifest.tables[name].sha256
        ]


def open_snapshot(folder: Path, engine: Engine) -> Manifest:
    """Name every table of the snapshot in the engine; tables without rows are there too, empty.

    Raises ``NotASnapshot`` when a table is not, to the byte, what was frozen: no figure comes from a changed file.
    """
    manifest = read_manifest(folder)
    if changed := _changed(folder, manifest):
        listed = "、".join(f"{name}.parquet" for name in changed)
        raise NotASnapshot(
            folder,
            f"这些文件与冻结时不同或缺失：{listed}；快照被改动过。请用原始交付文件重新生成。",
            f"these files are missing or not what was frozen: {listed}; the snapshot was changed. Freeze again.",
        )
    if unlisted := [name for name in TABLES if name not in manifest.tables and _path(folder, name).exists()]:
        listed = "、".join(f"{name}.parquet" for name in unlisted)
        raise NotASnapshot(
            folder,
            f"manifest.json 里没有这些文件：{listed}；快照被改动过。请用原始交付文件重新生成。",
            f"manifest.json does not list these files: {listed}; the snapshot was changed. Freeze again.",
        )
    for name, table in TABLES.items():
        path = folder / f"{name}.parquet"
        if name in manifest.tables and path.is_file():
            _fits(folder, path, manifest.tables[name].rows)
            _read(engine, table, path)
        else:
            engine.load(name, table.arrow_schema().empty_table())
    if not engine.value(f"SELECT count(*) FROM region_closure WHERE region_code = {quoted(manifest.region)}"):
        raise NotASnapshot(
            folder,
            f"manifest.json 里的区划 {manifest.region} 不在快照的区划表里；请用原始交付文件重新生成。",
            f"the division {manifest.region} of manifest.json is not in the snapshot's own table; freeze again.",
        )
    return manifest


def _fits(folder: Path, path: Path, rows: int) -> None:
    """A manifest may have been written anew with the right hashes: what it says must fit the file all the same."""
    try:
        found = pq.read_metadata(path).num_rows
    except (pa.ArrowInvalid, OSError) as error:
        raise NotASnapshot(
            folder,
            f"{path.name} 不是 Parquet 文件或已损坏；请用原始交付文件重新生成。",
            f"{path.name} is no Parquet file, or a damaged one; freeze again from the delivered files.",
        ) from error
    if found != rows:
        raise NotASnapshot(
            folder,
            f"{path.name} 有 {found:,} 行，manifest.json 说是 {rows:,} 行；快照被改动过。请用原始交付文件重新生成。",
            f"{path.name} has {found:,} rows, manifest.json says {rows:,}; the snapshot was changed. Freeze again.",
        )


def _read(engine: Engine, table: Table, path: Path) -> None:
    """Name the table's file; columns that its contract has gained since it was frozen are unknown."""
    stored = set(pq.read_schema(path).names)
    if stored >= set(table.column_names):
        engine.read_parquet(table.name, [path])
        return
    engine.read_parquet(f"stored_{table.name}", [path])
    columns = ", ".join(
        column.name if column.name in stored else f"CAST(NULL AS {column.sql_type}) AS {column.name}"
        for column in table.all_columns
    )
    engine.run(Step(table.name, f"SELECT {columns} FROM stored_{table.name}", table.zh, view=True))


def _path(folder: Path, table: str) -> Path:
    return folder / f"{table}.parquet"


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes; empty for a file that is not there."""
    if not path.is_file():
        return ""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
