"""How long what was found may be let stand, whichever room found it."""

from __future__ import annotations

from datetime import date

from jingzhun.model.standing import years_after
from jingzhun.policy.pack import Pack

LONGEST = "exemption_years_max"


def ends_too_late(pack: Pack, column: str, as_of: date) -> str:
    """Condition that an exemption's last day is too far off to be meant; never where the pack is silent."""
    if LONGEST not in pack.parameters:
        return "false"
    return f"{column} > DATE '{years_after(as_of, int(pack.number(LONGEST, as_of)))}'"
