"""How names sound and look, as keys. Equal keys: a clerk who hears or copies one name may write the other.

Characters are replaced one for one, so a key has as many characters as its name; only distinct names are worked on.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

import pyarrow as pa
from pypinyin.pinyin_dict import pinyin_dict

from jingzhun.engine import Engine, quoted

_MERGED = (("zh", "z"), ("ch", "c"), ("sh", "s"))
"""Initials that northern and Jin speech does not keep apart; -ng and -n are merged as well."""
_SIGNS = 0xE000
"""First code point of the private use area: each syllable gets a sign of its own there."""


def spell(engine: Engine, name: str, texts: str, shapes: Mapping[str, str]) -> None:
    """Load ``name``: each distinct ``name`` of the query ``texts`` with its ``sound`` and ``shape``."""
    found = engine.arrow(f"SELECT DISTINCT name FROM ({texts}) WHERE name IS NOT NULL")["name"]
    # One text for all names: translate() walks it once. No name holds a line break, intake has seen to that.
    joined = "\n".join(text.replace("\n", " ") for text in found.to_pylist())
    keys = {"sound": joined.translate(_sounds()), "shape": joined.translate(_shapes(shapes))}
    table = {key: pa.array(text.split("\n") if joined else [], pa.string()) for key, text in keys.items()}
    engine.load(name, pa.table({"name": found.combine_chunks(), **table}))


def spelt(name: str) -> str:
    """A join condition's column for a name that may hold a line break."""
    return f"replace({name}, {quoted(chr(10))}, ' ')"


@cache
def _sounds() -> dict[int, int]:
    signs: dict[str, int] = {}
    return {
        letter: _SIGNS + signs.setdefault(_syllable(readings.split(",")[0]), len(signs))
        for letter, readings in pinyin_dict.items()
    }


def _syllable(reading: str) -> str:
    """A reading without its tone, in the sounds that are kept apart."""
    plain = "".join(part for part in unicodedata.normalize("NFD", reading) if not unicodedata.combining(part))
    for written, heard in _MERGED:
        plain = plain.replace(written, heard)
    return plain.removesuffix("g") if plain.endswith("ng") else plain


def _shapes(shapes: Mapping[str, str]) -> dict[int, str]:
    return {ord(letter): stands for letter, stands in shapes.items()}


def shapes_of(groups: Iterable[str]) -> dict[str, str]:
    """Every character of a group of look-alikes and the one that stands for all of them."""
    return {letter: group[0] for group in groups for letter in group}
