"""Screening the register: every rule of the pack held against every row, findings with the values they were made on."""

from jingzhun.quality.life import (
    CORRECTED,
    LAPSED,
    OPEN,
    Tally,
    keep_step,
    life_steps,
    masked,
    tallies,
    told,
)
from jingzhun.quality.screen import Screening, failing, plan_screening, screen_steps, steps_of

__all__ = [
    "CORRECTED",
    "LAPSED",
    "OPEN",
    "Screening",
    "Tally",
    "failing",
    "keep_step",
    "life_steps",
    "masked",
    "plan_screening",
    "screen_steps",
    "steps_of",
    "tallies",
    "told",
]
