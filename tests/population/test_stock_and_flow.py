"""Opening register plus events gives the closing register, in every village, for any seed."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingzhun.policy import Pack
from jingzhun.population import generate
from tests.population.conftest import COUNTY, YEAR_END, Made, opened

SIGNS = """(VALUES ('新识别', 1), ('自然增加', 1), ('拆户', 1),
    ('自然减少', -1), ('并户', -1), ('销户', -1), ('清退', -1)) s(kind, sign)"""
MOVES = {"household": "household_event", "person": "person_code IS NOT NULL"}
STOCKS = {
    "register": ("true", "coalesce(sign, 0)"),
    "poor": (
        "exit_status IN ('未脱贫', '返贫', '预脱贫')",
        "CASE WHEN kind IN ('新识别', '返贫') THEN 1 WHEN kind = '脱贫' THEN -1 "
        "WHEN stock = '贫困' THEN sign ELSE 0 END",
    ),
}
"""Rows of a register that are in the stock, and what an event changes in it."""


def villages_out_of_balance(tables: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Stock and unit → villages whose identity does not hold."""
    return {
        f"{table} {stock}": int(tables.execute(_question(table, *STOCKS[stock])).fetchall()[0][0])
        for table in MOVES
        for stock in STOCKS
    }


def _question(table: str, within: str, change: str) -> str:
    return f"""
        WITH stock AS (
            SELECT region_code, sum(CASE WHEN data_year = 2018 THEN 1 ELSE -1 END) AS moved
            FROM {table} WHERE {within} GROUP BY 1),
        flow AS (
            SELECT region_code, sum({change}) AS moved
            FROM adjustment_event LEFT JOIN {SIGNS} USING (kind) WHERE {MOVES[table]} GROUP BY 1)
        SELECT count(*) FROM stock FULL JOIN flow USING (region_code)
        WHERE coalesce(stock.moved, 0) <> coalesce(flow.moved, 0)"""


def test_the_identity_holds_in_every_village_of_the_county(county: Made) -> None:
    assert set(villages_out_of_balance(county.tables).values()) == {0}


def test_the_identity_holds_in_every_village_of_the_area(area: Made) -> None:
    assert set(villages_out_of_balance(area.tables).values()) == {0}


@given(seed=st.integers(0, 10_000), persons=st.integers(3_000, 9_000))
@settings(max_examples=6, deadline=None)
def test_the_identity_holds_for_any_seed_and_scale(pack: Pack, seed: int, persons: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        generate(pack, Path(folder), region=COUNTY, as_of=YEAR_END, seed=seed, persons=persons, form="snapshot")
        assert set(villages_out_of_balance(opened(Path(folder))).values()) == {0}


@pytest.mark.parametrize("kind", ["新识别", "清退", "自然减少", "脱贫", "拆户", "并户", "销户"])
def test_the_harness_sees_a_lost_event(county: Made, kind: str) -> None:
    """Sabotage: without the events of one kind the identity must break somewhere."""
    twin = opened(county.folder / "truth")
    twin.execute("CREATE TABLE fewer AS SELECT * FROM adjustment_event WHERE kind <> ?", [kind])
    twin.execute("DROP VIEW adjustment_event")
    twin.execute("ALTER TABLE fewer RENAME TO adjustment_event")
    assert sum(villages_out_of_balance(twin).values()) > 0


def test_an_event_of_a_whole_household_is_marked_once(county: Made) -> None:
    marked = """SELECT min(n), max(n) FROM (SELECT count(*) FILTER (household_event) AS n FROM adjustment_event
        WHERE kind IN ('新识别', '清退', '返贫', '脱贫') GROUP BY kind, household_code)"""
    assert county.row(marked) == (1, 1)


def test_splits_and_mergers_move_no_person(county: Made) -> None:
    kinds = "('拆户', '并户', '销户')"
    alone = f"SELECT count(person_code), bool_and(household_event) FROM adjustment_event WHERE kind IN {kinds}"
    assert county.row(alone) == (0, True)


def test_every_event_stands_within_the_period(county: Made) -> None:
    assert county.row(
        "SELECT min(occurred_on) >= DATE '2017-01-01', max(occurred_on) <= DATE '2018-12-31' FROM adjustment_event"
    ) == (True, True)
