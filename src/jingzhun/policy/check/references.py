"""References between parts: every name that a part uses is there, and every list names each thing once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from jingzhun.policy.check.case import Case, field_of, nearest
from jingzhun.policy.schema import PrintedFigure
from jingzhun.policy.source import Place


def check_once(case: Case, part: str, place: Place, ids: Iterable[str]) -> None:
    """Report the ids that stand more than once in a list, at their last place."""
    listed = list(ids)
    for identifier, count in Counter(listed).items():
        if count > 1:
            last = len(listed) - 1 - listed[::-1].index(identifier)
            case.fault(
                part,
                (*place, last),
                f"编号“{identifier}”在此列表中出现 {count} 次，请改名或删除。",
                f"id {identifier!r} stands {count} times in this list; rename or remove one.",
            )


def check_period(case: Case, part: str, start: date | None, end: date | None) -> None:
    if start is not None and end is not None and end <= start:
        case.fault(
            part,
            ("valid_to",),
            f"valid_to {end} 不晚于 valid_from {start}；请改正日期。",
            f"valid_to {end} is not after valid_from {start}; correct the dates.",
        )


def check_catalogue_tables(case: Case) -> None:
    """The national fields and the income account."""
    _check_national_fields(case)
    _check_income_items(case)
    check_period(case, "pack.yaml", case.pack.meta.valid_from, case.pack.meta.valid_to)
    source = case.pack.meta.printed_source
    if source and source not in {note.key for note in case.pack.sources}:
        case.fault(
            "pack.yaml",
            ("printed_source",),
            f"sources.csv 里没有“{source}”；请补上这一来源或改正写法。",
            f"sources.csv has no {source!r}; add the source or correct the key.",
        )


def _check_national_fields(case: Case) -> None:
    seen: set[tuple[str, str]] = set()
    for index, row in enumerate(case.pack.national_fields):
        zh = en = ""
        if (row.table, row.field) in seen:
            zh, en = (
                f"国家字段 {row.field} 重复，请删去一行。",
                f"national field {row.field} is listed twice; remove one.",
            )
        elif row.contract and ("." not in row.contract or field_of("", row.contract) is None):
            zh = f"没有表字段“{row.contract}”；请写成 表.字段，或留空并在 reason 写明原因。"
            en = f"there is no column {row.contract!r}; write table.column, or leave it empty and give a reason."
        elif not row.contract and not row.reason:
            zh = f"国家字段 {row.field} 没有对应的表字段，请在 reason 写明原因。"
            en = f"national field {row.field} has no column; say why in reason."
        seen.add((row.table, row.field))
        if zh:
            case.row_fault("catalogue/national_fields.csv", index, zh, en)


def _check_income_items(case: Case) -> None:
    items = [item.item for item in case.pack.income_items]
    codes = case.pack.codes.get("income_item")
    for index, item in enumerate(case.pack.income_items):
        zh = en = ""
        if item.item in items[:index]:
            zh, en = f"收支项目 {item.item} 重复，请删去一行。", f"income item {item.item} is listed twice; remove one."
        elif item.parent and item.parent not in items:
            zh, en = f"上级项目 {item.parent} 不存在，请改正。", f"there is no parent item {item.parent}; correct it."
        elif codes is not None and codes.canonical(item.item) != item.zh:
            zh = f"代码表 income_item 中没有“{item.item} {item.zh}”；请两处一致。"
            en = f"code list income_item has no {item.item} {item.zh!r}; make both say the same."
        if zh:
            case.row_fault("catalogue/income_items.csv", index, zh, en)


def check_schemes(case: Case) -> None:
    known = {row.region_code for row in case.pack.divisions.rows}
    for scheme in case.pack.schemes.values():
        name = f"scheme:{scheme.id}"
        check_once(case, name, ("items",), (item.id for item in scheme.items))
        check_period(case, name, scheme.valid_from, scheme.valid_to)
        if scheme.region and scheme.region not in known:
            _no_region(case, name, scheme.region)


def check_procedures(case: Case) -> None:
    """Steps once each; the parameter behind a number of days exists and counts days."""
    for procedure in case.pack.procedures.values():
        name = f"procedure:{procedure.id}"
        check_once(case, name, ("steps",), (step.id for step in procedure.steps))
        check_period(case, name, procedure.valid_from, procedure.valid_to)
        for index, step in enumerate(procedure.steps):
            if not step.days_min:
                continue
            parameter = case.pack.parameters.get(step.days_min)
            if parameter is None:
                zh, en = nearest(step.days_min, case.pack.parameters)
                case.fault(
                    name,
                    ("steps", index, "days_min"),
                    f"没有参数“{step.days_min}”{zh}",
                    f"there is no parameter {step.days_min!r}{en}",
                )
            elif parameter.unit != "days":
                case.fault(
                    name,
                    ("steps", index, "days_min"),
                    f"参数“{step.days_min}”的单位是 {parameter.unit}，这里需要天数（days）。",
                    f"parameter {step.days_min!r} counts {parameter.unit}; a number of days is needed here.",
                )


def check_figures(case: Case) -> None:
    """Every printed figure points to an indicator and a division, and is of the indicator's kind."""
    known = {row.region_code for row in case.pack.divisions.rows}
    for figure in case.pack.figures.values():
        name = f"figure:{figure.id}"
        if figure.region not in known:
            _no_region(case, name, figure.region)
        if figure.indicator in case.pack.indicators:
            _check_printed(case, figure)
            continue
        zh, en = nearest(figure.indicator, case.pack.indicators)
        case.fault(
            name,
            ("indicator",),
            f"没有指标“{figure.indicator}”{zh}",
            f"there is no indicator {figure.indicator!r}{en}",
        )


def _check_printed(case: Case, figure: PrintedFigure) -> None:
    labelled = case.pack.indicators[figure.indicator].kind == "label"
    if labelled or isinstance(figure.printed, Decimal):
        return
    case.fault(
        f"figure:{figure.id}",
        ("printed",),
        f"指标“{figure.indicator}”是数值，印出的“{figure.printed}”不是数；请写数字。",
        f"indicator {figure.indicator!r} is a number but {figure.printed!r} is printed; write a number.",
    )


def _no_region(case: Case, part: str, code: str) -> None:
    case.fault(
        part,
        ("region",),
        f"区划 {code} 不在 regions/divisions.csv 中；请改正代码。",
        f"division {code} is not in regions/divisions.csv; correct the code.",
    )
