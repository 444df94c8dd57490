"""Taking divisions in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jingzhun_web.audit.services import Actor, recorded
from jingzhun_web.regions.models import Region


@dataclass(frozen=True, slots=True)
class Division:
    """One division as a source gives it; ``parent_code`` is empty at the top."""

    code: str
    name: str
    level: int
    parent_code: str
    valid_from: date
    valid_to: date | None = None


class BrokenTree(ValueError):
    """A division hangs under one that the source does not have."""

    def __init__(self, code: str, parent_code: str) -> None:
        super().__init__(f"{code} is under {parent_code}, which is not among the divisions")
        self.code, self.parent_code = code, parent_code


def take_in(by: Actor, divisions: Iterable[Division], source: str) -> int:
    """Add the divisions that are not there yet, by code and first day; how many were added.

    One entry of the trail over all of them. What is there already is left alone, so the same source twice is nothing.
    """
    given = list(divisions)
    there = set(Region.objects.values_list("code", "valid_from"))
    missing = [one for one in given if (one.code, one.valid_from) not in there]
    if not missing:
        return 0
    parents = {day: _parents(given, day) for day in {one.valid_from for one in missing}}
    with recorded(by, "regions.take_in", purpose=source):
        Region.objects.bulk_create([_region(one, parents[one.valid_from]) for one in missing])
    return len(missing)


def _parents(given: list[Division], day: date) -> dict[str, str]:
    """What is above each division on a day. A division whose upper one moves needs a row of its own from that day."""
    rows = sorted(given, key=lambda one: (one.valid_from <= day, one.valid_from))
    return {one.code: one.parent_code for one in rows}


def _region(division: Division, parents: dict[str, str]) -> Region:
    return Region(
        code=division.code,
        name=division.name,
        level=division.level,
        path=_path(division, parents),
        valid_from=division.valid_from,
        valid_to=division.valid_to,
    )


def _path(division: Division, parents: dict[str, str]) -> str:
    codes, above = [division.code], division.parent_code
    while above:
        if above not in parents or above in codes:
            raise BrokenTree(codes[-1], above)
        codes.append(above)
        above = parents[above]
    return "".join(f"{code}/" for code in reversed(codes))
