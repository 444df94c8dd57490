"""Spreadsheets and CSV in, typed rows out, every row accounted for."""

from jingzhun.intake.limits import LIMITS, Limits
from jingzhun.intake.reading import Refused
from jingzhun.intake.take_in import A_LINK, not_read, passed_over, receipt_json, shown_path, take_in, to_read_again

__all__ = [
    "A_LINK",
    "LIMITS",
    "Limits",
    "Refused",
    "not_read",
    "passed_over",
    "receipt_json",
    "shown_path",
    "take_in",
    "to_read_again",
]
