"""How values of a code list are written in the field, and which canonical label each spelling means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Protocol

_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_SEPARATORS = re.compile(r"[,;、|/]")
_CODE_FIRST = re.compile(r"\(?[0-9a-z]+\)?[-_.:、]*(?P<rest>[^0-9a-z].*)")
_CODE_LAST = re.compile(r"(?P<rest>.+?)\([0-9a-z]+\)")


class Item(Protocol):
    """What a value of a code list is known by."""

    @property
    def label(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...


def search_key(text: str) -> str:
    """The text without width, case, spaces and invisible characters. For comparing only, never for storing."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()


def spellings(item: Item) -> Iterator[str]:
    """Search keys of a value, the surest first: label, aliases, code, code without leading zeros."""
    yield search_key(item.label)
    yield from map(search_key, item.aliases)
    if item.code:
        code = search_key(item.code)
        yield code
        yield code.lstrip("0") or "0"


class Spellings:
    """Every spelling of a code list's values. A spelling that two values share means neither."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._labels: dict[str, str | None] = {}
        for item in items:
            for key in dict.fromkeys(spellings(item)):
                known = self._labels.setdefault(key, item.label)
                if known != item.label:
                    self._labels[key] = None

    @property
    def shared(self) -> list[str]:
        """Spellings that more than one value claims."""
        return [key for key, label in self._labels.items() if label is None]

    def one(self, text: str) -> str | None:
        """The label that ``text`` means: a label, an alias, a code, or a label with its code such as 2-一般贫困户."""
        key = search_key(text)
        for written in (key, key.lstrip("0")):
            if written in self._labels:
                return self._labels[written]
        for pattern in (_CODE_FIRST, _CODE_LAST):
            match = pattern.fullmatch(key)
            if match and match["rest"] in self._labels:
                return self._labels[match["rest"]]
        return None

    def several(self, text: str) -> str | None:
        """Several values in one cell as labels joined by a comma; None when any of them is unknown."""
        whole = self.one(text)
        if whole is not None:
            return whole
        parts = [part for part in _SEPARATORS.split(unicodedata.normalize("NFKC", text)) if part.strip()]
        labels = [self.one(part) for part in parts]
        if not labels or None in labels:
            return None
        return ",".join(dict.fromkeys(label for label in labels if label))
