"""A step is named SQL. What to compute is said here; running it is an engine's job."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from jingzhun.model.shown import masked


@dataclass(frozen=True, slots=True)
class Step:
    """``CREATE TABLE name AS sql``, in DuckDB's dialect; other engines translate it.

    ``view`` steps are only named, not stored. ``about`` is one sentence for the explain page.
    """

    name: str
    sql: str
    about: str = ""
    view: bool = False


@dataclass(frozen=True, slots=True)
class Traced:
    """A step that ran: how many rows it gave and how long it took (seconds)."""

    step: Step
    rows: int
    seconds: float


class StepFailed(RuntimeError):
    """A step could not be run. The message carries its name, the engine's words, masked, and the whole SQL."""

    def __init__(self, step: Step, reason: str) -> None:
        self.step, self.reason = step, masked(reason)  # an engine's words may hold a value of the data
        super().__init__(f"步骤 {step.name} 执行失败 / step {step.name} failed: {self.reason}\n{step.sql}")


class EngineMissing(RuntimeError):
    """The engine that was asked for is not installed. ``zh`` and ``en`` say what to install."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.zh, self.en = zh, en


class Engine(Protocol):
    """What the rooms ask of an engine. SQL is DuckDB's; an engine that speaks another dialect translates it."""

    trace: list[Traced]

    def close(self) -> None:
        """Give back everything that the engine holds."""

    def read_parquet(self, name: str, paths: Iterable[Path]) -> None:
        """Name Parquet files as a table without loading them."""

    def execute(self, sql: str) -> None:
        """Run a statement that is not a step; raises ``StepFailed``."""

    def value(self, sql: str) -> Any:
        """The single value of a query."""

    def copy_to_parquet(self, sql: str, path: Path) -> None:
        """Write a query's rows to one Parquet file, in order."""

    def run(self, step: Step) -> None:
        """Run one step; raises ``StepFailed``."""

    def load(self, name: str, table: pa.Table) -> None:
        """Store an Arrow table under a name."""

    def arrow(self, sql: str) -> pa.Table:
        """The result of a query as an Arrow table."""

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """The result of a query as dictionaries; for small results."""
