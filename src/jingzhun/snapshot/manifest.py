"""The manifest of a snapshot: what is in it, from which pack, and the hashes that prove nobody touched it."""

from __future__ import annotations

import hashlib
import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jingzhun.engine import Engine, quoted
from jingzhun.model import TABLES

FORMAT = 1
ALWAYS = frozenset({"region", "region_closure", "policy_item"})
"""Tables that every snapshot has: they come from the pack."""
_DIVISION = re.compile(r"[0-9]{12}")


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
        raise NotASnapshot(
            folder,
            "不是快照目录：缺少 manifest.json。请指向 jingzhun run 生成的 snapshot 目录。",
            "not a snapshot: manifest.json is missing. Point to the snapshot folder that jingzhun run made.",
        )
    try:
        manifest, fingerprint = _parsed(path.read_text("utf-8"))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise NotASnapshot(
            folder,
            f"manifest.json 无法读取（{_reason(error)}），不是这一版产品写的文件或已损坏。请用原始交付文件重新生成。",
            f"manifest.json cannot be read ({_reason(error)}): not written by this version, or damaged. Freeze again.",
        ) from error
    if manifest.fingerprint != fingerprint:
        raise NotASnapshot(
            folder,
            "manifest.json 的指纹不符，文件被改动过。请用原始交付文件重新生成。",
            "the fingerprint of manifest.json does not fit: it was changed. Freeze again from the delivered files.",
        )
    return manifest


def _reason(error: Exception) -> str:
    """What is wrong in one short line."""
    return f"{type(error).__name__}: {error}"[:120] if str(error) else type(error).__name__


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys stand once: of two, a reader sees one and the hash the other."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _parsed(text: str) -> tuple[Manifest, str]:
    data = json.loads(text, object_pairs_hook=_each_once)
    fingerprint = data.pop("fingerprint")
    if data["format"] != FORMAT:
        raise ValueError(f"format {data['format']!r}, this product reads {FORMAT}")
    tables = {name: _table_count(count) for name, count in data.pop("tables").items()}
    if missing := ALWAYS - set(tables):
        raise ValueError(f"without {sorted(missing)}")
    if strange := set(tables) - set(TABLES):
        raise ValueError(f"unknown tables {sorted(strange)}")
    _check_types(data)
    return Manifest(**{**data, "as_of": date.fromisoformat(data["as_of"]), "tables": tables}), fingerprint


def _check_types(data: dict[str, Any]) -> None:
    texts = ("as_of", "pack", "pack_version", "pack_sha256", "region", "product_version", "source")
    if not all(isinstance(data[name], str) for name in texts) or not isinstance(data["synthetic"], bool):
        raise TypeError("a value of the wrong type")
    if not _DIVISION.fullmatch(data["region"]):
        raise ValueError(f"region {data['region']!r} is no division code")


def _table_count(count: dict[str, Any]) -> TableCount:
    numbers = [value for name, value in count.items() if name != "sha256"]
    if not isinstance(count["sha256"], str) or not all(type(number) is int for number in numbers):
        raise TypeError("a count of the wrong type")
    return TableCount(**count)


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
            engine.read_parquet(name, [path])
        else:
            engine.load(name, table.arrow_schema().empty_table())
    if not engine.value(f"SELECT count(*) FROM region_closure WHERE region_code = {quoted(manifest.region)}"):
        raise NotASnapshot(
            folder,
            f"manifest.json 里的区划 {manifest.region} 不在快照的区划表里；请用原始交付文件重新生成。",
            f"the division {manifest.region} of manifest.json is not in the snapshot's own table; freeze again.",
        )
    return manifest


def _path(folder: Path, table: str) -> Path:
    return folder / f"{table}.parquet"


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes; empty for a file that is not there."""
    if not path.is_file():
        return ""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
