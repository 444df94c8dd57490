"""The shape of ``comparison/linkage/*.yaml``: how two lists of people are held against each other.

A linkage says what each side brings, what is worked out from it, in which passes pairs are looked for, and in which
degrees the values of a pair may agree. What a degree is worth is not written down: it is learned from the lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from jingzhun.engine import Names, result_type
from jingzhun.policy.identity import COLUMNS
from jingzhun.policy.schema import Identifier, Labelled, Part

IDENTITY = "id_number"
SPELT = "VARCHAR"


class SpellingKey(Part):
    """A key worked out from each distinct text of ``of``: how it ``sound``s, or its ``shape`` without look-alikes."""

    name: Identifier
    of: Identifier
    by: Literal["sound", "shape"]


class Prepared(Part):
    """A value worked out on each side alone, from its columns and what stands before."""

    name: Identifier
    expression: str


class Pass(Part):
    """A way of finding pairs: both sides give the same value for each expression.

    ``settles`` names, for some comparisons, the degree that such a pair has by itself; its records go no further.
    """

    id: Identifier
    zh: str
    en: str
    same: tuple[str, ...]
    settles: dict[Identifier, Identifier] = Field(default_factory=dict)


class Close(Part):
    """A kind of two different people who agree for a reason, such as twins; ``per_record`` of them meet a record."""

    id: Identifier
    zh: str
    en: str
    per_record: float = Field(gt=0)


Typical = tuple[float, ...]
"""How often a degree is met among pairs of one person, of each close kind in turn, and at random: what is believed
before two lists are seen, so that a village of twenty people can be compared too."""


class Degree(Part):
    """A degree of agreement; the first whose ``when`` holds is taken, and none is a degree of its own."""

    id: Identifier
    zh: str
    en: str
    when: str
    typical: Typical | None = None


class Compared(Part):
    """One thing about a pair that is compared. ``missing`` says when a side cannot be asked; it then says nothing."""

    id: Identifier
    zh: str
    en: str
    missing: str
    degrees: tuple[Degree, ...]
    otherwise: Typical | None = None
    """What is typical of pairs that agree in none of the degrees."""

    @property
    def typical(self) -> tuple[Typical, ...] | None:
        """Of every degree in turn, the last for none of them; None unless it is given for all."""
        found = [*(degree.typical for degree in self.degrees), self.otherwise]
        return None if any(one is None for one in found) else tuple(one for one in found if one is not None)


class Linkage(Labelled):
    """One file: a kind of list and how two of them are linked."""

    columns: dict[Identifier, Literal["VARCHAR", "DATE", "BIGINT"]]
    spellings: tuple[SpellingKey, ...] = ()
    prepare: tuple[Prepared, ...] = ()
    close: tuple[Close, ...] = ()
    passes: tuple[Pass, ...]
    compare: tuple[Compared, ...]
    claims: dict[Identifier, Identifier] = Field(default_factory=dict)
    """For some comparisons, the degree at which a record runs under a person's number, whoever it speaks of.

    Such a pair is kept, with its probability, where everything else says that the record is about somebody else.
    """


@dataclass(frozen=True, slots=True)
class SideNames:
    """What expressions over one side, and over a pair (``l.`` and ``r.``), may speak of."""

    side: Names
    pair: Names


def side_names(linkage: Linkage, parameters: Mapping[str, str]) -> SideNames:
    """Types of all names, in the order of their definition. Raises ``ExpressionError`` where one cannot be typed."""
    spaces = {"p": parameters}
    types: dict[str, str] = dict(linkage.columns)
    if IDENTITY in types:
        types |= COLUMNS
    types |= {key.name: SPELT for key in linkage.spellings}
    for one in linkage.prepare:
        types[one.name] = result_type(one.expression, Names(dict(types), spaces))
    return SideNames(Names(types, spaces), Names({}, {**spaces, "l": types, "r": types}))
