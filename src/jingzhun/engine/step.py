"""A step is named SQL. What to compute is said here; running it is an engine's job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa


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
    """A step could not be run. The message carries its name, the engine's words and the whole SQL."""

    def __init__(self, step: Step, reason: str) -> None:
        super().__init__(f"步骤 {step.name} 执行失败 / step {step.name} failed: {reason}\n{step.sql}")
        self.step, self.reason = step, reason


class Engine(Protocol):
    """What the rooms ask of an engine."""

    trace: list[Traced]

    def run(self, step: Step) -> None:
        """Run one step; raises ``StepFailed``."""

    def load(self, name: str, table: pa.Table) -> None:
        """Store an Arrow table under a name."""

    def arrow(self, sql: str) -> pa.Table:
        """The result of a query as an Arrow table."""

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """The result of a query as dictionaries; for small results."""
