"""The pieces of work that the benchmarks run in processes of their own; each prints its own seconds as JSON."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import python_calamine

from jingzhun.engine import DuckDBEngine, open_engine
from jingzhun.indicators import figure_steps
from jingzhun.indicators.plan import plan_indicators
from jingzhun.intake import take_in
from jingzhun.pipeline import STEPS, Situation
from jingzhun.policy import load_pack
from jingzhun.population import generate
from jingzhun.snapshot import open_snapshot, seal

PACK = "luliang_2018"
AS_OF = date(2018, 12, 31)


def calamine(path: str) -> None:
    """Only read every cell of the workbook."""
    python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def intake(path: str) -> None:
    """Take the file in: typed, checked, accounted for, staged and receipted."""
    with tempfile.TemporaryDirectory() as store:
        take_in([Path(path)], Path(store), load_pack(PACK), received_on=AS_OF)


def read_csv(path: str) -> None:
    """DuckDB's own reader to Parquet, everything text."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        source = f"read_csv('{path}', all_varchar = true, header = true)"
        connection.execute(
            f"COPY (SELECT * FROM {source}) TO '{folder}/out.parquet' (FORMAT parquet, COMPRESSION zstd)"
        )


def figures(snapshot: str, engine_name: str = "duckdb") -> None:
    """All indicators for all divisions of all five levels."""
    pack = load_pack(PACK)
    with open_engine(engine_name) as engine:
        manifest = open_snapshot(Path(snapshot), engine)
        situation = Situation(pack, manifest.as_of, manifest.region)
        for build in STEPS[:-1]:
            for step in build(situation):
                engine.run(step)
        started = time.perf_counter()
        for step in figure_steps(pack, manifest.as_of):
            engine.run(step)
        _say(time.perf_counter() - started, rows=int(engine.value("SELECT count(*) FROM figure")))


def scan(snapshot: str) -> None:
    """One scan of the columns that the indicators read: their smallest and largest values."""
    pack = load_pack(PACK)
    with DuckDBEngine() as engine:
        manifest = open_snapshot(Path(snapshot), engine)
        queries = []
        for table, measures in plan_indicators(pack, manifest.as_of).by_table():
            read = {"region_code"} | {name for m in measures for part in m.parts for name in part.columns}
            if table.name in manifest.tables:
                columns = ", ".join(f"min({name}), max({name})" for name in sorted(read))
                queries.append(f"SELECT {columns} FROM {table.name}")
        started = time.perf_counter()
        for query in queries:
            engine.arrow(query)
        _say(time.perf_counter() - started, queries=len(queries))


def snapshot(folder: str, region: str, persons: str) -> None:
    """Generate a sealed snapshot of synthetic people."""
    pack = load_pack(PACK)
    count = int(persons) if persons else None
    generate(pack, Path(folder), region=region, as_of=AS_OF, persons=count, form="snapshot")
    seal(Path(folder), pack, AS_OF, region=region, synthetic=True)


def files(folder: str, region: str) -> None:
    """Generate the departments' files."""
    generate(load_pack(PACK), Path(folder), region=region, as_of=AS_OF)


def _say(seconds: float, **more: object) -> None:
    print(json.dumps({"seconds": seconds, **more}))


PIECES: dict[str, Callable[..., None]] = {
    piece.__name__: piece for piece in (calamine, intake, read_csv, figures, scan, snapshot, files)
}
TIMES_ITSELF = ("figures", "scan")

if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    begun = time.perf_counter()
    PIECES[name](*arguments)
    if name not in TIMES_ITSELF:
        _say(time.perf_counter() - begun)
