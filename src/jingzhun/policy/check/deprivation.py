"""Standards of multidimensional poverty: sound expressions, weights above zero, cut-offs that somebody can reach."""

from __future__ import annotations

from fractions import Fraction

from jingzhun.model import TABLES
from jingzhun.policy.check.case import Case, nearest
from jingzhun.policy.check.expressions import check_expression
from jingzhun.policy.check.references import check_once
from jingzhun.policy.deprivation import DeprivationStandard


def check_deprivation(case: Case) -> None:
    for standard in case.pack.deprivation.values():
        name = f"deprivation:{standard.id}"
        check_once(case, name, ("indicators",), (one.id for one in standard.indicators))
        if standard.table and standard.table not in TABLES:
            zh, en = nearest(standard.table, TABLES)
            case.fault(name, ("table",), f"没有表“{standard.table}”{zh}", f"there is no table {standard.table!r}{en}")
            continue
        _check_numbers(case, name, standard)
        for at, one in enumerate(standard.indicators):
            place = ("indicators", at, "deprived")
            check_expression(case, name, place, one.deprived, standard.names, "boolean", standard.table)


def _check_numbers(case: Case, name: str, standard: DeprivationStandard) -> None:
    for at, one in enumerate(standard.indicators):
        if Fraction(one.weight) == 0:
            case.fault(
                name,
                ("indicators", at, "weight"),
                f"{one.id} 的权重是 0，这一项等于没有；请改为大于 0，或删去。",
                f"the weight of {one.id} is 0, as if it were not there; give it one above 0 or remove it.",
            )
    for at, cut_off in enumerate(standard.cut_offs):
        if not 0 < Fraction(cut_off) <= standard.total:
            case.fault(
                name,
                ("cut_offs", at),
                f"临界值 {cut_off} 应大于 0，且不超过权重之和 {standard.total}。",
                f"the cut-off {cut_off} must lie above 0 and within the sum of the weights, {standard.total}.",
            )
