"""The shape of the data-quality part of a pack: what is looked at, and the rules it is held against."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from pydantic import Field

from jingzhun.policy.schema import Identifier, Labelled, Mark, Part

Severity = Literal["E", "S", "T"]
"""``E`` an error to be put right, ``S`` a suspicion to be looked into before anything is decided, ``T`` a hint."""


class Fact(Part):
    """A value worked out once for each row, from its columns, what was gathered for it, and facts that stand before."""

    name: Identifier
    expression: str
    zh: str
    en: str


class Gathered(Part):
    """A value of the rows of another table that belong to the row: counted, or the one that an aggregate picks.

    ``year`` says which rows of a table with data years belong: those of the register's year, or of the one before.
    """

    name: Identifier
    table: str
    by: str
    where: str = ""
    pick: Literal["count", "distinct", "sum", "min", "max", "any"] = "count"
    value: str = ""
    year: Literal["same", "before", "every"] = "same"
    zh: str
    en: str


class Subject(Labelled):
    """``quality/subjects/*.yaml``: one kind of row that rules speak of, and everything they may ask about it."""

    table: str
    gathered: tuple[Gathered, ...] = ()
    facts: tuple[Fact, ...] = ()


class RuleCase(Part):
    """A few invented rows and whether the rule is broken by one of them. ``row`` is one row of the subject's table."""

    broken: bool
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


NUMBER_LENGTH = 12
"""Hexadecimal digits of a problem's number: ten million rows that break one rule share none, nearly always."""


def problem_number(rule: str, table: str, key: Sequence[str]) -> str:
    """The number of the problem that a row of ``table`` breaks ``rule``; ``key`` is its key without the data year.

    It is the same in every year and every run, so that an answer finds its problem again.
    """
    return f"{rule}-{hashlib.md5('|'.join((table, *key)).encode(), usedforsecurity=False).hexdigest()[:NUMBER_LENGTH]}"


class LeftOut(Part):
    """``quality/left_out.csv``: a rule of the sources that the contracts cannot express, and why."""

    id: str
    zh: str
    reason: str
