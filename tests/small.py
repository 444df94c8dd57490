"""A county of two villages, small enough to count by hand: its pack, its tables, its deliveries.

``EAST`` and ``WEST`` lie in one township of ``COUNTY``; ``OLD`` was merged into ``EAST`` in 2017; ``SOUTH`` lies in
``OTHER_COUNTY``, from which nothing is delivered unless a test does so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from jingzhun.engine import DuckDBEngine, Step
from jingzhun.model import TABLES
from jingzhun.model.receipt import FileReceipt, SheetReceipt, Staged
from jingzhun.policy import Pack, load_pack
from jingzhun.snapshot import derived

AS_OF = date(2018, 12, 31)
PREFECTURE = "990100000000"
COUNTY = "990101000000"
TOWNSHIP = "990101100000"
EAST = "990101100200"
WEST = "990101100201"
OLD = "990101100202"
OTHER_COUNTY = "990102000000"
SOUTH = "990102100200"

Row = Mapping[str, Any]


@cache
def small_pack() -> Pack:
    return load_pack(Path(__file__).parent / "fixtures" / "small_pack")


def table_of(name: str, rows: Iterable[Row]) -> pa.Table:
    """Rows as a table of the contract; columns that a row does not name are unknown."""
    return pa.Table.from_pylist([dict(row) for row in rows], schema=TABLES[name].arrow_schema())


@contextmanager
def registry(rows: Mapping[str, Iterable[Row]] | None = None, *, as_of: date = AS_OF) -> Iterator[DuckDBEngine]:
    """An engine that holds every table: the divisions and policy of the small pack, the given rows, nothing else."""
    with DuckDBEngine(threads=1) as engine:
        for name in TABLES:
            engine.load(name, table_of(name, (rows or {}).get(name, ())))
        pack = small_pack()
        engine.load("region", derived.region_table(pack))
        engine.load("region_closure", derived.closure_table(pack.divisions.on(as_of)))
        engine.load("policy_item", derived.policy_item_table(pack, as_of))
        yield engine


def run(engine: DuckDBEngine, steps: Iterable[Step]) -> DuckDBEngine:
    for step in steps:
        engine.run(step)
    return engine


def household(code: str, village: str = EAST, year: int = 2018, **facts: Any) -> Row:
    return {"data_year": year, "household_code": code, "region_code": village, "exit_status": "已脱贫"} | facts


def person(code: str, home: str = "H1", village: str = EAST, year: int = 2018, **facts: Any) -> Row:
    known = {"data_year": year, "person_code": code, "household_code": home, "region_code": village}
    return known | {"name": "测试", "id_number": f"99{code}", "exit_status": "已脱贫"} | facts


def resident(number: str, village: str = EAST, **facts: Any) -> Row:
    return {"id_number": number, "region_code": village, "name": "测试", "hukou": "农业"} | facts


def event(number: str, kind: str, home: str = "H1", on: date = date(2018, 6, 1), **facts: Any) -> Row:
    """An event of a person when ``person_code`` is given, of the household itself when ``household_event`` is."""
    known = {"event_no": number, "kind": kind, "occurred_on": on, "household_code": home, "region_code": EAST}
    return known | {"household_event": False} | facts


class Store:
    """A store of deliveries as intake leaves one: staged rows and a receipt for each file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.receipts: list[FileReceipt] = []
        (folder / "staged").mkdir(parents=True)
        (folder / "receipts").mkdir()

    def deliver(self, file: str, tables: Mapping[tuple[str, str], list[Row]]) -> FileReceipt:
        """Take a file in. ``tables`` holds the accepted rows of each (table, layout); a layout is a sheet."""
        number = len(self.receipts) + 1
        sheets = [self._sheet(number, table, layout, rows) for (table, layout), rows in tables.items()]
        digest = hashlib.sha256(f"{number} {file}".encode()).hexdigest()
        receipt = FileReceipt(file, digest, 1000, number, None, tuple(sheets))
        self.write(receipt)
        self.receipts.append(receipt)
        return receipt

    def _sheet(self, number: int, table: str, layout: str, rows: list[Row]) -> SheetReceipt:
        path = f"staged/{number}.{table}.{layout}.parquet"
        placed = [{"origin_sheet": layout, "origin_row": line, **row} for line, row in enumerate(rows, start=2)]
        pq.write_table(table_of(table, placed).drop_columns("origin_file"), self.folder / path)
        count = len(rows)
        return SheetReceipt(layout, layout, count, count, 0, 0, 0, 0, staged=(Staged(table, path, count),))

    def write(self, receipt: FileReceipt) -> None:
        path = self.folder / "receipts" / f"{receipt.delivery:06d}-{receipt.sha256}.json"
        path.write_text(json.dumps(receipt.to_json(), ensure_ascii=False), "utf-8")

    def renumbered(self, receipt: FileReceipt, delivery: int) -> None:
        """Say that a file was delivered at another place in the order."""
        (self.folder / "receipts" / f"{receipt.delivery:06d}-{receipt.sha256}.json").unlink()
        self.write(replace(receipt, delivery=delivery))
