"""The stored trail itself, on whichever database the tests run: any value changed by SQL is found by the verifier."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from jingzhun_web.audit import guards, queries
from jingzhun_web.audit.chain import ENTRY_COLUMNS, ROW_COLUMNS, Anchor, verify
from jingzhun_web.audit.models import Entry, EntryRow
from jingzhun_web.audit.services import record
from tests.people import STAGE, Cast

SEED, EDITS = 11, 300
NUMBERS = {"sequence", "person_id", "row_count", "position"}


@pytest.fixture
def open_database(cast: Cast) -> Iterator[list[Anchor]]:
    """The triggers are gone, as they would be for the owner of the database; what was anchored is kept."""
    for _ in range(20):
        record(STAGE, "sign_in", about=cast.nobody)
    guards.remove(connection)
    yield [Anchor(one.sequence, one.hash) for one in Entry.objects.all()]


def edits(luck: random.Random) -> Iterator[tuple[str, list[object]]]:
    """One statement each, that changes one value of one row."""
    entries = list(Entry.objects.values_list("sequence", flat=True))
    rows = list(EntryRow.objects.values_list("id", flat=True))
    for _ in range(EDITS):
        if luck.random() < 0.6:
            column, key = luck.choice(ENTRY_COLUMNS), luck.choice(entries)
            yield _statement("jingzhun_entry", column, "sequence", luck), [key]
        else:
            column, key = luck.choice(ROW_COLUMNS), luck.choice(rows)
            yield _statement("jingzhun_entryrow", column, "id", luck), [key]


def _statement(table: str, column: str, key: str, luck: random.Random) -> str:
    if column in NUMBERS:
        return f"UPDATE {table} SET {column} = coalesce({column}, 0) + 100000 WHERE {key} = %s"
    value = luck.choice([f"substr({column}, 2) || 'x'", f"{column} || ' '", f"'x' || {column}"])
    if column in {"hash", "previous", "rows_root", "change_id", "algorithm", "region_code"}:
        value = f"'x' || substr({column}, 2)"  # these are as long as their columns are
    return f"UPDATE {table} SET {column} = {value} WHERE {key} = %s"


def test_every_value_that_is_changed_is_found(open_database: list[Anchor]) -> None:
    assert verify(queries.whole_trail(open_database)).fault is None
    missed, luck = [], random.Random(SEED)
    for statement, key in edits(luck):
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement, key)
                assert cursor.rowcount == 1
            if verify(queries.whole_trail(open_database)).fault is None:
                missed.append((statement, key))
            transaction.set_rollback(True)
    assert missed == []
