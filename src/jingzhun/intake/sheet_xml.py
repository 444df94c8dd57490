"""The XML of an xlsx sheet, walked once: quickly where it is written as programs write it, by a parser elsewhere.

Both ways note the same things. The quick one looks at bytes and may be used only for pieces that ``usual`` has
passed: there every tag, cell and attribute is written in the one way in which the patterns below find it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np

from jingzhun.intake.facts import NOT_CALCULATED, WIDEST, SheetFacts, column_index
from jingzhun.intake.limits import Limits
from jingzhun.intake.package import Markup

_TRUE = ("1", "true")
_LONGEST_VALUE = 1000
"""Characters of a value that matter here: errors and codes are short, of others only whether there is one."""
_PLACE = re.compile(r"([A-Za-z]{1,4})([0-9]{1,9})")


class SheetWalk:
    """The parser's way: any XML that means the same gives the same facts."""

    def __init__(self, facts: SheetFacts, zeros: dict[str, int], limits: Limits) -> None:
        self._facts, self._zeros, self._limits = facts, zeros, limits
        self._row, self._column, self._cell_row = 0, -1, 0
        self._cell: dict[str, str] | None = None
        self._formula = self._valued = self._reading = False
        self._value = ""
        self._markup = Markup(self._start, self._end, self._text)
        self.feed, self.close = self._markup.feed, self._markup.close

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), -1
            self._facts.reach(self._row, -1, self._limits)
            if attributes.get("hidden") in _TRUE:
                self._facts.hidden_rows.add(self._row)
        elif name == "col":
            _hide_columns(self._facts, attributes)
        elif self._cell is not None and name == "f":
            self._formula = True
        elif self._cell is not None and name == "v":
            self._valued = self._reading = True

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        """A cell stands where it says, or right of the one before."""
        place = _PLACE.fullmatch(attributes.get("r", ""))
        if place:
            self._column, self._cell_row = column_index(place[1].upper()), int(place[2])
        else:
            self._column, self._cell_row = self._column + 1, self._row
        self._facts.reach(self._cell_row, self._column, self._limits)
        self._cell, self._value, self._formula, self._valued = attributes, "", False, False

    def _text(self, text: str) -> None:
        if self._reading and len(self._value) < _LONGEST_VALUE:
            self._value += text

    def _end(self, name: str) -> None:
        if name == "v":
            self._reading = False
        elif name == "c" and self._cell is not None:
            place, kind = (self._cell_row, self._column), self._cell.get("t", "n")
            width = self._zeros.get(self._cell.get("s", ""), 0) if kind == "n" else 0
            if kind == "e":
                self._facts.errors[place] = self._value
            elif self._formula and not self._value and not (kind == "str" and self._valued):
                self._facts.errors[place] = NOT_CALCULATED
            elif width and self._value.isascii() and self._value.isdigit():
                self._facts.shown[place] = self._value.zfill(width)
            self._cell = None


def _hide_columns(facts: SheetFacts, attributes: dict[str, str]) -> None:
    if attributes.get("hidden") in _TRUE:
        first, last = int(attributes.get("min", "1")), int(attributes.get("max", "0"))
        facts.hidden_columns.update(range(first - 1, min(last, WIDEST)))


# --- the quick way -----------------------------------------------------------------------------------------------

_START = re.compile(rb'(?:\xef\xbb\xbf)?(?:<\?xml version="1.0"(?: encoding="(?i:utf-8)")?[^>]*\?>)?\s*<worksheet[\s>]')
_ROW = re.compile(rb"<row\b[^>]*>")
_COL = re.compile(rb"<col\b[^>]*>")
_ATTRIBUTE = re.compile(rb'([A-Za-z]+)="([^"]*)"')
_ROW_NUMBER = re.compile(rb'<row r="([0-9]+)"')
_ERROR = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]+)"[^>]*\st="e"[^>/]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v[^>]*>([^<]*)</v>'
)
_FORMULA = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]+)"([^>]*)>(?:<f(?:\s[^>]*)?/>|<f(?:\s[^>]*)?>[^<]*</f>)\s*(<v[^>]*>)?([^<]*)'
)
_FORMULAS = re.compile(rb"<f[\s/>]")
_LETTERS = np.zeros(256, dtype=bool)
_LETTERS[[*range(65, 91), *range(97, 123)]] = True
_NAME_END = _LETTERS.copy()
_NAME_END[48:58] = True
_CAPITAL = np.zeros(256, dtype=bool)
_CAPITAL[65:91] = True
_IN_PLACE = _CAPITAL.copy()
_IN_PLACE[[*range(48, 58), 34]] = True
_SPACE = np.zeros(256, dtype=bool)
_SPACE[[9, 10, 13, 32]] = True
_ENDS_NAME = _SPACE.copy()
_ENDS_NAME[[47, 62]] = True
_TAIL = np.zeros(16, dtype=np.uint8)
END = b"</sheetData>"


def is_usual_start(data: bytes) -> bool:
    """Whether the sheet begins as UTF-8 with elements that carry no prefix."""
    return _START.match(data) is not None


@dataclass(frozen=True, slots=True)
class Usual:
    """Rows written as programs write them, and which of the rarer things may be among them."""

    has_hidden: bool
    has_errors: bool
    has_formulas: bool


def usual(data: bytes) -> Usual | None:
    """Whether whole rows are written in the one way the patterns know; when in doubt, None.

    Tags and their ends alternate, so no bracket hides in an attribute. Every ``=`` is ``="`` after a name. Cells and
    rows begin with their place. There are no references in tags, no comments, sections or prefixed cells.
    """
    plain = np.frombuffer(data, dtype=np.uint8)
    opening, closing = np.flatnonzero(plain == 60), np.flatnonzero(plain == 62)
    if len(opening) != len(closing) or (opening > closing).any() or (closing[:-1] > opening[1:]).any():
        return None
    padded = np.concatenate([plain, _TAIL])
    first = padded[opening + 1]
    if (first == 33).any():
        return None
    equals = np.flatnonzero(plain == 61)
    before = padded[equals - 1]
    odd = equals[(padded[equals + 1] != 34) | ~_NAME_END[before]]
    for suspects in (odd, np.flatnonzero(plain == 38)):
        if len(suspects) and (closing[np.searchsorted(opening, suspects) - 1] > suspects).any():
            return None  # not in the text of a cell or formula but in a tag
    if not _are_placed(padded, opening, first) or _has_prefixed(padded, np.flatnonzero(plain == 58)):
        return None
    values = padded[equals + 2]
    return Usual(
        has_hidden=bool((before == 110).any()),
        has_errors=bool(((values == 101) & (before == 116)).any()),
        has_formulas=bool((first == 102).any()),
    )


def _are_placed(padded: np.ndarray, opening: np.ndarray, first: np.ndarray) -> bool:
    cells = opening[first == 99]
    cells = cells[~_LETTERS[padded[cells + 2]]]
    if not (_follows(padded, cells + 2) and _CAPITAL[padded[cells + 6]].all()):
        return False
    if not (_IN_PLACE[padded[cells + 7]].all() and _IN_PLACE[padded[cells + 8]].all()):
        return False
    rows = opening[first == 114]
    rows = rows[(padded[rows + 2] == 111) & (padded[rows + 3] == 119) & ~_LETTERS[padded[rows + 4]]]
    return _follows(padded, rows + 4)


def _follows(padded: np.ndarray, at: np.ndarray) -> bool:
    """Whether `` r="`` stands at every place."""
    return all(bool((padded[at + offset] == letter).all()) for offset, letter in enumerate(b' r="'))


def _has_prefixed(padded: np.ndarray, colons: np.ndarray) -> bool:
    """Whether an element or its prefix ends in ``:c`` or ``:row``."""
    cell = (padded[colons + 1] == 99) & _ENDS_NAME[padded[colons + 2]]
    row = (padded[colons + 1] == 114) & (padded[colons + 2] == 111) & (padded[colons + 3] == 119)
    return bool((cell | row).any())


def note(xml: bytes, seen: Usual, facts: SheetFacts, zeros: dict[str, int], limits: Limits) -> bool:
    """Note what usual XML says; most sheets have none of the rarer things. False where it cannot be sure."""
    if seen.has_hidden and b'hidden="' in xml:
        _note_hidden(xml, facts)
    if seen.has_errors:
        found = _ERROR.findall(xml)
        if len(found) != xml.count(b't="e"'):
            return False
        for letters, row, value in found:
            facts.errors[int(row), column_index(letters.decode())] = value.decode("utf-8", "replace")
    if seen.has_formulas and not _note_formulas(xml, facts):
        return False
    if zeros:
        for letters, row, style, value in _numbers_in_style(tuple(sorted(zeros))).findall(xml):
            facts.shown[int(row), column_index(letters.decode())] = value.decode().zfill(zeros[style.decode()])
    _measure(xml, facts, limits)
    return True


def _note_formulas(xml: bytes, facts: SheetFacts) -> bool:
    found = _FORMULA.findall(xml)
    for letters, row, attributes, valued, value in found:
        kind = dict(_ATTRIBUTE.findall(attributes)).get(b"t", b"n")
        if not value and kind != b"e" and not (kind == b"str" and valued):
            facts.errors[int(row), column_index(letters.decode())] = NOT_CALCULATED
    return len(found) == len(_FORMULAS.findall(xml))


def _note_hidden(xml: bytes, facts: SheetFacts) -> None:
    for pattern in (_ROW, _COL):
        for tag in pattern.findall(xml):
            attributes = {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(tag)}
            if pattern is _COL:
                _hide_columns(facts, attributes)
            elif attributes.get("hidden") in _TRUE:
                facts.hidden_rows.add(int(attributes["r"]))


def _measure(xml: bytes, facts: SheetFacts, limits: Limits) -> None:
    """Columns are found out in steps of 26, by looking for a cell right of those known so far."""
    facts.last_row = max(facts.last_row, max(map(int, _ROW_NUMBER.findall(xml)), default=0))
    facts.columns = max(facts.columns, 26)
    while outside := _outside(facts).search(xml):
        if outside["row"]:
            facts.last_row = max(facts.last_row, int(outside["row"].lstrip(_ALPHABET.encode())[:9]))
        else:
            facts.columns += 26
        facts.check(limits)
    facts.check(limits)


_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _outside(facts: SheetFacts) -> re.Pattern[bytes]:
    """A cell below the last row, or right of the columns known so far; one search for both."""
    known = min(facts.columns // 26 - 1, len(_ALPHABET) - 1)
    return _outside_of(known, len(str(facts.last_row)) + 1 if facts.last_row else 0)


@cache
def _outside_of(known: int, digits: int) -> re.Pattern[bytes]:
    beyond = rb"(?:[A-Z]{3}|[%c-Z][A-Z][0-9])" % _ALPHABET[known].encode()
    below = rb"(?P<row>[A-Z]{1,3}[0-9]{%d,})" % digits if digits else rb"(?P<row>(?!))"
    return re.compile(rb' r="(?:' + below + b"|" + beyond + b")")


@cache
def _numbers_in_style(styles: tuple[str, ...]) -> re.Pattern[bytes]:
    either = "|".join(styles).encode()
    return re.compile(
        rb'<c r="([A-Z]{1,3})([0-9]+)"(?![^>]*\st="[^n])[^>]*\ss="(' + either + rb')"[^>]*><v>([0-9]+)</v>'
    )
