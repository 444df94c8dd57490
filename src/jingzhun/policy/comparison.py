"""The shape of ``comparison/``: which departments are asked, what a record of theirs means, what it suggests.

A check never decides. It gives a lead with the values behind it and, where dates speak, the verdict they suggest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import Field

from jingzhun.engine import Names
from jingzhun.model import TABLES
from jingzhun.policy.rules import Severity
from jingzhun.policy.schema import Identifier, Labelled, Mark, Part

Finds = Literal["pair", "person", "record", "twice", "again"]
"""What a check speaks of: a person and a record of theirs; a person of the register whom the source does not have;
a record of somebody who is not in the register; a person who stands in the register twice (``r`` is the other row);
a person of whom the source has a record ``r`` again, beside an earlier one ``o``."""
MAYBE = "maybe"
"""What a lead about somebody missing on the other side shows beside the check's values: who they may be after all."""
PREFIXES = {"l": "", "r": "record_", "o": "other_"}
"""What comes before a shown value of each side where a message calls it."""

FACTS: dict[str, str] = {
    "age": "BIGINT",
    "identified_on": "DATE",
    "household_exit_status": "VARCHAR",
    "household_exit_year": "BIGINT",
    "housing_grade": "VARCHAR",
    "relocated": "BOOLEAN",
    "water_safe": "BOOLEAN",
    "tie": "BOOLEAN",
}
"""What is known of a compared person beyond the columns of ``person``: age on the day, first day of the month of
identification, exit status and year of the household, grade of its house, whether it is in the relocation programme,
whether its water is safe, and whether it is family living elsewhere. Of family elsewhere the identification and the
exit are those of the household that it is compared with."""


class Source(Labelled):
    """``comparison/sources/*.yaml``: rows of a table that one department holds.

    ``label`` is its label in the code list ``comparison_source``; ``person`` names the columns that say who it is.
    ``consent`` means that only households that signed may be looked up in it.
    """

    label: str
    department: str
    table: str
    where: str = ""
    person: dict[Literal["name", "id_number", "birth_date", "sex", "region_code"], str]
    consent: bool = False
    cites: str
    mark: Mark = "unverified"


class Suggestion(Part):
    """The verdict that the dates of a lead suggest; the first whose ``when`` holds."""

    when: str
    verdict: str


class Borrowed(Part):
    """What a record suggests that runs under the person's number and is about somebody else, and what is said of it."""

    verdict: str
    message_zh: str
    message_en: str


class CheckCase(Part):
    """An invented person and record, ``other`` the record before it; whether they make a lead, and what it suggests."""

    lead: bool
    person: dict[str, Any] = Field(default_factory=dict)
    record: dict[str, Any] = Field(default_factory=dict)
    other: dict[str, Any] = Field(default_factory=dict)
    suggests: str = ""


class Check(Part):
    """``comparison/checks/*.yaml``. ``lead`` speaks of ``l`` (the person) and ``r`` (the record), where there are both.

    ``shows`` lists ``l.name``, ``r.amount`` or ``o.amount``; messages call them ``{name}``, ``{record_amount}`` and
    ``{other_amount}``.
    """

    id: str
    source: Identifier | Literal[""] = ""
    zh: str
    en: str
    severity: Severity
    kind: Literal["adverse", "mismatch", "missing", "left_out", "duplicate"]
    finds: Finds
    lead: str
    family: bool = False
    """Whether family members who live elsewhere are asked about too."""
    shows: tuple[str, ...]
    suggests: tuple[Suggestion, ...] = ()
    borrowed: Borrowed | None = None
    """Asks also about records under the person's number that are about somebody else; without it they are no lead."""
    message_zh: str
    message_en: str
    advice_zh: str
    advice_en: str
    cites: str
    note: str = ""
    mark: Mark = "unverified"
    valid_from: date | None = None
    valid_to: date | None = None
    cases: tuple[CheckCase, ...]


class LookAlike(Part):
    """``comparison/look_alikes.csv``: characters that are written one for the other."""

    characters: str
    kind: Literal["variant", "look_alike"]
    mark: Mark = "unverified"


NUMBER_LENGTH = 10


def lead_number(check: str, who: str, record: str) -> str:
    """The number of a lead, the same in every run for the same person and record.

    ``who`` is the person's number, or household and name joined by |; empty where the record is of nobody listed.
    ``record`` is the key of the department's record, or empty.
    """
    return f"{check}-{hashlib.md5(f'{who}|{record}'.encode(), usedforsecurity=False).hexdigest()[:NUMBER_LENGTH]}"


def shown_as(name: str) -> str:
    """What a message calls a shown value: ``l.name`` is ``name``, ``r.amount`` is ``record_amount``."""
    side, _, column = name.partition(".")
    return f"{PREFIXES[side]}{column}"


def column_of(shown: str) -> str:
    """The column behind what a message calls a value."""
    return shown.removeprefix(PREFIXES["r"]).removeprefix(PREFIXES["o"])


def check_names(check: Check, sources: Mapping[str, Source], parameters: Mapping[str, str]) -> Names:
    """What the expressions of a check may speak of."""
    person = {column.name: column.sql_type for column in TABLES["person"].all_columns} | FACTS
    spaces: dict[str, Mapping[str, str]] = {"p": parameters}
    if check.finds != "record":
        spaces["l"] = person
    if check.finds == "twice":
        spaces["r"] = person
    elif check.finds != "person":
        table = TABLES[sources[check.source].table]
        sides = ("r", "o") if check.finds == "again" else ("r",)
        spaces |= {side: {column.name: column.sql_type for column in table.all_columns} for side in sides}
    return Names({"as_of": "DATE"}, spaces)
