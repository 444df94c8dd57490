"""Screening the register: every rule of the pack held against every row, findings with the values they were made on."""

from jingzhun.quality.life import BEFORE, Tally, masked, tallies, told
from jingzhun.quality.screen import Screening, plan_screening, screen_steps

__all__ = ["BEFORE", "Screening", "Tally", "masked", "plan_screening", "screen_steps", "tallies", "told"]
