"""Divisions of a policy pack, for the region tree."""

from __future__ import annotations

from collections.abc import Iterator

from jingzhun.policy import load_pack
from jingzhun_web.audit.services import Actor
from jingzhun_web.regions.services import Division, take_in


def take_in_pack(by: Actor, pack: str) -> int:
    """Add the divisions of a pack, with their dates; how many were not there yet."""
    return take_in(by, _divisions(pack), f"policy pack {pack}")


def _divisions(pack: str) -> Iterator[Division]:
    for row in load_pack(pack).divisions.rows:
        yield Division(row.region_code, row.name, row.level, row.parent_code, row.valid_from, row.valid_to)
