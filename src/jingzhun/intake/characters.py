"""Characters that spreadsheets carry unseen, and the two ways of folding text: for numbers, and only for comparing."""

from __future__ import annotations

import re
import unicodedata

EDGES = " \t\r\n\u3000\u00a0"
INVISIBLE = re.compile("[\ufeff\u200b-\u200d\u2060\u00ad]")
BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
SUBSTITUTE = re.compile("[?？□〓\u2ff0-\u2ffb\ue000-\uf8ff\U000f0000-\U0010ffff]")
ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})
ODD_DIGIT = re.compile(
    "["
    + "".join(
        letter
        for letter in map(chr, range(0x80, 0x20000))
        if not "\uff10" <= letter <= "\uff19" and re.search("[0-9]", unicodedata.normalize("NFKC", letter))
    )
    + "]"
)
"""Superscripts, circled and other characters that folding would turn into digits: 5² is not 52."""
BLANK_MARKS = frozenset({"/", "\\", "-", "—", "——", "－", "无", "暂无", "空"})
DITTO = frozenset({"同上", "〃", "″", '"', "''", "〞", "′′"})


def folded(text: str) -> str:
    """Width and invisible characters folded away: for identity numbers, numbers, dates, codes. Never for names."""
    plain = unicodedata.normalize("NFKC", INVISIBLE.sub("", text))
    plain = BIDI.sub("", CONTROL.sub("", plain)).strip()
    return unwrapped(plain)


def unwrapped(text: str) -> str:
    """Without the apostrophe or ``="…"`` that keeps a spreadsheet program from turning digits into a number."""
    if text.startswith('="') and text.endswith('"'):
        return text[2:-1]
    return text[1:] if text.startswith("'") else text
