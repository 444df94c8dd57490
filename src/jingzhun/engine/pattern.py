"""Regular expressions of a pack: written out in the pack, known to DuckDB, and not to be blown up by delivered text.

Nothing in Python runs a pattern of a pack on delivered text; the patterns of intake are our own. DuckDB's matcher never
goes back over a text. Spark's does, as Java's: there ``(a+)+$`` takes longer than the world for thirty letters. So a
repeated group may hold no further repetition of open length, and of its alternatives none may begin as another does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

_REPEAT = re.compile(r"\{([0-9]+)(,([0-9]*))?\}")
_ESCAPED = re.compile(r"\\(?:[pP]\{[^}]*\}|[pP].|x\{[0-9A-Fa-f]*\}|x[0-9A-Fa-f]{2}|[0-7]{2,3}|.)", re.DOTALL)
_OPENING = re.compile(r"\((?:\?(?:P?<\w+>|[a-zA-Z-]*:|[a-zA-Z-]+(?=\))))?")
_CLASS = re.compile(r"\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]", re.DOTALL)
_EDGES = frozenset({"^", "$", r"\b", r"\B", r"\A", r"\z"})
_NAMED = re.compile(r"\\[A-Za-z0-9]")
"""An escape that stands for many characters, or for one that is not the letter itself."""


@dataclass(slots=True)
class _Atom:
    """A character, a set of characters, an edge, or a group, and how often it may stand; ``most`` None is open."""

    text: str
    branches: list[list[_Atom]] = field(default_factory=list)
    least: int = 1
    most: int | None = 1

    @property
    def varies(self) -> bool:
        return self.least != self.most

    @property
    def repeats(self) -> bool:
        return self.most is None or self.most > 1


def explodes(pattern: str) -> bool:
    """Whether a matcher that goes back may take time without bound for a text. ``pattern`` must be well formed."""
    atoms = [atom for branch in _branches(_pieces(pattern)) for atom in _all(branch)]
    return any(_is_ambiguous(atom) for atom in atoms if atom.branches and atom.repeats)


def _is_ambiguous(group: _Atom) -> bool:
    """Whether the same text can be the repeated group in more ways than one."""
    inside = [atom for branch in group.branches for atom in _all(branch)]
    if any(atom.varies for atom in inside):
        return True
    groups = [group, *(atom for atom in inside if atom.branches)]
    return any(_begin_alike(one, other) for each in groups for one, other in combinations(each.branches, 2))


def _begin_alike(one: list[_Atom], other: list[_Atom]) -> bool:
    """Whether one alternative may be the beginning of the other; where that is hard to tell, it may."""
    for left, right in zip(_spelt_out(one), _spelt_out(other), strict=False):
        if left.branches or right.branches:
            return True
        if not _share_a_character(left.text, right.text):
            return False
    return True


def _spelt_out(branch: list[_Atom]) -> Iterator[_Atom]:
    for atom in branch:
        if atom.text not in _EDGES:
            yield from [atom] * atom.least


def _share_a_character(one: str, other: str) -> bool:
    first, second = _literal(one), _literal(other)
    if first and second:
        return first.casefold() == second.casefold()
    return _may_be(other, first) if first else _may_be(one, second) if second else True


def _literal(text: str) -> str:
    """The one character that an atom stands for; empty for a set."""
    if len(text) == 1:
        return "" if text == "." else text
    return text[1] if len(text) == 2 and text[0] == "\\" and not _NAMED.fullmatch(text) else ""


def _may_be(characters: str, letter: str) -> bool:
    """Whether a set may hold a letter. One character against one, without repetition: no text can make that long."""
    if "[" in characters[1:]:
        return True
    try:
        return re.fullmatch(characters, letter, re.IGNORECASE) is not None
    except re.error:
        return True


def _all(branch: list[_Atom]) -> Iterator[_Atom]:
    for atom in branch:
        yield atom
        for inside in atom.branches:
            yield from _all(inside)


def _branches(pieces: Iterator[tuple[str, str]]) -> list[list[_Atom]]:
    """Alternatives up to the end, or to the bracket that closes them."""
    found: list[list[_Atom]] = [[]]
    for kind, text in pieces:
        branch = found[-1]
        match kind:
            case "close":
                break
            case "or":
                found.append([])
            case "open":
                branch.append(_Atom("", _branches(pieces)))
            case "repeat" if branch:
                branch[-1].least, branch[-1].most = _times(text)
            case _:
                branch.append(_Atom(text))
    return found


def _times(text: str) -> tuple[int, int | None]:
    """How often at least and at most; None is without bound."""
    if text in _MARKS:
        return _MARKS[text]
    found = _REPEAT.fullmatch(text)
    if found is None or not found[2]:
        exact = int(found[1]) if found else 1
        return exact, exact
    return int(found[1]), int(found[3]) if found[3] else None


_MARKS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_SIGNS = {")": "close", "|": "or"}
_LAZY = "?"


def _pieces(pattern: str) -> Iterator[tuple[str, str]]:
    """The pattern in pieces: characters and sets, brackets, bars and how often what stands before may be repeated."""
    at = 0
    while at < len(pattern):
        letter = pattern[at]
        if pattern.startswith(r"\Q", at):
            quoted = pattern[at + 2 :].partition(r"\E")[0]
            yield from (("atom", f"\\{one}") for one in quoted)
            at += 4 + len(quoted)
            continue
        repeat = letter if letter in _MARKS else found[0] if (found := _REPEAT.match(pattern, at)) else ""
        if repeat:
            yield "repeat", repeat
            at += len(repeat)
            at += pattern.startswith(_LAZY, at)
            continue
        whole = next((found[0] for form in _LONGER if (found := form.match(pattern, at))), letter)
        yield "open" if letter == "(" else _SIGNS.get(letter, "atom"), whole
        at += len(whole)


_LONGER = (_ESCAPED, _CLASS, _OPENING)
