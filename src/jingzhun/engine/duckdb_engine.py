"""DuckDB, embedded: the default engine. Bounded in memory, spilling to a folder of its own."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa

from jingzhun.engine.step import Step, StepFailed, Traced


class DuckDBEngine:
    """One in-memory database over Parquet files. Use as a context manager; the spill folder goes with it."""

    def __init__(self, memory_limit: str = "1500MB", threads: int | None = None) -> None:
        self._spill = tempfile.TemporaryDirectory(prefix="jingzhun-")
        config: dict[str, Any] = {
            "memory_limit": memory_limit,
            "temp_directory": self._spill.name,
            "autoinstall_known_extensions": "false",
            "allow_community_extensions": "false",
        }
        if threads:
            config["threads"] = threads
        self._connection = duckdb.connect(config=config)
        self._kinds: dict[str, str] = {}
        self.trace: list[Traced] = []

    def __enter__(self) -> DuckDBEngine:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()
        self._spill.cleanup()

    def read_parquet(self, name: str, paths: Iterable[Path]) -> None:
        """Name Parquet files as a table without loading them."""
        self._make_way(name, "VIEW")
        self.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM {parquet_rows(paths)}")

    def load(self, name: str, table: pa.Table) -> None:
        """Store an Arrow table under a name."""
        self._make_way(name, "TABLE")
        self._connection.register("incoming", table)
        self.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM incoming")
        self._connection.unregister("incoming")

    def run(self, step: Step) -> None:
        kind = "VIEW" if step.view else "TABLE"
        self._make_way(step.name, kind)
        started = time.perf_counter()
        try:
            result = self._connection.execute(f"CREATE OR REPLACE {kind} {step.name} AS {step.sql}").fetchall()
        except duckdb.Error as error:
            raise StepFailed(step, str(error)) from error
        rows = int(result[0][0]) if result and not step.view else 0
        self.trace.append(Traced(step, rows, time.perf_counter() - started))

    def _make_way(self, name: str, kind: str) -> None:
        """A name changes from table to view or back only by being dropped first."""
        before = self._kinds.get(name, kind)
        if before != kind:
            self.execute(f"DROP {before} IF EXISTS {name}")
        self._kinds[name] = kind

    def execute(self, sql: str) -> None:
        """Run a statement that is not a step, such as a COPY."""
        try:
            self._connection.execute(sql)
        except duckdb.Error as error:
            raise StepFailed(Step("statement", sql), str(error)) from error

    def arrow(self, sql: str) -> pa.Table:
        try:
            return self._connection.sql(sql).to_arrow_table()
        except duckdb.Error as error:
            raise StepFailed(Step("query", sql), str(error)) from error

    def rows(self, sql: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.arrow(sql).to_pylist()
        return rows

    def value(self, sql: str) -> Any:
        """The single value of a query."""
        try:
            return self._connection.execute(sql).fetchall()[0][0]
        except duckdb.Error as error:
            raise StepFailed(Step("query", sql), str(error)) from error

    def copy_to_parquet(self, sql: str, path: Path) -> None:
        """Write a query's rows to one Parquet file, in order, without holding them."""
        self.execute(f"COPY ({sql}) TO {quoted(str(path))} (FORMAT parquet, COMPRESSION zstd)")


def parquet_rows(paths: Iterable[Path]) -> str:
    """The rows of Parquet files, as SQL to select from: of these very files, and their own columns only.

    DuckDB reads a path as a pattern, and a folder called ``year=2016`` as a column of that value.
    """
    listed = ", ".join(quoted(_GLOB.sub(r"[\g<0>]", str(path.absolute()))) for path in paths)
    return f"read_parquet([{listed}], hive_partitioning = false)"


_GLOB = re.compile(r"[*?\[]")


def quoted(value: str) -> str:
    """A text as an SQL string literal."""
    return "'" + value.replace("'", "''") + "'"
