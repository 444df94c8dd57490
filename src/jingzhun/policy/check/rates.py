"""Rates of the evaluation: those that are computed, each with a limit that exists."""

from __future__ import annotations

from jingzhun.model.evaluation_report import RATES
from jingzhun.policy.check.case import Case, nearest


def check_rates(case: Case) -> None:
    for rate in case.pack.rates.values():
        name = f"rate:{rate.id}"
        if rate.id not in RATES:
            zh, en = nearest(rate.id, RATES)
            case.fault(name, ("id",), f"没有叫“{rate.id}”的率{zh}", f"there is no rate {rate.id!r}{en}")
        if rate.limit and rate.limit not in case.pack.parameters:
            zh, en = nearest(rate.limit, case.pack.parameters)
            case.fault(name, ("limit",), f"没有参数“{rate.limit}”{zh}", f"there is no parameter {rate.limit!r}{en}")
        if rate.limit and not rate.official:
            case.fault(
                name,
                ("limit",),
                "有限值的率要写明官方口径（official），判定用其中第一种。",
                "a rate with a limit needs an official reading (official); the first is judged.",
            )
