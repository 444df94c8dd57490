"""Expressions: parsed against the table they speak of, of the type that is needed, with parameters that have values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from string import Formatter

from sqlglot import exp

from jingzhun.engine.expression import ExpressionError, Names, Want, parse_expression, used_names
from jingzhun.model import TABLES
from jingzhun.policy.binding import Binding
from jingzhun.policy.check.case import Case, nearest
from jingzhun.policy.check.references import check_once, check_period
from jingzhun.policy.pack import NoValue
from jingzhun.policy.schema import Indicator, Measure, MutualCheck
from jingzhun.policy.source import Place

_EXACT = "DECIMAL(38, 6)"
_FLOWS = ("register_households", "register_persons", "poor_households", "poor_persons")
_NEEDS_DENOMINATOR = ("ratio", "mean")


def _check_labels(case: Case, part: str, place: Place, tree: exp.Expression, table: str) -> None:
    """Values that a code column is compared with must be labels of its list: a misspelt one would count nothing."""
    for column, value in _compared(tree):
        if column not in TABLES[table].column_names:
            continue
        codes = case.pack.codes.get(TABLES[table].column(column).codes)
        known = {item.label for item in codes.items} if codes is not None else {value}
        if codes is None or value in known:
            continue
        zh, en = nearest(value, known)
        case.fault(
            part,
            place,
            f"“{value}”不是代码表“{codes.id}”的标签，{column} 不会等于它{zh}",
            f"{value!r} is not a label of code list {codes.id!r}, so {column} never equals it{en}",
        )


def _compared(tree: exp.Expression) -> Iterator[tuple[str, str]]:
    """Pairs of column and text that the expression compares for equality."""
    for node in tree.find_all(exp.EQ, exp.NEQ, exp.In):
        sides = [node.this, *(node.expressions if isinstance(node, exp.In) else [node.expression])]
        columns = [side.name for side in sides if isinstance(side, exp.Column) and not side.table]
        texts = [side.name for side in sides if isinstance(side, exp.Literal) and side.is_string]
        yield from ((column, text) for column in columns for text in texts)


def check_expression(
    case: Case, part: str, place: Place, text: str, names: Names, want: Want = "any", table: str = ""
) -> set[str]:
    """Report what is wrong with one expression. Returns the spaces of names that it uses: ``p``, ``F010`` …"""
    try:
        tree = parse_expression(text, names, want)
    except ExpressionError as error:
        case.fault(part, place, error.zh, f"{error.en} [{text}]")
        return set()
    if table:
        _check_labels(case, part, place, tree, table)
    for parameter in used_names(tree, "p"):
        _check_value(case, part, place, parameter)
    return {space for space in names.spaces if next(used_names(tree, space), None)}


def _check_value(case: Case, part: str, place: Place, parameter: str) -> None:
    pack = case.pack
    end = pack.meta.valid_to or date.max
    starts = [value.valid_from for value in pack.parameters[parameter].values if value.valid_from < end]
    for day in (pack.meta.valid_from, *starts):
        try:
            pack.parameter_value(parameter, day)
        except NoValue:
            continue
        return
    case.fault(
        part,
        place,
        f"参数“{parameter}”在政策包的有效期和范围内没有取值；请在 parameters/ 补上。",
        f"parameter {parameter!r} has no value within the pack's period and scopes; add one in parameters/.",
    )


def _names(case: Case, table: str) -> Names:
    return Names.of(TABLES[table], {"p": _parameters(case)})


def _parameters(case: Case) -> dict[str, str]:
    return Binding(case.pack, date.min, date.min).parameter_names


def check_indicators(case: Case) -> None:
    """Measures over real tables; ratios with a denominator; labels with a label."""
    for indicator in case.pack.indicators.values():
        _check_measure(case, indicator, "numerator", indicator.numerator)
        if indicator.denominator is not None:
            _check_measure(case, indicator, "denominator", indicator.denominator)
        _check_kind(case, indicator)


def _check_measure(case: Case, indicator: Indicator, where: str, measure: Measure) -> None:
    part = f"indicator:{indicator.id}"
    if measure.table not in TABLES:
        zh, en = nearest(measure.table, TABLES)
        case.fault(part, (where, "table"), f"没有表“{measure.table}”{zh}", f"there is no table {measure.table!r}{en}")
        return
    names = _names(case, measure.table)
    check_expression(case, part, (where, "where"), measure.where, names, "boolean", measure.table)
    if measure.value:
        check_expression(case, part, (where, "value"), measure.value, names, "number", measure.table)
    if measure.distinct:
        check_expression(case, part, (where, "distinct"), measure.distinct, names, "any", measure.table)
    if where == "numerator" and indicator.label:
        check_expression(case, part, ("label",), indicator.label, names, "text")


def _check_kind(case: Case, indicator: Indicator) -> None:
    part, kind = f"indicator:{indicator.id}", indicator.kind
    if kind in _NEEDS_DENOMINATOR and indicator.denominator is None:
        case.fault(
            part, ("kind",), f"kind: {kind} 需要 denominator，请补上。", f"kind {kind} needs a denominator; add it."
        )
    if kind in ("count", "sum", "label") and indicator.denominator is not None:
        case.fault(
            part,
            ("denominator",),
            f"kind: {kind} 没有分母；请删去 denominator 或改用 ratio。",
            f"kind {kind} has no denominator; remove it or use ratio.",
        )
    if (kind == "label") != bool(indicator.label):
        case.fault(
            part,
            ("kind",),
            "kind: label 要写 label 表达式，其他种类不写；请改正其一。",
            "kind label needs a label expression and other kinds have none; correct one of them.",
        )
    if kind == "sum" and not indicator.numerator.value:
        case.fault(
            part, ("numerator",), "kind: sum 需要写 value，请补上。", "kind sum needs a value to add up; add it."
        )
    if indicator.per <= 0 or indicator.times <= 0:
        case.fault(part, ("per",), "times 和 per 必须是正整数。", "times and per must be positive.")


def check_exits(case: Case) -> None:
    """Criteria over the facts of their subject; a criterion's verdict is true, false or unknown."""
    for standard in case.pack.exits.values():
        part = f"exit:{standard.id}"
        names = _names(case, f"{standard.subject}_facts")
        check_once(case, part, ("criteria",), (criterion.id for criterion in standard.criteria))
        check_period(case, part, standard.valid_from, standard.valid_to)
        for index, criterion in enumerate(standard.criteria):
            check_expression(case, part, ("criteria", index, "passed"), criterion.passed, names, "boolean")
            check_expression(case, part, ("criteria", index, "seen"), criterion.seen, names)
            check_expression(case, part, ("criteria", index, "wanted"), criterion.wanted, names)


def check_mutual_checks(case: Case) -> None:
    """Checks between figures that exist; messages that show only values that the check computes."""
    names = _figure_names(case)
    for check in case.pack.checks.values():
        part = f"check:{check.id}"
        used = check_expression(case, part, ("holds",), check.holds, names, "boolean")
        for name, text in check.values.items():
            used |= check_expression(case, part, ("values", name), text, names)
        _check_figures_listed(case, check, used - {"p", "FLOW"})
        _check_messages(case, check)


def _figure_names(case: Case) -> Names:
    spaces: dict[str, dict[str, str]] = {"p": _parameters(case), "FLOW": dict.fromkeys(_FLOWS, "BIGINT")}
    for figure in case.pack.figures.values():
        indicator = case.pack.indicators.get(figure.indicator)
        kind = "VARCHAR" if indicator is not None and indicator.kind == "label" else _EXACT
        spaces[figure.id] = {"value": kind, "printed": kind, "numerator": _EXACT, "denominator": _EXACT}
        spaces[figure.id] |= {"pairs": "BIGINT", "row_count": "BIGINT"}
    return Names({}, spaces)


def _check_figures_listed(case: Case, check: MutualCheck, used: set[str]) -> None:
    part = f"check:{check.id}"
    for index, figure in enumerate(check.figures):
        if figure not in case.pack.figures:
            zh, en = nearest(figure, case.pack.figures)
            case.fault(part, ("figures", index), f"没有数字“{figure}”{zh}", f"there is no figure {figure!r}{en}")
    for figure in sorted(used - set(check.figures)):
        case.fault(
            part,
            ("figures",),
            f"表达式用到 {figure}，但 figures 中没有列出；请补上。",
            f"the expressions use {figure}, which figures does not list; add it.",
        )


def _check_messages(case: Case, check: MutualCheck) -> None:
    for field in ("pass_zh", "pass_en", "fail_zh", "fail_en"):
        try:
            shown = {name for _, name, _, _ in Formatter().parse(getattr(check, field)) if name is not None}
        except ValueError as error:
            case.fault(
                f"check:{check.id}",
                (field,),
                f"“{field}”的花括号不成对：{error}；请改正。",
                f"the braces of {field!r} do not match: {error}; correct them.",
            )
            continue
        for name in sorted(shown - set(check.values)):
            zh, en = nearest(name, check.values)
            case.fault(
                f"check:{check.id}",
                (field,),
                f"“{field}”要显示“{name}”，但 values 中没有它{zh}",
                f"{field!r} shows {name!r}, which is not among values{en}",
            )
