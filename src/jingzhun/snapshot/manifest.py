"""The manifest of a snapshot: what is in it, from which pack, and the hashes that prove nobody touched it."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jingzhun.engine import Engine
from jingzhun.model import TABLES

FORMAT = 1


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
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotASnapshot(
            folder,
            f"manifest.json 无法读取（{type(error).__name__}），不是本产品写的文件或已损坏。请用原始交付文件重新生成。",
            f"manifest.json cannot be read ({type(error).__name__}): not one of ours, or damaged. Freeze again.",
        ) from error
    if manifest.fingerprint != fingerprint:
        raise NotASnapshot(
            folder,
            "manifest.json 的指纹不符，文件被改动过。请用原始交付文件重新生成。",
            "the fingerprint of manifest.json does not fit: it was changed. Freeze again from the delivered files.",
        )
    return manifest


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys stand once: of two, a reader sees one and the hash the other."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _parsed(text: str) -> tuple[Manifest, str]:
    data = json.loads(text, object_pairs_hook=_each_once)
    fingerprint = data.pop("fingerprint")
    tables = {name: TableCount(**count) for name, count in data.pop("tables").items()}
    return Manifest(**{**data, "as_of": date.fromisoformat(data["as_of"]), "tables": tables}), fingerprint


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
    for name, table in TABLES.items():
        path = folder / f"{name}.parquet"
        if name in manifest.tables and path.is_file():
            engine.read_parquet(name, [path])
        else:
            engine.load(name, table.arrow_schema().empty_table())
    return manifest


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes; empty for a file that is not there."""
    if not path.is_file():
        return ""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
