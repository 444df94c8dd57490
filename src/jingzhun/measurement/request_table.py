"""The data of a request: expressions over its columns, as arrays of one value for each row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jingzhun.engine import DuckDBEngine, ExpressionError, StepFailed, quoted, to_sql
from jingzhun.engine.expression import Names, Want, parse_expression
from jingzhun.measurement.fault import NotMeasurable
from jingzhun.measurement.measured import Flags, Floats

TABLE = "data"
EMPTY = ("", "NA", "NaN")
"""Cells of a CSV that hold nothing."""
TYPES = ("BIGINT", "DOUBLE", "DATE", "TIMESTAMP", "VARCHAR")
"""What a column of a CSV may be; true and false are looked for afterwards."""


class Frame:
    """A table of rows, read once; columns are worked out when they are asked for, in the order of the rows."""

    def __init__(self, path: Path) -> None:
        """Open a CSV or Parquet file. Raises ``NotMeasurable`` where it is neither."""
        if not path.is_file():
            raise NotMeasurable(f"data：没有文件 {path}。", f"data: there is no file {path}.")
        self.path = path
        self._engine = DuckDBEngine()
        reader = f"read_parquet({quoted(str(path))})"
        if path.suffix.lower() != ".parquet":
            listed = ", ".join(quoted(text) for text in EMPTY)
            reader = f"read_csv({quoted(str(path))}, nullstr = [{listed}], sample_size = -1, "
            reader += f"auto_type_candidates = [{', '.join(map(quoted, TYPES))}])"
        try:
            self._engine.execute(f"CREATE TABLE {TABLE} AS SELECT * FROM {reader}")
        except StepFailed as error:
            self._engine.close()
            raise NotMeasurable(
                f"data：{path} 不能作为表格读取；应为带表头的 CSV（UTF-8）或 Parquet。",
                f"data: {path} cannot be read as a table; it must be a CSV (UTF-8) with a header, or Parquet.",
            ) from error
        types = {row["column_name"]: row["column_type"] for row in self._engine.rows(f"DESCRIBE {TABLE}")}
        for name in self._truths([name for name, kind in types.items() if kind == "VARCHAR"]):
            self._engine.execute(f"ALTER TABLE {TABLE} ALTER {_name(name)} TYPE BOOLEAN")
            types[name] = "BOOLEAN"
        self._names = Names(types, {})
        self._worked_out: dict[str, Any] = {}
        self.rows = int(self._engine.value(f"SELECT count(*) FROM {TABLE}"))

    def _truths(self, texts: Sequence[str]) -> list[str]:
        """Of columns of text those that hold nothing but true and false; Yes and No stay the words they are."""
        if not texts:
            return []
        asked = ", ".join(f"bool_and(lower({_name(name)}) IN ('true', 'false')) AS {_name(name)}" for name in texts)
        [found] = self._engine.rows(f"SELECT {asked} FROM {TABLE}")
        return [name for name in texts if found[name]]

    def __enter__(self) -> Frame:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._engine.close()

    def numbers(self, expression: str | float, argument: str) -> Floats:
        """The values of an expression, (rows,); NaN where there is none. Conditions count 1 and 0."""
        if isinstance(expression, (int, float)) and not isinstance(expression, bool):
            return np.full(self.rows, float(expression))
        return np.asarray(
            self._values(f"CAST({self._sql(expression, argument, 'any')} AS DOUBLE)", argument), np.float64
        )

    def flags(self, expression: str, argument: str) -> Flags:
        """Where a condition holds, (rows,); not where it is unknown."""
        sql = self._sql(expression, argument, "boolean")
        return np.asarray(self._values(f"coalesce({sql}, false)", argument), np.bool_)

    def texts(self, column: str, argument: str) -> NDArray[np.object_]:
        """The values of an expression as they are, (rows,); ``None`` where there is none."""
        return np.array(self._column(self._sql(column, argument, "any"), argument).to_pylist(), dtype=object)

    def _values(self, sql: str, argument: str) -> Any:
        return self._column(sql, argument).to_numpy()

    def _column(self, sql: str, argument: str) -> Any:
        """The values of an expression; worked out once, however many groups and measures ask for it."""
        if sql in self._worked_out:
            return self._worked_out[sql]
        try:
            found = self._engine.arrow(f"SELECT {sql} AS x FROM {TABLE} ORDER BY rowid").column("x")
        except StepFailed as error:
            raise NotMeasurable(
                f"{argument}：表达式对某些行算不出数（{error.reason.splitlines()[0]:.120}）。",
                f"{argument}: the expression cannot be worked out for some rows ({error.reason.splitlines()[0]:.120}).",
            ) from error
        self._worked_out[sql] = found
        return found

    def _sql(self, expression: Any, argument: str, want: Want) -> str:
        if not isinstance(expression, str):  # YAML also has lists, nothing, and yes
            raise NotMeasurable(
                f"{argument}：“{expression}”应为列名或表达式。",
                f"{argument}: {expression!r} must be a column or an expression.",
            )
        kind = self._names.columns.get(expression)
        if kind is not None and (
            want == "any" or kind == "BOOLEAN"
        ):  # a name such as api.stu is a column before it is an expression
            return _name(expression)
        try:
            return to_sql(parse_expression(expression, self._names, want))
        except ExpressionError as error:
            raise NotMeasurable(f"{argument}：{error.zh}", f"{argument}: {error.en}") from error


def read_matrix(path: Path, argument: str) -> Floats:
    """A square table of numbers from a CSV without a header. Raises ``NotMeasurable``."""
    try:
        found = np.loadtxt(path, delimiter=",", ndmin=2)
    except (OSError, ValueError) as error:
        raise NotMeasurable(
            f"{argument}：{path} 不是只含数字、逗号分隔的方阵。",
            f"{argument}: {path} is no square table of numbers with commas between them.",
        ) from error
    return found


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def columns_of(given: str | Sequence[str] | None) -> list[str]:
    """Nothing, one expression or several, as a list."""
    if given is None:
        return []
    return [given] if isinstance(given, str) else list(given)
