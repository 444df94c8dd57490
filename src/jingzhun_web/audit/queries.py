"""What the trail says: the whole of it for the verifier, parts of it for pages."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import QuerySet

from jingzhun_web.audit.chain import ENTRY_COLUMNS, ROW_COLUMNS, Anchor, Proof, StoredEntry, StoredRow, Trail, prove
from jingzhun_web.audit.kept import Kept
from jingzhun_web.audit.models import Entry, EntryRow, Kind

PAGE = 50


def whole_trail(anchors: Sequence[Anchor] = ()) -> Trail:
    """Everything, streamed from the database in the order of the chain."""
    return Trail(_entries(), _rows(), _strays(), anchors)


def head() -> Anchor | None:
    found = Entry.objects.order_by("-sequence").values_list("sequence", "hash").first()
    return Anchor(*found) if found else None


def _entries() -> Iterator[StoredEntry]:
    columns = ", ".join(f'"{name}"' for name in ENTRY_COLUMNS)
    for values in _streamed(f'SELECT {columns} FROM "{Entry._meta.db_table}" ORDER BY sequence'):
        yield StoredEntry(*values)


def _rows() -> Iterator[StoredRow]:
    columns = ", ".join(f'r."{name}"' for name in ROW_COLUMNS)
    sql = (
        f'SELECT {columns} FROM "{Entry._meta.db_table}" e JOIN "{EntryRow._meta.db_table}" r '
        "ON r.change_id = e.change_id ORDER BY e.sequence, r.position"
    )
    for values in _streamed(sql):
        yield StoredRow(*values)


def _strays() -> list[StoredRow]:
    columns = ", ".join(f'r."{name}"' for name in ROW_COLUMNS)
    sql = (
        f'SELECT {columns} FROM "{EntryRow._meta.db_table}" r WHERE NOT EXISTS '
        f'(SELECT 1 FROM "{Entry._meta.db_table}" e WHERE e.change_id = r.change_id) LIMIT 1'
    )
    return [StoredRow(*values) for values in _streamed(sql)]


def _streamed(sql: str) -> Iterator[tuple[Any, ...]]:
    """Rows of a query without holding them all: a cursor of its own, on the server where the database has such."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while batch := cursor.fetchmany(2000):
            yield from batch


def proof_of(entry: Entry, position: int) -> tuple[StoredRow, Proof]:
    """One row of an entry and what shows that it belongs to it; IndexError if there is no such row."""
    rows = [row.stored() for row in EntryRow.objects.filter(change_id=entry.change_id).order_by("position")]
    return rows[position], prove(entry.algorithm, rows, position)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one row, before and after."""

    object_type: str
    object_id: str
    field: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as a page shows it."""

    entry: Entry
    when: datetime
    differences: tuple[Difference, ...]
    fields: tuple[str, ...]
    more: int


def entries_about(object_type: str, object_id: str, before: int | None = None) -> list[Told]:
    """What happened to an object, the newest first: entries about it and entries that touched its row."""
    touched = EntryRow.objects.filter(object_type=object_type, object_id=object_id).values("change_id")
    about = _older(Entry.objects.filter(object_type=object_type, object_id=object_id), before)
    # Two queries, each along its own index, rather than one with OR that has none.
    found = {entry.sequence: entry for entry in (*about, *_older(Entry.objects.filter(change_id__in=touched), before))}
    newest = sorted(found, reverse=True)[:PAGE]
    return _told((found[sequence] for sequence in newest), of=(object_type, object_id))


def entries_of(person_id: int, before: int | None = None) -> list[Told]:
    """What a person did, the newest first."""
    return _told(_older(Entry.objects.filter(person_id=person_id), before))


def entries_in(region_codes: Iterable[str] | QuerySet[Any], before: int | None = None) -> list[Told]:
    """What happened in an area, the newest first."""
    return _told(_older(Entry.objects.filter(region_code__in=region_codes), before))


def reads_of(object_type: str, object_id: str, before: int | None = None) -> list[Told]:
    """Who looked at the sensitive fields of an object, the newest first."""
    seen = EntryRow.objects.filter(object_type=object_type, object_id=object_id).values("change_id")
    return _told(_older(Entry.objects.filter(kind=Kind.READ, change_id__in=seen), before), of=(object_type, object_id))


def _older(entries: QuerySet[Entry], before: int | None) -> QuerySet[Entry]:
    chosen = entries if before is None else entries.filter(sequence__lt=before)
    return chosen.order_by("-sequence")[:PAGE]


HIDDEN = "••••"
SHOWN_ROWS = 20
"""Rows of one entry that a page shows; the others are counted."""


def _told(entries: Iterable[Entry], of: tuple[str, str] | None = None) -> list[Told]:
    return [_tell(entry, of) for entry in entries]


def _tell(entry: Entry, of: tuple[str, str] | None) -> Told:
    rows = EntryRow.objects.filter(change_id=entry.change_id)
    if of:
        rows = rows.filter(object_type=of[0], object_id=of[1])
    shown = list(rows.order_by("position")[:SHOWN_ROWS])
    detail = json.loads(entry.detail) if entry.detail else {}
    differences = () if entry.kind == Kind.READ else tuple(one for row in shown for one in _differences(row))
    hidden = 0 if of else max(entry.row_count - len(shown), 0)
    return Told(entry, datetime.fromisoformat(entry.at), differences, tuple(detail.get("fields", ())), hidden)


def _differences(row: EntryRow) -> Iterator[Difference]:
    before, after = (json.loads(text) if text else {} for text in (row.before, row.after))
    hidden = _sensitive().get(row.object_type, ())
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            states = (before.get(name), after.get(name))
            shown = (HIDDEN if state and name in hidden else state for state in states)
            yield Difference(row.object_type, row.object_id, name, *shown)


@cache
def _sensitive() -> dict[str, Collection[str]]:
    """Columns that are not shown, by the name under which the trail knows a model."""
    return {model.object_type(): model.SENSITIVE_FIELDS for model in apps.get_models() if issubclass(model, Kept)}
