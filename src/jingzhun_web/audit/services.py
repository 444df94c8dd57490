"""The one way to write: say who, what and why, make the change, and its entry is in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection, transaction

from jingzhun_web.audit import anchors, guards
from jingzhun_web.audit.chain import ENTRY_COLUMNS, GENESIS, Anchor, StoredEntry, entry_hash
from jingzhun_web.audit.kept import Gathering, Kept, Row, _open, canonical
from jingzhun_web.audit.models import Entry, Kind

CHAIN_LOCK = 7_216_000_117
"""The number of PostgreSQL's advisory lock under which the chain grows; any number that nobody else uses."""

SERVER = "(server)"
"""Who acts when a command is run on the server itself; parentheses, because no user name has any."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person in a post, in a request. ``claimed_at`` is when a device says that it happened."""

    person: str
    person_id: int | None = None
    post: str = ""
    request_id: str = ""
    claimed_at: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What an entry is about, as the trail knows it."""

    object_type: str = ""
    object_id: str = ""
    region_code: str = ""

    @classmethod
    def of(cls, instance: Kept) -> About:
        return cls(instance.object_type(), str(instance.pk), instance.region_of_record())


@dataclass(slots=True)
class Change:
    """A change that is being recorded. A new object is known only after it was saved: then call ``concerns``."""

    by: Actor
    action: str
    purpose: str
    kind: Kind
    gathering: Gathering
    about: About
    detail: Row

    def concerns(self, instance: Kept) -> None:
        self.about = About.of(instance)


_finished: ContextVar[list[Change] | None] = ContextVar("finished_changes", default=None)


@contextmanager
def recorded(
    by: Actor,
    action: str,
    *,
    about: About | Kept | None = None,
    purpose: str = "",
    kind: Kind = Kind.CHANGE,
    detail: Row | None = None,
) -> Iterator[Change]:
    """Everything written inside is one entry of the trail, in one transaction: both are there or neither is.

    Inside another recorded change it is an entry of its own within the same transaction. The entries are chained at
    the very end, so that the lock on the chain is held for a moment only, and always taken last.
    """
    subject = About.of(about) if isinstance(about, Kept) else about or About()
    gathering = Gathering(settings.JINGZHUN.hash)
    change = Change(by, action, purpose, kind, gathering, subject, detail or {})
    finished = _finished.get()
    token = _open.set(gathering)
    try:
        if finished is None:
            with transaction.atomic(), guards.opened(connection):
                yield from _outermost(change)
        else:
            with transaction.atomic():
                yield change
                gathering.flush()
            finished.append(change)
    finally:
        _open.reset(token)


def _outermost(change: Change) -> Iterator[Change]:
    finished: list[Change] = []
    token = _finished.set(finished)
    try:
        yield change
        change.gathering.flush()
        _append([change, *finished])
    finally:
        _finished.reset(token)


def record(by: Actor, action: str, *, about: About | Kept | None = None, detail: Row | None = None) -> None:
    """An entry about something that changes no row of ours: somebody signed in, a second factor was added."""
    with recorded(by, action, about=about, kind=Kind.EVENT, detail=detail):
        pass


def record_read(by: Actor, looked_at: Iterable[Kept], fields: Iterable[str], purpose: str) -> None:
    """An entry about sensitive fields that somebody is going to see; write it before showing them."""
    named = {"fields": sorted(fields)}
    with recorded(by, "read", purpose=purpose, kind=Kind.READ, detail=named) as change:
        for instance in looked_at:
            change.concerns(instance)
            change.gathering.add_text(
                instance.object_type(), str(instance.pk), instance.region_of_record(), ("", canonical(named))
            )


def _append(changes: list[Change]) -> None:
    """Chain the entries of a transaction, in the order in which their changes were begun."""
    _lock_chain()
    last = Entry.objects.order_by("-sequence").values_list("sequence", "hash").first()
    sequence, previous = before, _ = last or (0, GENESIS)
    for change in changes:
        sequence += 1
        entry = _entry(change, sequence, previous)
        Entry.objects.bulk_create([Entry(**{name: getattr(entry, name) for name in ENTRY_COLUMNS})])
        previous = entry.hash
    transaction.on_commit(lambda: anchors.append_due(before, Anchor(sequence, previous)))


def _lock_chain() -> None:
    """One transaction at a time adds to the chain. On SQLite an IMMEDIATE transaction already is the only writer."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])


def _entry(change: Change, sequence: int, previous: str) -> StoredEntry:
    entry = StoredEntry(
        sequence=sequence,
        at=datetime.now(UTC).isoformat(timespec="microseconds"),
        claimed_at=change.by.claimed_at,
        person_id=change.by.person_id,
        person=change.by.person,
        post=change.by.post,
        purpose=change.purpose,
        kind=str(change.kind),
        action=change.action,
        object_type=change.about.object_type,
        object_id=change.about.object_id,
        region_code=change.about.region_code,
        detail=canonical(change.detail) if change.detail else "",
        request_id=change.by.request_id,
        change_id=change.gathering.change_id,
        row_count=change.gathering.tree.count,
        rows_root=change.gathering.tree.root(),
        algorithm=change.gathering.algorithm,
        previous=previous,
    )
    return replace(entry, hash=entry_hash(entry))
