"""The shape of the data-quality part of a pack: what is looked at, and the rules it is held against."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from jingzhun.policy.schema import Identifier, Labelled, Mark, Part

Severity = Literal["E", "S", "T"]
"""``E`` an error to be put right, ``S`` a suspicion to be looked into before anything is decided, ``T`` a hint."""

Columns = Annotated[tuple[str, ...], BeforeValidator(lambda given: (given,) if isinstance(given, str) else given)]
"""One column or several; a single one may be written without brackets."""

ROW_KEY = "row_key"


class Fact(Part):
    """A value worked out once for each row, from its columns, what was gathered for it, and facts that stand before.

    With ``listed_in`` it is whether the expression's text is a label of that code list (several are joined by a comma
    where the list allows it); unknown where there is no text.
    """

    name: Identifier
    expression: str
    listed_in: str = ""
    zh: str
    en: str


class Gathered(Part):
    """A value of the rows of another table that belong to the row: counted, or the one that an aggregate picks.

    ``by`` is the column of the row whose value they answer to, or several; or ``id_18``, the number without what a
    disability card adds, ``county_code``, the county of the row, ``row_key``, its whole key joined by |, or a value
    gathered above. ``theirs`` is the other table's column where its name is another one.
    ``year`` says which rows of a table with data years belong: those of the register's year, or of the one before.
    ``below``: rows of every division below the row's own belong too; ``by`` is then ``region_code``.
    ``previous`` is no aggregate: the value of the row before in the subject's own table, by ``order``, among rows with
    the same ``by`` and the same answer to ``where``.
    """

    name: Identifier
    table: str
    by: Columns
    theirs: Columns = ()
    below: bool = False
    where: str = ""
    pick: Literal["count", "distinct", "sum", "min", "max", "any", "previous"] = "count"
    value: str = ""
    order: str = ""
    year: Literal["same", "before", "every"] = "same"
    zh: str
    en: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns of the other table that ``by`` is held against."""
        return self.theirs or self.by


class Subject(Labelled):
    """``quality/subjects/*.yaml``: one kind of row that rules speak of, and everything they may ask about it."""

    table: str
    gathered: tuple[Gathered, ...] = ()
    facts: tuple[Fact, ...] = ()


class RuleCase(Part):
    """A few invented rows and whether the rule is broken by one of them. ``row`` is one row of the subject's table.

    ``as_of`` is the day on which they are looked at: the last of the pack's printed year unless another one is said.
    """

    broken: bool
    as_of: date | None = None
    row: dict[str, Any] = Field(default_factory=dict)
    rows: dict[str, tuple[dict[str, Any], ...]] = Field(default_factory=dict)


class Rule(Part):
    """``quality/rules/*.yaml``: what must not be. ``broken`` is true for a row that breaks the rule; unknown is not.

    ``message`` may name the fields that ``shows`` lists, in braces; they are the values the finding keeps.
    ``{amount:yuan}`` shows an amount in fen as yuan.
    """

    id: str
    subject: str
    zh: str
    en: str
    severity: Severity
    broken: str
    shows: tuple[str, ...]
    message_zh: str
    message_en: str
    advice_zh: str
    advice_en: str
    source: str
    code: str = ""
    mark: Mark = "unverified"
    valid_from: date | None = None
    valid_to: date | None = None
    cases: tuple[RuleCase, ...]

    def in_force(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


NUMBER_LENGTH = 12
"""Hexadecimal digits of a problem's number: ten million rows that break one rule share none, nearly always."""


def problem_number(rule: str, table: str, key: Sequence[str]) -> str:
    """The number of the problem that a row of ``table`` breaks ``rule``; ``key`` is its key without the data year.

    It is the same in every year and every run, so that an answer finds its problem again.
    """
    return f"{rule}-{hashlib.md5('|'.join((table, *key)).encode(), usedforsecurity=False).hexdigest()[:NUMBER_LENGTH]}"


class NotExpressed(Part):
    """``quality/not_expressed.csv``: a rule of the sources that the contracts cannot express, why, what it would take.

    Sorted by ``id``; no id is a rule or a comparison check too.
    """

    id: str
    rule_zh: str
    reason_zh: str
    reason_en: str
    needed: str
