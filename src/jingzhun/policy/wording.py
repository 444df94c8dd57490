"""A pack's messages filled with the values of a finding or lead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

YUAN = "yuan"
"""``{amount:yuan}`` in a message shows an amount that is kept in fen as yuan with two decimals."""
_BRACKETED = re.compile(r"(?: \(|（)\{(\w+)(?::\w+)?\}(?:\)|）)")
"""A single value that stands in brackets as a remark beside another one."""
_WHOLE = re.compile(r"-?[0-9]+(?:\.0+)?")
_VALUE = re.compile(rf"\{{([A-Za-z_][A-Za-z_0-9]*)(:{YUAN})?\}}")
"""The only two forms of a value. Python's own formats could pad a sentence to gigabytes or look into the program."""


def filled(message: str, values: Mapping[str, str | None], empty: str) -> str:
    """The message with the values; ``empty`` says what was not there.

    Brackets around nothing go, and what is no known value stays as it is written.
    """
    message = _BRACKETED.sub(lambda found: found[0] if values.get(found[1], "") is not None else "", message)

    def said(found: re.Match[str]) -> str:
        if found[1] not in values:
            return found[0]
        if (given := values[found[1]]) is None:
            return empty
        value = str(given)
        return f"{Decimal(value) / 100:,.2f}" if found[2] and _WHOLE.fullmatch(value) else value

    return _VALUE.sub(said, message)


def named_values(message: str) -> set[str]:
    """The values that a message shows."""
    return {found[1] for found in _VALUE.finditer(message)}


def has_odd_braces(message: str) -> bool:
    """Whether braces hold something else than a value, or do not match."""
    return not {"{", "}"}.isdisjoint(_VALUE.sub("", message))
