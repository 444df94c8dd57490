"""Every named situation of the pack: the facts it states, and the outcome each criterion must have."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml

from jingzhun.engine import DuckDBEngine, Step, quoted
from jingzhun.exits import exit_steps
from jingzhun.model import TABLES
from tests.answers import printed

FILES = sorted((printed.pack().root / "tests" / "situations").glob("*.yaml"))
SITUATIONS = [
    pytest.param(document["standard"], situation, id=situation["zh"])
    for document in (yaml.safe_load(path.read_text("utf-8")) for path in FILES)
    for situation in document["situations"]
]


def judged(standard: str, facts: dict[str, Any], as_of: date) -> dict[str, bool | None]:
    subject = printed.pack().exits[standard].subject
    with DuckDBEngine() as engine:
        for name in ("household_facts", "village_facts", "county_facts"):
            engine.run(stated(name, facts if name == f"{subject}_facts" else None))
        for step in exit_steps(printed.pack(), as_of):
            engine.run(step)
        return {row["criterion"]: row["passed"] for row in engine.rows("SELECT criterion, passed FROM exit_test")}


def stated(name: str, facts: dict[str, Any] | None) -> Step:
    """A facts table with one row of the stated facts, everything else unknown; or with no row."""
    known = {column: "NULL" if fact is None else quoted(str(fact)) for column, fact in (facts or {}).items()}
    columns = ", ".join(
        f"CAST({known.get(column.name, 'NULL')} AS {column.sql_type}) AS {column.name}"
        for column in TABLES[name].all_columns
    )
    return Step(name, f"SELECT {columns}" + ("" if facts is not None else " WHERE false"))


@pytest.mark.parametrize(("standard", "situation"), SITUATIONS)
def test_the_situation_has_its_outcome(standard: str, situation: dict[str, Any]) -> None:
    found = judged(standard, situation["facts"], situation["as_of"])
    wanted = situation["outcome"]
    assert {criterion: found[criterion] for criterion in wanted} == wanted


def test_every_criterion_is_decided_both_ways_by_some_situation() -> None:
    decided: dict[tuple[str, str], set[bool | None]] = {}
    for standard, situation in (param.values for param in SITUATIONS):
        for criterion, outcome in situation["outcome"].items():
            decided.setdefault((standard, criterion), set()).add(outcome)
    for standard in printed.pack().exits.values():
        for criterion in standard.criteria:
            assert {True, False} <= decided[standard.id, criterion.id], criterion.id


def test_a_missing_fact_never_passes() -> None:
    for standard in printed.pack().exits:
        assert True not in judged(standard, {}, date(2018, 12, 31)).values()
