"""Two engines side by side: whatever is loaded or run goes to both, and what they then hold is compared row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from jingzhun.engine import Engine, Step
from jingzhun.model import TABLES
from tests.small import Row, table_of

Rows = Counter[tuple[Any, ...]]


@dataclass(frozen=True)
class Both:
    """The engine that defines the answer, and the one that has to give it."""

    duckdb: Engine
    spark: Engine

    def load(self, name: str, table: pa.Table) -> None:
        self.duckdb.load(name, table)
        self.spark.load(name, table)

    def hold(self, tables: Mapping[str, Iterable[Row]]) -> None:
        """Every table of the contracts: the given rows, and nothing else."""
        for name in TABLES:
            self.load(name, table_of(name, tables.get(name, ())))

    def run(self, steps: Iterable[Step]) -> None:
        """Run each step on both and compare what it leaves, before the next one reads it."""
        for step in steps:
            self.duckdb.run(step)
            self.spark.run(step)
            self.same(step.name)

    def same(self, name: str) -> Rows:
        return self.answer(f"SELECT * FROM {name}", name)

    def answer(self, sql: str, name: str = "") -> Rows:
        """The rows that both give for a query; fails, showing some, where they are not the same."""
        expected, found = (counted(engine.arrow(sql)) for engine in (self.duckdb, self.spark))
        missing, more = list((expected - found).items()), list((found - expected).items())
        assert not missing and not more, f"{name or sql}: only DuckDB {missing[:3]}, only Spark {more[:3]}"
        return expected


def counted(table: pa.Table) -> Rows:
    """Rows and how often each is there, with the names of the columns; the order of rows says nothing."""
    names = tuple(table.column_names)
    return Counter((names, *map(plain, row.values())) for row in table.to_pylist())


def plain(value: Any) -> Any:
    """A value without the width of its type. Doubles keep twelve digits: the last ones are the processor's."""
    match value:
        case bool() | None | str():
            return value
        case int() | Decimal():
            return Decimal(value).normalize()
        case float():
            return f"{value:.12g}"
    return value
