"""Models that cannot be saved outside a recorded change, and what a change gathers by itself.

Whatever way of Django's ORM writes a kept model (save, delete, update, bulk_create, bulk_update), the row before and
after goes into the open change. So the trail is complete without anybody remembering it, and it is the only history
of rows that there is.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from operator import attrgetter
from typing import Any, ClassVar, TypeVar
from uuid import uuid4

from django.db import connection, models

from jingzhun_web.audit.chain import ROW_COLUMNS, Merkle, StoredRow

ROWS_TABLE = "jingzhun_entryrow"
INSERT_ROW = f"INSERT INTO {ROWS_TABLE} ({', '.join(ROW_COLUMNS)}) VALUES ({', '.join(['%s'] * len(ROW_COLUMNS))})"
_of_row = attrgetter(*ROW_COLUMNS)
BATCH = 500
"""Rows that are read, written or gathered at once: few enough for the parameters that SQLite allows."""
SECRET = "•••"  # noqa: S105 - not a secret, the mark for one
"""Stands for the value of a field that the trail must not hold, such as a password's hash."""

Row = dict[str, Any]


class OutsideTrail(RuntimeError):
    """Somebody tried to write a kept model without saying who, why and what for."""

    def __init__(self, model: str) -> None:
        super().__init__(
            f"{model} was to be written outside a recorded change; wrap the write in audit.services.recorded(...)"
        )


@dataclass(slots=True)
class Gathering:
    """The rows of one change as they come in; written to the database in batches, summed up under one root."""

    algorithm: str
    change_id: str = field(default_factory=lambda: str(uuid4()))
    tree: Merkle = field(init=False)
    pending: list[StoredRow] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tree = Merkle(self.algorithm)

    def add(self, instance: Kept, before: Row | None, after: Row | None) -> None:
        """Take one changed row in; a save that changed nothing leaves nothing."""
        if before != after:
            self.add_text(
                instance.object_type(), str(instance.pk), instance.region_of_record(), _text(instance, before, after)
            )

    def add_text(self, object_type: str, object_id: str, region_code: str, texts: tuple[str, str]) -> None:
        row = StoredRow(self.change_id, self.tree.count, object_type, object_id, region_code, *texts)
        self.tree.add(row)
        self.pending.append(row)
        if len(self.pending) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Rows go in by plain SQL: building half a thousand models for each batch took longer than all the rest."""
        if self.pending:
            with connection.cursor() as cursor:
                cursor.executemany(INSERT_ROW, [_of_row(row) for row in self.pending])
        self.pending.clear()


_open: ContextVar[Gathering | None] = ContextVar("open_change", default=None)


def is_open() -> bool:
    return _open.get() is not None


def open_change(model: str) -> Gathering:
    """The change that is being recorded; OutsideTrail if there is none."""
    gathering = _open.get()
    if gathering is None:
        raise OutsideTrail(model)
    return gathering


def canonical(row: Row) -> str:
    """A row as text: the same row always gives the same text, on every database."""
    return _ENCODER.encode(row)


def _plain(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _text(instance: Kept, before: Row | None, after: Row | None) -> tuple[str, str]:
    """Both states as texts, secrets replaced: that one changed is told by a mark behind it."""
    if not instance.SECRET_FIELDS:
        return canonical(before) if before else "", canonical(after) if after else ""
    hidden_before, hidden_after = ({**row} if row else None for row in (before, after))
    for name in instance.SECRET_FIELDS:
        changed = before is not None and after is not None and before[name] != after[name]
        if hidden_before is not None:
            hidden_before[name] = SECRET
        if hidden_after is not None:
            hidden_after[name] = SECRET + ("*" if changed else "")
    return (canonical(hidden_before) if hidden_before else "", canonical(hidden_after) if hidden_after else "")


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(items)
    while batch := list(islice(source, BATCH)):
        yield batch


M = TypeVar("M", bound="Kept")


class KeptQuerySet(models.QuerySet[M]):
    """A query set whose writes go into the open change."""

    def update(self, **values: Any) -> int:
        gathering, changed = open_change(self.model.__name__), 0
        for keys in _batches(list(self.values_list("pk", flat=True))):
            before = self.model.stored(keys)
            changed += models.QuerySet.update(self.model._base_manager.filter(pk__in=keys), **values)
            self._gather(gathering, before, self.model.stored(keys))
        return changed

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        gathering = open_change(self.model.__name__)
        before = self.model.stored(list(self.values_list("pk", flat=True)))
        done = super().delete()
        self._gather(gathering, before, {})
        return done

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[M], *args: Any, **options: Any) -> list[M]:
        """As Django's, but rows that clash are an error: what stood there before could not be told."""
        if options.get("ignore_conflicts") or options.get("update_conflicts"):
            raise ValueError("a kept model is created or updated, never whichever happens to fit")
        gathering = open_change(self.model.__name__)
        made: list[M] = []
        for batch in _batches(objs):
            made += super().bulk_create(batch, *args, **options)
            for instance in batch:
                gathering.add(instance, None, instance.row())
        return made

    def _gather(self, gathering: Gathering, before: dict[Any, Row], after: dict[Any, Row]) -> None:
        for key, row in before.items():
            state = after.get(key)
            gathering.add(self.model(pk=key, **(state or row)), row, state)


class Kept(models.Model):
    """A model whose every change is in the trail."""

    SECRET_FIELDS: ClassVar[Collection[str]] = ()
    """Columns whose values the trail must not hold; that they changed it tells."""

    SENSITIVE_FIELDS: ClassVar[Collection[str]] = ()
    """Columns that the trail holds but its pages do not show: who may read the trail may not therefore see these."""

    objects: ClassVar[models.Manager[Any]] = models.Manager.from_queryset(KeptQuerySet)()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @classmethod
    def object_type(cls) -> str:
        """The name under which the trail knows rows of this model."""
        return cls._meta.model_name or cls.__name__.lower()

    def region_of_record(self) -> str:
        """The code of the region whose people may see this row's history; empty where it belongs to none."""
        return str(getattr(self, "region_code", "") or "")

    @classmethod
    @cache
    def columns(cls) -> list[models.Field[Any, Any]]:
        return [column for column in cls._meta.concrete_fields if not column.primary_key]

    @classmethod
    def stored(cls, keys: Sequence[Any]) -> dict[Any, Row]:
        """What the database holds for these keys, by key."""
        names = [column.attname for column in cls.columns()]
        found: dict[Any, Row] = {}
        for batch in _batches(keys):
            rows = cls._base_manager.filter(pk__in=batch).order_by("pk").values("pk", *names)
            found |= {row.pop("pk"): row | {} for row in rows}
        return found

    def row(self) -> Row:
        held = self.__dict__
        return {column.attname: held[column.attname] for column in self.columns()}

    def save(self, *args: Any, **options: Any) -> None:
        gathering = open_change(type(self).__name__)
        before = self.stored([self.pk]).get(self.pk) if self.pk is not None else None
        super().save(*args, **options)
        gathering.add(self, before, self.stored([self.pk])[self.pk])

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        gathering, key = open_change(type(self).__name__), self.pk
        before = self.stored([key]).get(key)
        done = super().delete(*args, **options)
        self.pk = key
        gathering.add(self, before, None)
        return done
