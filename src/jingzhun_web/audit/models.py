"""Entries of the trail and the rows under them. Only ``services`` writes them; nothing ever changes them."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from jingzhun_web.audit.chain import ENTRY_COLUMNS, ROW_COLUMNS, StoredEntry, StoredRow


class Kind(models.TextChoices):
    """What an entry tells of."""

    CHANGE = "change"
    READ = "read"
    EVENT = "event"


class Entry(models.Model):
    """Who did what to which object, when, in which post, what for, in which request; and the link to the one before.

    Times and details are texts, because what is hashed must be what is stored, byte by byte.
    """

    sequence = models.BigIntegerField(primary_key=True)
    at = models.CharField(max_length=40)
    claimed_at = models.CharField(max_length=40, blank=True)
    person_id = models.BigIntegerField(null=True)
    person = models.CharField(max_length=150)
    post = models.CharField(max_length=200, blank=True)
    purpose = models.TextField(blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    region_code = models.CharField(max_length=12, blank=True)
    detail = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    change_id = models.CharField(max_length=36, unique=True)
    row_count = models.BigIntegerField()
    rows_root = models.CharField(max_length=64)
    algorithm = models.CharField(max_length=10)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        indexes = (
            models.Index(fields=["object_type", "object_id", "sequence"], name="entry_by_object"),
            models.Index(fields=["person_id", "sequence"], name="entry_by_person"),
            models.Index(fields=["region_code", "sequence"], name="entry_by_region"),
        )

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"

    def stored(self) -> StoredEntry:
        return StoredEntry(*(getattr(self, name) for name in ENTRY_COLUMNS))


class EntryRow(models.Model):
    """One row that a change touched, or one object that was looked at; several may be under one entry."""

    change_id = models.CharField(max_length=36)
    position = models.BigIntegerField()
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=64)
    region_code = models.CharField(max_length=12, blank=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["change_id", "position"], name="row_of_change"),)
        indexes = (models.Index(fields=["object_type", "object_id", "id"], name="row_by_object"),)

    def __str__(self) -> str:
        return f"{self.change_id} {self.position}"

    def stored(self) -> StoredRow:
        return StoredRow(*(getattr(self, name) for name in ROW_COLUMNS))
