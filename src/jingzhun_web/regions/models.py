"""The region tree, effective-dated: a division that moves or is renamed gets a new row, the old one an end."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from jingzhun_web.audit.kept import Kept, KeptQuerySet

LEVELS = {1: "province", 2: "prefecture", 3: "county", 4: "township", 5: "village"}


class RegionQuerySet(KeptQuerySet["Region"]):
    def on(self, day: date) -> Self:
        """Divisions in force on a day; ``valid_to`` is the first day on which they no longer are."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)

    def within(self, path: str) -> Self:
        """A division and everything below it."""
        return self.filter(path__startswith=path)


class Region(Kept):
    """One division for as long as it keeps its name and its place in the tree."""

    code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField(choices=LEVELS)
    path = models.CharField(max_length=80)
    """Codes from the province down to itself, each with a slash behind it: what lies below starts with it."""
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects: ClassVar[models.Manager[Self]] = models.Manager.from_queryset(RegionQuerySet)()

    class Meta(Kept.Meta):
        constraints = (models.UniqueConstraint(fields=["code", "valid_from"], name="region_from_a_day"),)
        indexes = (models.Index(fields=["path"], name="region_by_path"),)

    def __str__(self) -> str:
        return self.name

    def region_of_record(self) -> str:
        return self.code

    @property
    def parent_code(self) -> str:
        above = self.path.rstrip("/").split("/")[:-1]
        return above[-1] if above else ""
