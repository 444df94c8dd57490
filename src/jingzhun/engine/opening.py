"""Which engine runs the steps: chosen once, by name, and unknown to everything that is run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from jingzhun.engine.duckdb_engine import DuckDBEngine
from jingzhun.engine.step import Engine

DUCKDB, SPARK = "duckdb", "spark"
ENGINES = (DUCKDB, SPARK)


@contextmanager
def open_engine(name: str = DUCKDB, *, memory_limit: str = "1500MB") -> Iterator[Engine]:
    """An engine for as long as it is used; ``memory_limit`` is DuckDB's, Spark has settings of its own.

    Raises ``EngineMissing`` when it is not installed, ``ValueError`` for a name that is no engine's.
    """
    engine: Engine
    if name == DUCKDB:
        engine = DuckDBEngine(memory_limit=memory_limit)
    elif name == SPARK:
        from jingzhun.engine.spark_engine import SparkEngine  # pyspark is an extra

        engine = SparkEngine()
    else:
        raise ValueError(f"no engine is called {name!r}; there are {', '.join(ENGINES)}")
    try:
        yield engine
    finally:
        engine.close()
