"""The pack under judgement, and how a fault is laid at the right file and line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from jingzhun.model import TABLES
from jingzhun.policy.pack import Pack
from jingzhun.policy.reader import Reader
from jingzhun.policy.source import Place


@dataclass(frozen=True, slots=True)
class Case:
    """A readable pack with the places of its parts."""

    pack: Pack
    reader: Reader

    def fault(self, part: str, place: Place, zh: str, en: str) -> None:
        """A fault of a YAML part, named ``kind:id`` or by its file, at ``place`` within the part."""
        document, start = self.reader.places[part]
        self.reader.fault(document.path, document.line((*start, *place)), zh, en)

    def row_fault(self, file: str, index: int, zh: str, en: str) -> None:
        """A fault of the row at ``index`` of a CSV file."""
        self.reader.fault(self.pack.root / file, self.reader.lines[file][index], zh, en)

    def file_fault(self, file: str, zh: str, en: str) -> None:
        """A fault of a file as a whole."""
        self.reader.fault(self.pack.root / file, 1, zh, en)

    def has(self, part: str) -> bool:
        """Whether the part comes from a file of the pack; ledger layouts do not."""
        return part in self.reader.places


def nearest(name: str, known: Iterable[str]) -> tuple[str, str]:
    """The next action for a name that does not exist: the closest known one, or a look at the spelling."""
    near = next(iter(get_close_matches(name, list(known), n=1)), "")
    if near:
        return f"；是否为“{near}”？", f"; did you mean {near!r}?"
    return "，请检查拼写。", "; check its spelling."


def field_of(table: str, field: str) -> tuple[str, str] | None:
    """``household.phone``, or ``phone`` of ``table``, as table and column; None where there is no such column."""
    owner, _, column = field.rpartition(".")
    owner = owner or table
    if owner not in TABLES or column not in TABLES[owner].column_names:
        return None
    return owner, column
