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


class _Shown(str):
    """A value that a message may show as it is or, where it is money, in yuan."""

    __slots__ = ()

    def __format__(self, how: str) -> str:
        if how != YUAN:
            return super().__format__(how)
        return f"{Decimal(self) / 100:,.2f}" if _WHOLE.fullmatch(self) else str(self)


def filled(message: str, values: Mapping[str, str | None], empty: str) -> str:
    """The message with the values; ``empty`` says what was not there. Brackets around nothing go."""
    message = _BRACKETED.sub(lambda found: found[0] if values.get(found[1], "") is not None else "", message)
    return message.format_map({name: _Shown(empty if value is None else value) for name, value in values.items()})
