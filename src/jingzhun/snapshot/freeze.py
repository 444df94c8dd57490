"""Freeze the register: from a store of taken-in deliveries to an immutable snapshot."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from jingzhun import __version__
from jingzhun.engine import DuckDBEngine, parquet_rows
from jingzhun.model import TABLES, Table
from jingzhun.model.receipt import AccountingError, DamagedStore, FileReceipt, read_receipts
from jingzhun.policy import Pack
from jingzhun.snapshot import derived
from jingzhun.snapshot.assemble import StagedFile, counting_rows, key_of, parts, ranked, set_aside, staged_union
from jingzhun.snapshot.building import building
from jingzhun.snapshot.manifest import Manifest, NotASnapshot, TableCount, file_sha256

Progress = Callable[[str, int, int], None]
LINKED = ("resident", "person")
SPEAKING_OF_PLACES = ("village", "household", "person", "resident")
"""Tables whose rows say which division a snapshot is about: the first that was delivered."""


def freeze(
    store: Path,
    out: Path,
    pack: Pack,
    as_of: date,
    *,
    region: str = "",
    synthetic: bool = False,
    progress: Progress | None = None,
) -> Manifest:
    """Assemble the store's accepted rows into ``out`` and seal it.

    ``region`` is the division the snapshot is about; without it, the deepest one that holds all delivered villages.
    ``out`` appears only when it is complete: it is built beside itself and renamed. An existing one is left alone.
    """
    _refuse_existing(out)
    receipts = read_receipts(store)
    _refuse_other_pack(store, receipts, pack)
    with building(out) as folder:
        with DuckDBEngine() as engine:
            counts = _assemble(engine, store, receipts, folder, progress)
            _derive(engine, pack, as_of, receipts, folder)
        manifest = seal(
            folder, pack, as_of, region=region, synthetic=synthetic, source=_fingerprint(receipts), counts=counts
        )
        folder.rename(out)
    return manifest


def seal(
    folder: Path,
    pack: Pack,
    as_of: date,
    *,
    region: str = "",
    synthetic: bool = False,
    source: str = "",
    counts: dict[str, TableCount] | None = None,
) -> Manifest:
    """Add what is derived from the pack to a folder of contract tables, and write its manifest.

    ``counts`` is the account of the delivered tables: raises ``AccountingError`` when the folder holds anything else.
    """
    tree = pack.divisions.on(as_of)
    with DuckDBEngine() as engine:
        for name, table in (
            ("region", derived.region_table(pack)),
            ("region_closure", derived.closure_table(tree)),
            ("policy_item", derived.policy_item_table(pack, as_of)),
        ):
            engine.load(name, table)
            engine.copy_to_parquet(f"SELECT * FROM {name}", folder / f"{name}.parquet")
        present = [name for name in TABLES if (folder / f"{name}.parquet").is_file()]
        for name in present:
            engine.read_parquet(name, [folder / f"{name}.parquet"])
        if counts is not None:
            _as_counted(engine, present, counts)
        tables = {name: _count(engine, folder, TABLES[name], (counts or {}).get(name)) for name in present}
        codes = _places(engine, present)
    manifest = Manifest(
        as_of=as_of,
        pack=pack.meta.id,
        pack_version=pack.meta.version,
        pack_sha256=pack.fingerprint,
        region=region or derived.common_region(codes, tree) or pack.meta.root_region,
        synthetic=synthetic,
        product_version=__version__,
        source=source,
        tables=tables,
    )
    manifest.write(folder)
    return manifest


def _as_counted(engine: DuckDBEngine, present: list[str], counts: dict[str, TableCount]) -> None:
    """Nothing is sealed that is not, table by table, what was assembled."""
    for name, table in TABLES.items():
        if table.delivered:
            found = int(engine.value(f"SELECT count(*) FROM {name}")) if name in present else 0
            wanted = counts[name].rows if name in counts else 0
            if found != wanted or (name in present) != (name in counts):
                raise AccountingError(name, wanted, found)


def _places(engine: DuckDBEngine, present: list[str]) -> list[str]:
    """The divisions that the rows speak of: of the tables that describe places, else of everything delivered."""
    speaking = [name for name in SPEAKING_OF_PLACES if name in present][:1] or [
        name for name in present if TABLES[name].delivered and "region_code" in TABLES[name].column_names
    ]
    union = " UNION ".join(f"SELECT region_code FROM {name} WHERE region_code IS NOT NULL" for name in speaking)
    return [row["region_code"] for row in engine.rows(union)] if union else []


def _assemble(
    engine: DuckDBEngine, store: Path, receipts: list[FileReceipt], out: Path, progress: Progress | None
) -> dict[str, TableCount]:
    staged = _staged(store, receipts)
    counts: dict[str, TableCount] = {}
    asides: list[str] = []
    for done, (name, files) in enumerate(staged.items(), start=1):
        table, path = TABLES[name], out / f"{name}.parquet"
        engine.execute(f"CREATE OR REPLACE VIEW staged AS {staged_union(table, files)}")
        total = sum(file.rows for file in files)
        if _keys_are_unique(engine, table):
            engine.copy_to_parquet(f"SELECT {', '.join(table.column_names)} FROM staged", path)
            counts[name] = TableCount(total, "", staged=total)
        else:
            engine.execute(f"CREATE OR REPLACE TABLE ranked_{name} AS {ranked(table, 'staged')}")
            engine.copy_to_parquet(counting_rows(table, f"ranked_{name}"), path)
            asides.append(name)
            counts[name] = _account(engine, name, total, path)
        engine.read_parquet(name, [path])
        if progress:
            progress(table.zh, done, len(staged))
    if asides:
        listed = " UNION ALL ".join(set_aside(TABLES[name], f"ranked_{name}") for name in asides)
        ordered = f"SELECT * FROM ({listed}) ORDER BY ALL"
        engine.copy_to_parquet(ordered, out / "superseded.parquet")
    if together := [name for name in asides if counts[name].merged]:
        listed = " UNION ALL ".join(parts(TABLES[name], f"ranked_{name}") for name in together)
        engine.copy_to_parquet(f"SELECT * FROM ({listed}) ORDER BY ALL", out / "merged_row.parquet")
    return counts


def _account(engine: DuckDBEngine, name: str, total: int, path: Path) -> TableCount:
    kept = int(engine.value(f"SELECT count(*) FROM {parquet_rows([path])}"))
    found = engine.rows(
        f"SELECT count(*) FILTER (WHERE place > 1 AND content = winner) AS identical, "
        f"count(*) FILTER (WHERE place > 1 AND content <> winner) AS superseded, "
        f"count(*) FILTER (WHERE place = 1) AS counting FROM ranked_{name}"
    )[0]
    merged = found["counting"] - _distinct_keys(engine, name)
    if total != kept + found["identical"] + found["superseded"] + merged:
        raise AccountingError(name, total, kept + found["identical"] + found["superseded"] + merged)
    return TableCount(kept, "", total, found["identical"], found["superseded"], merged)


def _distinct_keys(engine: DuckDBEngine, name: str) -> int:
    return int(engine.value(f"SELECT count(*) FROM (SELECT DISTINCT {key_of(TABLES[name])} FROM ranked_{name})"))


def _staged(store: Path, receipts: list[FileReceipt]) -> dict[str, list[StagedFile]]:
    files: dict[str, list[StagedFile]] = {}
    for number, receipt in enumerate(receipts, start=1):
        for sheet in receipt.sheets:
            for staged in sheet.staged:
                path = store / staged.path
                _refuse_unlike(path, staged.rows)
                files.setdefault(staged.table, []).append(StagedFile(path, number, sheet.layout, staged.rows))
    return {name: files[name] for name in TABLES if name in files}


def _refuse_unlike(path: Path, rows: int) -> None:
    """Staged rows are those that the receipt counted, or nothing is frozen from them."""
    try:
        found = pq.read_metadata(path).num_rows
    except (OSError, pa.ArrowInvalid):
        found = -1
    if found != rows:
        raise DamagedStore(
            path,
            "这个暂存文件缺失或与回执不符；删除它，再运行 jingzhun run 或 intake，会从原件重新读取。",
            "this staged file is missing or not what its receipt counted; delete it and run jingzhun run or intake: "
            "its original is read again.",
        )


def _refuse_other_pack(store: Path, receipts: list[FileReceipt], pack: Pack) -> None:
    other = [receipt for receipt in receipts if receipt.pack and receipt.pack != pack.fingerprint]
    if other:
        raise DamagedStore(
            store,
            f"{other[0].file} 等 {len(other)} 个文件是按另一个政策包接收的；先用现在的政策包运行 jingzhun intake，"
            "会从原件重新读取。",
            f"{len(other)} files ({other[0].file} …) were taken in by another policy pack; run jingzhun intake with "
            "this one first: their originals are read again.",
        )


def _keys_are_unique(engine: DuckDBEngine, table: Table) -> bool:
    key = f"({key_of(table)})" if len(table.key) > 1 else table.key[0]
    return bool(engine.value(f"SELECT count(*) = count(DISTINCT {key}) FROM staged"))


def _derive(engine: DuckDBEngine, pack: Pack, as_of: date, receipts: list[FileReceipt], out: Path) -> None:
    for name, table in TABLES.items():
        if table.delivered and not (out / f"{name}.parquet").is_file():
            engine.load(name, table.arrow_schema().empty_table())
    if (out / "insurance_enrolment.parquet").is_file():
        engine.load("region_closure", derived.closure_table(pack.divisions.on(as_of)))
        for name in LINKED:
            _link(engine, name, out)
    engine.run(derived.status_episodes())
    engine.copy_to_parquet("SELECT * FROM status_episode", out / "status_episode.parquet")
    for name, rows in (
        ("source_file", derived.source_file_table(receipts)),
        ("source_column", derived.source_column_table(receipts)),
        ("intake_problem", derived.intake_problem_table(receipts)),
    ):
        engine.load(name, rows)
        engine.copy_to_parquet(f"SELECT * FROM {name}", out / f"{name}.parquet")


def _link(engine: DuckDBEngine, name: str, out: Path) -> None:
    path = out / f"{name}.parquet"
    if not path.is_file():
        return
    linked = out / f"{name}.linked.parquet"
    engine.copy_to_parquet(derived.linked(name), linked)
    linked.replace(path)


def _count(engine: DuckDBEngine, folder: Path, table: Table, count: TableCount | None) -> TableCount:
    path = folder / f"{table.name}.parquet"
    rows = int(engine.value(f"SELECT count(*) FROM {table.name}"))
    outside = 0
    if table.delivered and "region_code" in table.column_names:
        outside = int(
            engine.value(
                f"SELECT count(*) FROM {table.name} "
                "ANTI JOIN (SELECT DISTINCT region_code FROM region_closure) USING (region_code)"
            )
        )
    if count is None:
        return TableCount(rows, file_sha256(path), staged=rows, outside_divisions=outside)
    return TableCount(rows, file_sha256(path), count.staged, count.identical, count.superseded, count.merged, outside)


def _refuse_existing(out: Path) -> None:
    if out.exists():
        raise NotASnapshot(
            out,
            "目录已存在；快照一经生成不再改动，请换一个输出目录。",
            "this folder exists; a snapshot is never changed, choose another output folder.",
        )


def _fingerprint(receipts: list[FileReceipt]) -> str:
    return hashlib.sha256("\n".join(receipt.sha256 for receipt in receipts).encode()).hexdigest()
