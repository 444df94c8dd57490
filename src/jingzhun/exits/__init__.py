"""Household, village and county exit: every threshold a veto, a missing fact a veto too."""

from jingzhun.exits.criteria import exit_steps
from jingzhun.exits.facts import fact_steps

__all__ = ["exit_steps", "fact_steps"]
