"""Judge a whole pack: every file well formed, every expression usable, every reference met. One report lists it all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jingzhun.policy.check.case import Case
from jingzhun.policy.check.codes import check_code_lists
from jingzhun.policy.check.comparison import check_comparison
from jingzhun.policy.check.deprivation import check_deprivation
from jingzhun.policy.check.divisions import check_divisions
from jingzhun.policy.check.evaluation import check_evaluation
from jingzhun.policy.check.expressions import check_exits, check_indicators, check_mutual_checks
from jingzhun.policy.check.layouts import check_aliases, check_layouts
from jingzhun.policy.check.parameters import check_parameters
from jingzhun.policy.check.quality import check_quality
from jingzhun.policy.check.rates import check_rates
from jingzhun.policy.check.references import check_catalogue_tables, check_figures, check_procedures, check_schemes
from jingzhun.policy.check.words import check_words
from jingzhun.policy.load import read
from jingzhun.policy.reader import Fault

CHECKS: tuple[Callable[[Case], None], ...] = (
    check_words,
    check_code_lists,
    check_divisions,
    check_parameters,
    check_layouts,
    check_aliases,
    check_catalogue_tables,
    check_schemes,
    check_procedures,
    check_deprivation,
    check_indicators,
    check_exits,
    check_figures,
    check_mutual_checks,
    check_quality,
    check_comparison,
    check_evaluation,
    check_rates,
)
"""The order in which a pack is judged."""

__all__ = ["CHECKS", "check_pack"]


def check_pack(root: Path) -> list[Fault]:
    """Every fault of the pack in ``root``, by file and line. An empty list means that the pack can be used.

    Parts that cannot be read at all are reported once and left out of the further judgement, so references to them
    are reported as well.
    """
    reading = read(root)
    if reading.pack is not None:
        case = Case(reading.pack, reading.reader)
        for check in CHECKS:
            check(case)
    return sorted(dict.fromkeys(reading.reader.faults), key=lambda fault: (fault.file, fault.line))
