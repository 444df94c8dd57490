"""What an answer that came back on a worklist is worth. Only one that is used counts; every other is named."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

USED = "used"
UNKNOWN = "unknown"
"""Nothing of this number is there; it may have been, and be corrected."""
NOWHERE = "nowhere"
"""No problem and no lead ever had such a number."""
ELSEWHERE = "elsewhere"
"""It is another township's."""
CONTRADICTED = "contradicted"
"""The rule, household or person beside the number is another one: a column was sorted or pasted by itself."""
LATER = "later"
"""Given after the day."""
IMPLAUSIBLE = "implausible"
"""A date that it rests on cannot be meant."""
INCOMPLETE = "incomplete"
"""An exemption that lacks what it needs."""

SLACK = 1
"""Years by which a correction may lie before the finding or after the day: a register of the year's end is found wrong
months later, and answers come back after that."""


def years_after(day: date, years: int) -> date:
    """The same day of another year; the last of February becomes the first of March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def could_be_number(column: str, kinds: Iterable[str], digits: int) -> str:
    """Condition that a text has the form of a number that was given out: ``A11-`` and hexadecimal digits."""
    return f"regexp_matches({column}, {_literal(f'^{_one_of(kinds)}-[0-9a-f]{{{digits}}}$')})"


def says_another(column: str, found: str, kinds: Iterable[str]) -> str:
    """Condition that ``column``, such as “A11 性别与证件号码不符”, names one of ``kinds`` that is not the one found."""
    begins = f"regexp_matches({column}, {_literal(f'^{_one_of(kinds)}( |$)')})"
    return f"coalesce({begins} AND NOT starts_with({column} || ' ', {found} || ' '), false)"


def _one_of(kinds: Iterable[str]) -> str:
    return f"({'|'.join(re.escape(one) for one in kinds)})"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
