"""Where regions are: by code on a day, above, below, and what one is to another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from jingzhun_web.regions.models import Region


def region_on(code: str, day: date) -> Region | None:
    """The division of this code on a day; an abolished one as it was last, so that old rows keep their place."""
    return Region.objects.filter(code=code, valid_from__lte=day).order_by("-valid_from").first()


def path_on(code: str, day: date) -> str:
    """The path of a code on a day; empty if there was no such division."""
    found = region_on(code, day)
    return found.path if found else ""


def paths_on(codes: Sequence[str], day: date) -> dict[str, str]:
    """Paths of several codes at once."""
    rows = Region.objects.filter(code__in=set(codes), valid_from__lte=day).order_by("valid_from")
    return dict(rows.values_list("code", "path"))


def codes_within(path: str) -> QuerySet[Region, str]:
    """Codes of a division and all below it, on any day, as a sub-query."""
    return Region.objects.within(path).values_list("code", flat=True)


def children_of(region: Region, day: date) -> QuerySet[Region]:
    return Region.objects.on(day).within(region.path).filter(level=region.level + 1).order_by("code")


def line_of(region: Region, day: date) -> list[Region]:
    """The division and all above it, the province first."""
    codes = region.path.rstrip("/").split("/")
    found = {one.code: one for one in Region.objects.on(day).filter(code__in=codes)}
    return [found[code] for code in codes if code in found]


def whole_name(code: str, day: date) -> str:
    """The names from the county down, as people write an address; the code itself where it is unknown."""
    region = region_on(code, day)
    if region is None:
        return code
    line = line_of(region, day)
    return "".join(one.name for one in line if one.level >= min(3, region.level)) or region.name


def is_loaded() -> bool:
    return Region.objects.exists()
