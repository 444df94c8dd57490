"""The division tree with dates: which divisions existed on a day, and which one a set of names means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from jingzhun.policy.schema import DivisionRow

LEVELS = ("province", "prefecture", "county", "township", "village")
_SUFFIXES: dict[int, tuple[str, ...]] = {
    1: ("维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市"),
    2: ("自治州", "地区", "市", "盟"),
    3: ("自治县", "自治旗", "县", "区", "市", "旗"),
    4: ("街道办事处", "民族乡", "街道", "苏木", "镇", "乡"),
    5: ("嘎查", "社区", "村"),
}
"""What a name of each level may end in, the longest first."""
_COMMITTEES: tuple[tuple[str, str], ...] = (
    ("村民委员会", "村"),
    ("村委会", "村"),
    ("社区居民委员会", "社区"),
    ("居民委员会", "社区"),
    ("社区居委会", "社区"),
    ("居委会", "社区"),
)
"""How the committee of a village or community is written, and what the place itself is called."""


@dataclass(frozen=True, slots=True)
class Found:
    """What names resolved to: one code, or the candidates that are equally good, or nothing."""

    code: str | None
    candidates: tuple[str, ...] = ()


class DivisionTree:
    """The divisions in force on one day."""

    def __init__(self, rows: Iterable[DivisionRow]) -> None:
        self.rows = {row.region_code: row for row in rows}
        self._children: dict[str, list[str]] = defaultdict(list)
        self._by_name: dict[tuple[int, str], list[str]] = defaultdict(list)
        for row in self.rows.values():
            self._children[row.parent_code].append(row.region_code)
            for name in name_forms(row.name, row.level):
                self._by_name[row.level, name].append(row.region_code)

    def __contains__(self, code: str) -> bool:
        return code in self.rows

    def get(self, code: str) -> DivisionRow:
        return self.rows[code]

    def children(self, code: str) -> list[str]:
        return self._children.get(code, [])

    def ancestors(self, code: str) -> Iterator[str]:
        """``code`` itself, then its parent and so on to the province."""
        while code in self.rows:
            yield code
            code = self.rows[code].parent_code

    def under(self, code: str, level: int | None = None) -> list[str]:
        """``code`` and everything below it, or only the divisions of one level."""
        found, queue = [], [code]
        while queue:
            current = queue.pop()
            if current in self.rows and (level is None or self.rows[current].level == level):
                found.append(current)
            queue.extend(self.children(current))
        return sorted(found)

    def find(self, names: tuple[str, ...], within: str = "") -> Found:
        """Resolve names given from province down to village (empty where not given).

        The finest given name decides; every coarser given name must be among its ancestors. The fullest spelling
        that fits any division counts, so 水头社区 never means 水头村. ``within`` limits the search to one division.
        Several answers are candidates, never a guess.
        """
        given = [(level, name) for level, name in enumerate(names, start=1) if name.strip()]
        if not given:
            return Found(None)
        finest, name = given[-1]
        for form in name_forms(name, finest):
            fitting = [code for code in self._by_name.get((finest, form), []) if self._fits(code, given[:-1], within)]
            if len(fitting) == 1:
                return Found(fitting[0])
            if fitting:
                return Found(None, tuple(fitting))
        return Found(None)

    def _fits(self, code: str, coarser: list[tuple[int, str]], within: str) -> bool:
        line = {self.rows[ancestor].level: ancestor for ancestor in self.ancestors(code)}
        if within and within not in line.values():
            return False
        return all(level in line and _same_name(name, self.rows[line[level]].name, level) for level, name in coarser)


class Divisions:
    """All divisions of a pack in all periods."""

    def __init__(self, rows: Iterable[DivisionRow]) -> None:
        self.rows = tuple(rows)
        self.on = lru_cache(maxsize=8)(self._on)

    def _on(self, day: date) -> DivisionTree:
        return DivisionTree(
            row for row in self.rows if row.valid_from <= day and (row.valid_to is None or day < row.valid_to)
        )


def _same_name(given: str, registered: str, level: int) -> bool:
    return not set(name_forms(given, level)).isdisjoint(name_forms(registered, level))


@lru_cache(maxsize=16384)
def name_forms(name: str, level: int) -> tuple[str, ...]:
    """The spellings of a division's name, the fullest first: 水头村委会, 水头村, 水头. One character is no name."""
    full = "".join(name.split())
    place = _place_name(full) if level == 5 else full
    suffix = next((end for end in _SUFFIXES[level] if place.endswith(end)), "")
    bare = place.removesuffix(suffix)
    return tuple(dict.fromkeys((full, place, bare if len(bare) >= 2 else place)))


def _place_name(full: str) -> str:
    for committee, place in _COMMITTEES:
        if full.endswith(committee):
            stem = full.removesuffix(committee)
            return stem if stem.endswith(place) else stem + place
    return full
