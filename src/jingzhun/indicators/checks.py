"""The mutual checks of the answer sheet: sentences that must hold between figures, judged on exact values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from jingzhun.engine import Engine, Names
from jingzhun.engine.expression import Value
from jingzhun.indicators.ratios import integer_pairs
from jingzhun.model.answers import Answer, FlowLine, Outcome, Verdict
from jingzhun.model.message import Message
from jingzhun.policy import Pack
from jingzhun.policy.binding import Binding
from jingzhun.policy.schema import MutualCheck

MOST_PAIRS_FOR = 1000
"""Above this denominator every printed percentage is possible, and pairs are not worth counting."""
_EXACT = "DECIMAL(38, 6)"


def judge(
    engine: Engine, pack: Pack, as_of: date, answers: Mapping[str, Answer], flows: tuple[FlowLine, ...]
) -> tuple[Verdict, ...]:
    """Judge every check of the pack that concerns the sheet. ``answers`` has every figure of the sheet by its id.

    A check of which only a part is on the sheet, or a figure has no value, is not computable; one of other divisions'
    figures altogether is left to their sheet.
    """
    spaces, values = _figures(answers)
    flow_space, flow_values = _flow_values(flows)
    binding = Binding(pack, as_of, date(as_of.year, 1, 1))
    names = Names({}, spaces | flow_space | {"p": binding.parameter_names})
    concerned = (
        check for check in pack.checks.values() if not check.figures or not answers.keys().isdisjoint(check.figures)
    )
    return tuple(_judge(engine, binding, check, names, values | flow_values, answers) for check in concerned)


def _figures(answers: Mapping[str, Answer]) -> tuple[dict[str, dict[str, str]], dict[str, Value]]:
    spaces: dict[str, dict[str, str]] = {}
    values: dict[str, Value] = {}
    for figure, answer in answers.items():
        text = isinstance(answer.value, str)
        spaces[figure] = {"value": "VARCHAR" if text else _EXACT, "printed": "VARCHAR" if text else _EXACT}
        spaces[figure] |= {"numerator": _EXACT, "denominator": _EXACT, "pairs": "BIGINT", "row_count": "BIGINT"}
        values |= {
            f"{figure}.value": answer.value,
            f"{figure}.printed": str(answer.printed) if text and answer.printed is not None else answer.printed,
            f"{figure}.numerator": answer.numerator,
            f"{figure}.denominator": answer.denominator,
            f"{figure}.row_count": answer.row_count,
            f"{figure}.pairs": _pairs(answer),
        }
    return spaces, values


def _pairs(answer: Answer) -> int | None:
    if answer.unit.strip()[:1] != "%" or not isinstance(answer.printed, Decimal) or not answer.denominator:
        return None
    if not 0 <= answer.printed <= 100:
        return 0
    largest = min(int(answer.denominator), MOST_PAIRS_FOR)
    return len(integer_pairs(answer.printed, answer.decimals, largest))


def _flow_values(flows: tuple[FlowLine, ...]) -> tuple[dict[str, dict[str, str]], dict[str, Value]]:
    lines = {f"{stock}_{counted}": None for stock in ("register", "poor") for counted in ("households", "persons")}
    found: dict[str, Value] = {**lines, **{f"{line.stock}_{line.counted}": line.difference for line in flows}}
    return {"FLOW": dict.fromkeys(found, "BIGINT")}, {f"FLOW.{name}": value for name, value in found.items()}


def _judge(
    engine: Engine,
    binding: Binding,
    check: MutualCheck,
    names: Names,
    values: Mapping[str, Value],
    answers: Mapping[str, Answer],
) -> Verdict:
    what = Message(check.id, check.zh, check.en)
    missing = [figure for figure in check.figures if figure not in answers or answers[figure].value is None]
    if missing:
        listed = ", ".join(missing)
        message = Message(
            check.id, f"无法核对：本答卷没有 {listed}。", f"Cannot be checked: {listed} not in this sheet."
        )
        return Verdict(check.id, "not_computable", check.figures, what, message)
    holds = _value(engine, binding, check.holds, names, values)
    shown = {name: _shown(_value(engine, binding, text, names, values)) for name, text in check.values.items()}
    outcome: Outcome = "passed" if holds is True else "not_computable" if holds is None else check.otherwise
    zh, en = (check.pass_zh, check.pass_en) if holds is True else (check.fail_zh, check.fail_en)
    return Verdict(
        check.id, outcome, check.figures, what, Message(check.id, zh.format_map(shown), en.format_map(shown))
    )


def _value(engine: Engine, binding: Binding, text: str, names: Names, values: Mapping[str, Value]) -> object:
    bound = binding.bind_names(text, names, "any", "", values)
    return engine.rows(f"SELECT {bound.sql} AS x")[0]["x"]


def _shown(value: object) -> str:
    """A number as people write it: thousands separated, no trailing zeros, at most two decimals."""
    if value is None:
        return "—"
    if isinstance(value, (Decimal, float)):
        rounded = f"{Decimal(str(value)):,.2f}"
        return rounded.rstrip("0").rstrip(".")
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)
