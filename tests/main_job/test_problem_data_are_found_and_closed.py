"""The county screens its register, puts right what it found, and the published figure is what the screening says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.main_job.conftest import Done, jingzhun

FOUND_AND_CORRECTED, STILL_OPEN = 15_434, 36


@pytest.fixture(scope="session")
def before(county: Done, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The snapshot that was screened: without the rows that the screening led to."""
    out = tmp_path_factory.mktemp("before")
    folders = [str(county.files / name) for name in ("1_首次报送", "2_补报")]
    jingzhun("run", *folders, "--out", str(out), "--json")
    return out / "snapshot"


@pytest.fixture(scope="session")
def checked(county: Done, before: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(jingzhun("check", str(county.snapshot), "--since", str(before), "--json"))
    return said


def total(rules: list[dict[str, Any]], name: str, severities: str = "EST") -> int:
    return sum(rule[name] for rule in rules if rule["severity"] in severities)


def test_what_was_corrected_is_the_published_figure(checked: dict[str, Any]) -> None:
    assert total(checked["rules"], "corrected") == FOUND_AND_CORRECTED
    assert total(checked["rules"], "open", "E") == STILL_OPEN


def test_townships_add_up_to_the_county(checked: dict[str, Any]) -> None:
    for name in ("found", "corrected", "exempt", "open"):
        assert total(checked["divisions"], name) == total(checked["rules"], name)


def test_every_row_of_the_ledger_is_a_problem_that_was_found(county: Done, before: Path) -> None:
    """Recall and precision of the screening on what was planted, kind by kind: nothing missed, nothing invented."""
    ledger = duckdb.sql(
        f"SELECT rule, problem_no FROM '{county.snapshot}/problem_record.parquet' ORDER BY problem_no"
    ).fetchall()
    listed = json.loads(jingzhun("findings", str(before), "--limit", "100000", "--json"))
    planted = {rule for rule, _ in ledger}
    found = sorted((row["rule"], row["finding_no"]) for row in listed if row["rule"] in planted)
    assert found == sorted(ledger)


def test_corrections_of_the_ledger_are_no_mere_claims(checked: dict[str, Any]) -> None:
    assert total(checked["rules"], "claimed") == 0
