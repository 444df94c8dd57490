"""Parameters: dates in order, a value of one kind, a unit, and scopes that lead somewhere."""

from __future__ import annotations

from decimal import Decimal

from jingzhun.policy.check.case import Case
from jingzhun.policy.schema import Parameter


def check_parameters(case: Case) -> None:
    for parameter in case.pack.parameters.values():
        _check_values(case, parameter)
        _check_dates(case, parameter)
    _check_scopes(case)


def _check_values(case: Case, parameter: Parameter) -> None:
    name = f"parameter:{parameter.id}"
    if not parameter.unit.strip():
        case.fault(
            name,
            ("unit",),
            "“unit”为空，请写明单位（如 yuan、%、days）。",
            "'unit' is empty; say the unit, such as yuan, % or days.",
        )
    if not parameter.values:
        case.fault(name, ("values",), "没有任何取值，请至少写一个。", "there is no value; add at least one.")
    for place, value in enumerate(parameter.values):
        if isinstance(value.value, Decimal) and value.value < 0:
            case.fault(
                name,
                ("values", place, "value"),
                f"取值 {value.value} 小于零；政策上的线、额度、天数和比例都不会是负数，请核对。",
                f"the value {value.value} is below zero; no line, amount, number of days or rate is. Check it.",
            )
    given = [value.value for value in parameter.values if value.value is not None]
    if any(isinstance(value, str) for value in given) and not all(isinstance(value, str) for value in given):
        place = next(i for i, value in enumerate(parameter.values) if isinstance(value.value, str))
        case.fault(
            name,
            ("values", place, "value"),
            f"取值“{parameter.values[place].value}”是文字，其余是数字；请统一。",
            f"the value {parameter.values[place].value!r} is text while others are numbers; use one kind.",
        )


def _check_dates(case: Case, parameter: Parameter) -> None:
    name = f"parameter:{parameter.id}"
    latest: dict[str, int] = {}
    for index, value in enumerate(parameter.values):
        before = latest.get(value.scope)
        latest[value.scope] = index
        if before is None:
            if value.value is None:
                case.fault(
                    name,
                    ("values", index, "value"),
                    "第一个取值不能为空（null 表示到此结束）；请先写起始的取值。",
                    "the first value cannot be null, which ends a value; write the value that it ends first.",
                )
            continue
        previous = parameter.values[before].valid_from
        if value.valid_from <= previous:
            case.fault(
                name,
                ("values", index, "from"),
                f"起始日期 {value.valid_from} 不晚于前一个 {previous}；同一范围的取值按日期从早到晚写，不得重复。",
                f"{value.valid_from} is not after {previous}; write the values of a scope in order of date, each once.",
            )


def _check_scopes(case: Case) -> None:
    known = {value.scope for parameter in case.pack.parameters.values() for value in parameter.values}
    for index, scope in enumerate(case.pack.meta.scopes):
        if scope not in known:
            case.fault(
                "pack.yaml",
                ("scopes", index),
                f"没有任何参数有范围“{scope}”；请检查拼写或删除。",
                f"no parameter has a value of scope {scope!r}; check its spelling or remove it.",
            )
