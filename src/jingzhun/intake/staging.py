"""Accepted rows on their way to the freeze: one wide file per sheet, then one file per table contract."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from jingzhun.engine import parquet_rows, quoted
from jingzhun.intake.block import PIVOT
from jingzhun.intake.store import Store
from jingzhun.model import TABLES, Column, Table
from jingzhun.model.receipt import Staged


@dataclass(frozen=True, slots=True)
class Double:
    """A second row with a key that the sheet already had. ``fields`` differ from the first row; none: a plain copy."""

    line: int
    first_line: int
    key: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Differing:
    """A row that says something else about its household (or other owner) than the row that speaks for it."""

    line: int
    taken_line: int
    fields: tuple[str, ...]


class Staging:
    """The staged rows of one sheet."""

    def __init__(self, store: Store, stem: str, number: int, sheet: str, table: Table) -> None:
        self._store, self._stem, self._sheet, self.table = store, f"{stem}.{number}", sheet, table
        self._wide = store.folder / "staged" / f"{self._stem}.wide.tmp"
        self._writer: pq.ParquetWriter | None = None
        self._background = ThreadPoolExecutor(1)
        self._writing: Future[None] | None = None
        self._names: list[str] = []
        self._mixed = False
        self.rows = 0

    def add(self, wide: pa.Table, lines: pa.Array) -> None:
        """Append accepted rows; columns are named ``table.column`` or ``income_item[A1]``.

        Rows that describe one table only are written in its contract's shape at once. A block is written while the
        next one is read; never more than one waits.
        """
        if not wide.num_rows:
            return
        own = f"{self.table.name}."
        self._mixed = any(not name.startswith(own) for name in wide.column_names)
        shaped = wide.append_column("origin_row", lines) if self._mixed else self._shaped(wide, lines)
        if self._writer is None:
            self._names = shaped.column_names
            self._writer = pq.ParquetWriter(self._wide, shaped.schema, compression="snappy")
        self._wait()
        self._writing = self._background.submit(self._writer.write_table, shaped)
        self.rows += wide.num_rows

    def _shaped(self, wide: pa.Table, lines: pa.Array) -> pa.Table:
        count, own = wide.num_rows, set(wide.column_names)
        arrays = {
            column.name: wide[f"{self.table.name}.{column.name}"]
            if f"{self.table.name}.{column.name}" in own
            else pa.nulls(count, column.arrow_type)
            for column in self.table.columns
        }
        sheet = pa.DictionaryArray.from_arrays(np.zeros(count, dtype=np.int8), [self._sheet]).cast(pa.string())
        return pa.table({**arrays, "origin_sheet": sheet, "origin_row": lines})

    def _key(self) -> list[str]:
        prefix = f"{self.table.name}." if self._mixed else ""
        return [f"{prefix}{name}" for name in self.table.key]

    def doubles(self) -> list[Double]:
        """Rows whose key an earlier row of the sheet has, in order of line."""
        self._close()
        if not self.rows or not set(self._key()) <= set(self._names):
            return []
        key = ", ".join(f'"{name}"' for name in self._key())
        with self._connection() as connection:
            if connection.sql(f"SELECT count(*) = count(DISTINCT hash({key})) FROM wide").fetchall()[0][0]:
                return []
            window = f"(PARTITION BY {key} ORDER BY origin_row)"
            found = connection.sql(
                f"SELECT *, row_number() OVER {window} AS place, first_value(origin_row) OVER {window} AS first_line "
                f"FROM wide QUALIFY count(*) OVER (PARTITION BY {key}) > 1"
            )
            return self._compared(found.to_arrow_table().to_pylist())

    def _compared(self, found: list[dict[str, object]]) -> list[Double]:
        by_line = {row["origin_row"]: row for row in found}
        doubles = []
        for row in sorted((row for row in found if row["place"] != 1), key=lambda row: int(str(row["origin_row"]))):
            first = by_line[row["first_line"]]
            fields = tuple(
                name if "." in name else f"{self.table.name}.{name}"
                for name in self._names
                if not name.startswith("origin_") and row[name] != first[name]
            )
            key = "、".join(str(row[name]) for name in self._key())
            doubles.append(Double(int(str(row["origin_row"])), int(str(row["first_line"])), key, fields))
        return doubles

    def differing(self) -> list[Differing]:
        """Rows whose fields of another table differ from those of the row that is taken for it, in order of line."""
        self._close()
        if not self.rows or not self._mixed:
            return []
        found: list[Differing] = []
        with self._connection() as connection:
            for table in self._others():
                own, key = self._fields_of(table), ", ".join(table.key)
                said = ", ".join(
                    f'CASE WHEN w."{name}" IS DISTINCT FROM t."{name}" AND w."{name}" IS NOT NULL THEN \'{name}\' END'
                    for name in own
                )
                rows = connection.sql(
                    f"WITH w AS (SELECT {self._keys(table)}, * FROM wide), "
                    f"t AS (SELECT * FROM w QUALIFY {self._speaks_first(key)}) "
                    f"SELECT * FROM (SELECT w.origin_row, t.origin_row, list_filter([{said}], lambda x: x IS NOT NULL) "
                    f"AS fields FROM w JOIN t USING ({key})) WHERE len(fields) > 0"
                ).fetchall()
                found += [Differing(line, taken, tuple(fields)) for line, taken, fields in rows]
        return sorted(found, key=lambda one: one.line)

    def finish(self, without: list[int]) -> list[Staged]:
        """Write the contract tables, leaving the given lines out, and publish them."""
        self._close()
        if not self.rows:
            return []
        staged = []
        with self._connection() as connection:
            if without:
                self._drop(connection, without)
            if not self._mixed:
                return [self._published(self.table, 0, self._wide)]
            for number, (table, sql) in enumerate(self._selects()):
                temporary = self._store.folder / "staged" / f"{self._stem}.{number}.tmp"
                connection.execute(f"COPY ({sql}) TO {quoted(str(temporary))} (FORMAT parquet, COMPRESSION zstd)")
                staged.append(self._published(table, number, temporary))
        self._wide.unlink()
        return staged

    def _published(self, table: Table, number: int, temporary: Path) -> Staged:
        folder = self._store.folder / "staged" / table.name
        folder.mkdir(exist_ok=True)
        target = folder / f"{self._stem}.{number}.parquet"
        self._store.publish(temporary, target)
        return Staged(table.name, str(target.relative_to(self._store.folder)), pq.read_metadata(target).num_rows)

    def _selects(self) -> list[tuple[Table, str]]:
        pivots = [name for name in self._names if name.startswith(PIVOT)]
        selects = []
        if not (pivots and self.table.name == "income_item"):
            selects.append((self.table, self._own()))
        selects += [(table, self._other(table)) for table in self._others()]
        if pivots:
            selects.append((TABLES["income_item"], self._pivoted(pivots)))
        return selects

    def _own(self) -> str:
        columns = ", ".join(self._expression(column, self.table.name) for column in self.table.columns)
        return f"SELECT {columns}, {self._origin()} FROM wide"

    def _others(self) -> list[Table]:
        """The other tables that the rows also describe."""
        names = dict.fromkeys(name.split(".")[0] for name in self._names if "." in name and not name.startswith(PIVOT))
        return [TABLES[name] for name in names if name != self.table.name]

    def _fields_of(self, table: Table) -> list[str]:
        return [name for name in self._names if name.startswith(f"{table.name}.")]

    def _other(self, table: Table) -> str:
        """One row per key of another table; none where nothing is said of it, so a blank never makes a record."""
        columns = ", ".join(self._expression(column, table.name) for column in table.columns)
        key = ", ".join(table.key)
        said = " OR ".join(f'"{name}" IS NOT NULL' for name in self._fields_of(table))
        return (
            f"SELECT * EXCLUDE (is_head) FROM "
            f"(SELECT {columns}, {self._origin()}, {self._is_head()} AS is_head FROM wide WHERE {said}) "
            f"WHERE {' AND '.join(f'{name} IS NOT NULL' for name in table.key)} "
            f"QUALIFY {self._speaks_first(key, 'is_head')} ORDER BY origin_row"
        )

    def _is_head(self) -> str:
        return "\"person.relation\" = '户主'" if "person.relation" in self._names else "false"

    def _speaks_first(self, key: str, is_head: str = "") -> str:
        """The row that speaks for all rows of a key: the head of the household's, else the first."""
        order = f"{is_head or self._is_head()} DESC NULLS LAST, origin_row"
        return f"row_number() OVER (PARTITION BY {key} ORDER BY {order}) = 1"

    def _keys(self, table: Table) -> str:
        """The key of another table, as the rows have it."""
        return ", ".join(self._expression(table.column(name), table.name) for name in table.key)

    def _pivoted(self, pivots: list[str]) -> str:
        owner = self.table.name
        return " UNION ALL ".join(
            f'SELECT "{owner}.data_year" AS data_year, "{owner}.household_code" AS household_code, '
            f'"{owner}.region_code" AS region_code, \'{name[len(PIVOT) : -1]}\' AS item, "{name}" AS amount, '
            f"{self._origin()} "
            f'FROM wide WHERE "{name}" IS NOT NULL'
            for name in pivots
        )

    def _expression(self, column: Column, table: str) -> str:
        """The column from the row's own field of that table, else from the field the sheet's table shares with it."""
        for name in (f"{table}.{column.name}", f"{self.table.name}.{column.name}"):
            shared = table == self.table.name or name.startswith(f"{table}.") or column.name in SHARED
            if name in self._names and shared:
                return f'"{name}" AS {column.name}'
        return f"NULL::{column.sql_type} AS {column.name}"

    def _origin(self) -> str:
        name = self._sheet.replace("'", "''")
        return f"'{name}' AS origin_sheet, origin_row"

    def _drop(self, connection: duckdb.DuckDBPyConnection, lines: list[int]) -> None:
        kept = self._wide.with_suffix(".kept.tmp")
        connection.register("dropped", pa.table({"origin_row": pa.array(lines, pa.int64())}))
        rest = "SELECT * FROM wide ANTI JOIN dropped USING (origin_row)"
        connection.execute(f"COPY ({rest}) TO {quoted(str(kept))} (FORMAT parquet, COMPRESSION zstd)")
        kept.replace(self._wide)
        self.rows -= len(lines)

    def _wait(self) -> None:
        """Until the last block is on disk; an error of writing it is raised here."""
        if self._writing is not None:
            self._writing.result()
            self._writing = None

    def _close(self) -> None:
        self._wait()
        self._background.shutdown()
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _connection(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(
            config={"memory_limit": "700MB", "temp_directory": str(self._store.folder / "staged")}
        )
        connection.execute(f"CREATE VIEW wide AS SELECT * FROM {parquet_rows([self._wide])}")
        return connection


SHARED = frozenset({"data_year", "household_code", "region_code"})
"""Keys that a row shares with the other tables it describes."""
