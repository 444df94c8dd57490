"""How names sound and look, as keys. Equal keys: a clerk who hears or copies one name may write the other.

Characters are replaced one for one, so a key has as many characters as its name; only distinct names are worked on.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pypinyin.pinyin_dict import pinyin_dict

from jingzhun.engine import Engine, quoted

_MERGED = (("zh", "z"), ("ch", "c"), ("sh", "s"))
"""Initials that northern and Jin speech does not keep apart; -ng and -n are merged as well."""
_SIGNS = 0xE000
"""First code point of the private use area: each syllable gets a sign of its own there."""


def spell(engine: Engine, name: str, texts: str, shapes: Mapping[str, str]) -> None:
    """Load ``name``: each distinct ``name`` of the query ``texts`` with its ``sound`` and ``shape``."""
    found = engine.arrow(f"SELECT DISTINCT name FROM ({texts}) WHERE name IS NOT NULL")["name"].combine_chunks()
    # One text for all names, so that it is walked once. No name holds a line break, intake has seen to that.
    lines = pa.ListArray.from_arrays(pa.array([0, len(found)], pa.int32()), pc.replace_substring(found, "\n", " "))
    joined = str(pc.binary_join(lines, "\n")[0].as_py())
    keys = {"sound": _replaced(joined, _sounds()), "shape": _replaced(joined, _shapes(shapes))}
    table = {key: pc.split_pattern(pa.array([text]), "\n").flatten() for key, text in keys.items()}
    engine.load(name, pa.table({"name": found, **(table if len(found) else dict.fromkeys(keys, found))}))


def _replaced(text: str, signs: Mapping[int, int]) -> str:
    """Every character for the one that stands for it."""
    all_of_them = np.arange(sys.maxunicode + 1, dtype=np.uint32)
    all_of_them[list(signs)] = list(signs.values())
    return all_of_them[np.frombuffer(text.encode("utf-32-le"), np.uint32)].tobytes().decode("utf-32-le")


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


def _shapes(shapes: Mapping[str, str]) -> dict[int, int]:
    return {ord(letter): ord(stands) for letter, stands in shapes.items()}


def shapes_of(groups: Iterable[str]) -> dict[str, str]:
    """Every character of a group of look-alikes and the one that stands for all of them."""
    return {letter: group[0] for group in groups for letter in group}
