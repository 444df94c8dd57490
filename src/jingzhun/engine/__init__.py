"""Expressions, named SQL steps, and the engines that run them with a trace."""

from jingzhun.engine.duckdb_engine import DuckDBEngine, parquet_rows, quoted
from jingzhun.engine.expression import (
    ExpressionError,
    Names,
    bind,
    parse_expression,
    readable_sql,
    result_type,
    to_sql,
    used_columns,
    used_names,
)
from jingzhun.engine.opening import DUCKDB, ENGINES, open_engine
from jingzhun.engine.step import Engine, EngineMissing, Step, StepFailed, Traced

__all__ = [
    "DUCKDB",
    "ENGINES",
    "DuckDBEngine",
    "Engine",
    "EngineMissing",
    "ExpressionError",
    "Names",
    "Step",
    "StepFailed",
    "Traced",
    "bind",
    "open_engine",
    "parquet_rows",
    "parse_expression",
    "quoted",
    "readable_sql",
    "result_type",
    "to_sql",
    "used_columns",
    "used_names",
]
