"""Every measure that a request may name, with its arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from jingzhun.measurement import estimate
from jingzhun.measurement.changes import changed
from jingzhun.measurement.deprivation import Profile, alkire_foster, profile, subgroup_contributions
from jingzhun.measurement.design import Design
from jingzhun.measurement.distributions import normal_quantile
from jingzhun.measurement.estimate import Estimate
from jingzhun.measurement.fault import NotMeasurable
from jingzhun.measurement.inequality import gini, mean_log_deviation, quintile_share_ratio
from jingzhun.measurement.measured import Flags, Floats, Measured
from jingzhun.measurement.poverty import (
    Line,
    fgt,
    given_line,
    mean_line,
    median_line,
    median_of_poor,
    relative_median_gap,
    watts,
)
from jingzhun.measurement.quantile_estimate import quantile_estimate
from jingzhun.measurement.request import Asked
from jingzhun.measurement.request_table import Frame
from jingzhun.measurement.small_area import fay_herriot
from jingzhun.measurement.targeting import exclusion_error, inclusion_error
from jingzhun.measurement.what_if import Rule, what_if


@dataclass(frozen=True, slots=True)
class Component:
    """One of what a measure gives: its name (H, A, M0, …; none for the only one), and of which area it speaks."""

    name: str | None
    found: Measured | Estimate
    group: Any = None


Components = list[Component]
RELATIVE = {"mean": mean_line, "median": median_line}


@dataclass(frozen=True, slots=True)
class Situation:
    """What a measure may ask for: the data, the design, and what was written beside it.

    ``everybody`` (rows,) are the rows of the whole request, of which a national line is taken, ``domain`` (rows,) those
    that the estimate is about.
    """

    frame: Frame
    design: Design
    everybody: Flags
    domain: Flags
    asked: Asked
    level: float

    @property
    def weights(self) -> Floats:
        return self.design.weights

    def argument(self, name: str, default: Any = None) -> Any:
        return self.asked.arguments.get(name, default)

    def numbers(self, name: str) -> Floats:
        """An argument's values, (rows,)."""
        return self.frame.numbers(self.argument(name), self._called(name))

    def number(self, name: str, default: float | None = None) -> float:
        """An argument that is one number for all rows. Raises ``NotMeasurable``."""
        value, called = self.argument(name, default), self._called(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise NotMeasurable(f"{called}：“{value}”应为一个数。", f"{called}: {value!r} must be one number.")
        return float(value)

    def truth(self, name: str, default: bool) -> bool:
        """An argument that is yes or no. Raises ``NotMeasurable``."""
        value, called = self.argument(name, default), self._called(name)
        if not isinstance(value, bool):
            raise NotMeasurable(
                f"{called}：“{value}”应为 true 或 false。", f"{called}: {value!r} must be true or false."
            )
        return value

    def named(self, name: str) -> dict[str, Any]:
        """An argument that gives something for each of several names. Raises ``NotMeasurable``."""
        value, called = self.argument(name), self._called(name)
        if not isinstance(value, dict) or not value:
            raise NotMeasurable(f"{called}：应写成“名称: 值”的列表。", f"{called}: give names, each with its value.")
        return value

    def line(self, y: Floats) -> Line:
        """The poverty line: an expression, or a share of a mean or median of everybody, or of the group if ``own``."""
        given, called = self.argument("line"), self._called("line")
        if not isinstance(given, dict):
            return given_line(self.frame.numbers(given, called), self.design.rows)
        kinds = [kind for kind in RELATIVE if kind in given]
        if len(kinds) != 1 or set(given) - {*RELATIVE, "weighted"}:
            raise NotMeasurable(
                f"{called}：应写成 {{mean: 1.0}} 或 {{median: 0.6}}，需要时加 weighted: false。",
                f"{called}: write {{mean: 1.0}} or {{median: 0.6}}, with weighted: false if wanted.",
            )
        share = given[kinds[0]]
        if isinstance(share, bool) or not isinstance(share, (int, float)):
            raise NotMeasurable(f"{called}：“{share}”应为一个数。", f"{called}: {share!r} must be one number.")
        return self.relative_line(y, kinds[0], float(share), weighted=given.get("weighted", True) is True)

    def relative_line(self, y: Floats, kind: str, fraction: float, *, weighted: bool = True) -> Line:
        base = self.domain if self.truth("own", False) else self.everybody
        return RELATIVE[kind](y, self.weights, fraction, base, weighted=weighted)

    def _called(self, name: str) -> str:
        return f"{self.asked.id}.{name}"


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: what it is called, its arguments, and how it is worked out."""

    zh: str
    en: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    work_out: Callable[[Situation], Components]


def _one(work_out: Callable[[Situation], Measured | Estimate]) -> Callable[[Situation], Components]:
    return lambda at: [Component(None, work_out(at))]


def _quantile(at: Situation) -> Estimate:
    return quantile_estimate(at.numbers("y"), at.design, at.number("p"), at.domain, level=at.level)


def _fgt(at: Situation) -> Measured:
    y = at.numbers("y")
    alpha, strict = at.number("alpha", 0), at.truth("strict", True)
    return fgt(y, at.weights, at.line(y), alpha, strict=strict, domain=at.domain)


def _watts(at: Situation) -> Measured:
    y = at.numbers("y")
    return watts(y, at.weights, at.line(y), strict=at.truth("strict", True), domain=at.domain)


def _at_risk_line(at: Situation) -> tuple[Floats, Line]:
    y = at.numbers("y")
    return y, at.relative_line(y, "median", at.number("p", 0.6))


def _arpt(at: Situation) -> Measured:
    _, line = _at_risk_line(at)
    return Measured(float(line.value[0]), line.influence, {})


def _arpr(at: Situation) -> Measured:
    y, line = _at_risk_line(at)
    return fgt(y, at.weights, line, domain=at.domain)


def _poormed(at: Situation) -> Measured:
    y, line = _at_risk_line(at)
    return median_of_poor(y, at.weights, line, at.domain)


def _rmpg(at: Situation) -> Measured:
    y, line = _at_risk_line(at)
    return relative_median_gap(y, at.weights, line, at.domain)


def _profile(at: Situation) -> Profile:
    indicators = {
        name: at.frame.numbers(condition, f"{at.asked.id}.indicators.{name}")
        for name, condition in at.named("indicators").items()
    }
    weights = at.named("weights") if at.argument("weights") is not None else None
    return profile(indicators, weights, missing=at.argument("missing", "drop"))


def _af(at: Situation) -> Components:
    of = _profile(at)
    cut_offs = at.argument("k")
    several = isinstance(cut_offs, list)
    if cut_offs == []:
        raise NotMeasurable(
            f"{at.asked.id}.k：没有给出临界值；请至少写一个。",
            f"{at.asked.id}.k: there is no cut-off; give one or more.",
        )
    return [
        Component(f"{name}@{k}" if several else name, measured)
        for k in (cut_offs if several else [cut_offs])
        for name, measured in alkire_foster(of, at.weights, k, at.domain).items()
    ]


def _af_change(at: Situation) -> Components:
    """Each measure's change from the rows of ``before`` to those of ``after``, where it was above 0 before."""
    of, k = _profile(at), at.argument("k")
    years = at.number("years", 1)
    domains = [at.domain & at.frame.flags(at.argument(name), f"{at.asked.id}.{name}") for name in ("before", "after")]
    before, after = (alkire_foster(of, at.weights, k, domain) for domain in domains)
    found: Components = []
    for name, one in before.items():
        if one.value > 0 and name in after:
            changes = changed(one, after[name], years)
            parts = {"absolute": changes.absolute, "relative": changes.relative, "annual": changes.annual}
            found += [Component(f"{name}.{part}", measured) for part, measured in parts.items()]
    return found


def _af_groups(at: Situation) -> Components:
    """The part of each group in the whole's M0; the groups are those of the values of ``groups``."""
    labels = at.frame.texts(at.argument("groups"), f"{at.asked.id}.groups")
    told = sorted({label for label, used in zip(labels, at.domain, strict=True) if used}, key=_by_kind)
    number = {label: place for place, label in enumerate(told)}
    codes = np.array([number.get(label, -1) for label in labels], np.int64)
    parts = subgroup_contributions(_profile(at), at.weights, at.argument("k"), codes, len(told), at.domain)
    return [Component("contribution", part, label) for label, part in zip(told, parts, strict=True)]


def _by_kind(label: Any) -> tuple[int, str | float]:
    """Numbers first, then texts, then what is empty."""
    if label is None:
        return 2, ""
    return (0, float(label)) if isinstance(label, (int, float)) else (1, str(label))


def _what_if(at: Situation) -> Components:
    criteria = {
        name: at.frame.numbers(expression, f"{at.asked.id}.criteria.{name}")[at.domain]
        for name, expression in at.named("criteria").items()
    }
    now = at.named("now")
    rules = [_rule(at, "now", now), _rule(at, "then", now | at.named("then"))]
    found = what_if(at.numbers("y")[at.domain], criteria, at.weights[at.domain], *rules)
    made: Components = []
    for name, difference in found.change.items():
        each = {"now": found.now.measures[name], "then": found.then.measures[name], "change": difference}
        made += [Component(f"{name}.{when}", _everywhere(one, at.domain)) for when, one in each.items()]
    return made


def _rule(at: Situation, name: str, given: dict[str, Any]) -> Rule:
    called = f"{at.asked.id}.{name}"
    if strange := set(given) - {"transfer"} ^ {"points", "quota", "line"}:
        raise NotMeasurable(
            f"{called}：应写 points、quota、line，可加 transfer；对不上的有 {'、'.join(sorted(strange))}。",
            f"{called}: write points, quota and line, and transfer if wanted; amiss are {', '.join(sorted(strange))}.",
        )
    points, quota = given["points"], given["quota"]
    if not isinstance(points, dict) or not all(map(_is_number, points.values())) or not _is_number(quota):
        raise NotMeasurable(
            f"{called}：points 应为“名称: 分值”，quota 应为一个数。",
            f"{called}: points must give each name its number, and quota be one number.",
        )
    line, paid = (at.frame.numbers(given.get(key, 0), f"{called}.{key}")[at.domain] for key in ("line", "transfer"))
    return Rule(points, quota, line, paid)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _everywhere(measured: Measured, domain: Flags) -> Measured:
    """A measure of the rows of ``domain`` alone as one of all rows."""
    if measured.influence is None:
        return measured
    whole = np.zeros(len(domain))
    whole[domain] = measured.influence
    return Measured(measured.value, whole, measured.left_out)


def _targeting(at: Situation) -> Components:
    poor, helped = at.numbers("poor"), at.numbers("beneficiary")
    return [
        Component("exclusion_error", exclusion_error(poor, helped, at.weights, at.domain)),
        Component("inclusion_error", inclusion_error(poor, helped, at.weights, at.domain)),
    ]


def _fay_herriot(at: Situation) -> Components:
    """Every row of the data is an area; what explains it is one expression or a list of them, beside a constant."""
    rows = np.flatnonzero(at.domain)
    given = at.argument("x")
    names = given if isinstance(given, list) else [given]
    explains = [at.frame.numbers(name, f"{at.asked.id}.x")[rows] for name in names]
    x = np.column_stack([np.ones(len(rows)), *explains])
    fitted = fay_herriot(at.numbers("y")[rows], x, at.numbers("variance")[rows])
    areas = at.frame.texts(at.argument("area"), f"{at.asked.id}.area")[rows]
    reach = normal_quantile((1 + at.level) / 2)
    return [
        Component(None, Estimate(value, se, (value - reach * se, value + reach * se), 0, 1), area)
        for area, value, se in zip(areas, fitted.eblup.tolist(), np.sqrt(fitted.mse).tolist(), strict=True)
    ] + [
        Component(f"beta.{name}", Estimate(value, se, (value - reach * se, value + reach * se), 0, len(rows)))
        for name, value, se in zip(["constant", *names], fitted.beta.tolist(), fitted.beta_se.tolist(), strict=True)
    ]


MEASURES: Mapping[str, Measure] = {
    "mean": Measure(
        "加权均值", "weighted mean", ("y",), (), _one(lambda at: estimate.mean(at.numbers("y"), at.design, at.domain))
    ),
    "total": Measure(
        "加权总计", "weighted total", ("y",), (), _one(lambda at: estimate.total(at.numbers("y"), at.design, at.domain))
    ),
    "ratio": Measure(
        "两个总计之比",
        "ratio of two totals",
        ("y", "x"),
        (),
        _one(lambda at: estimate.ratio(at.numbers("y"), at.numbers("x"), at.design, at.domain)),
    ),
    "quantile": Measure(
        "分位数（区间用 Woodruff 法）",
        "quantile, with Woodruff's interval",
        ("y", "p"),
        (),
        _one(_quantile),
    ),
    "fgt": Measure(
        "FGT 贫困指数：0 发生率，1 缺口率，2 平方缺口率",
        "Foster–Greer–Thorbecke: 0 headcount, 1 gap, 2 squared gap",
        ("y", "line"),
        ("alpha", "strict", "own"),
        _one(_fgt),
    ),
    "watts": Measure("Watts 指数", "Watts index", ("y", "line"), ("strict", "own"), _one(_watts)),
    "arpt": Measure("贫困风险线", "at-risk-of-poverty threshold", ("y",), ("p", "own"), _one(_arpt)),
    "arpr": Measure("贫困风险率", "at-risk-of-poverty rate", ("y",), ("p", "own"), _one(_arpr)),
    "poormed": Measure("贫困者收入中位数", "median income of the poor", ("y",), ("p", "own"), _one(_poormed)),
    "rmpg": Measure("相对中位数贫困差距", "relative median poverty gap", ("y",), ("p", "own"), _one(_rmpg)),
    "qsr": Measure(
        "五分位份额比（S80/S20）",
        "quintile share ratio (S80/S20)",
        ("y",),
        ("form",),
        _one(
            lambda at: quintile_share_ratio(
                at.numbers("y"), at.weights, at.domain, form=at.argument("form", "standard")
            )
        ),
    ),
    "gini": Measure(
        "基尼系数（写法 standard 或 convey）",
        "Gini coefficient, form standard or convey",
        ("y",),
        ("form",),
        _one(lambda at: gini(at.numbers("y"), at.weights, at.domain, form=at.argument("form", "standard"))),
    ),
    "mld": Measure(
        "平均对数离差",
        "mean log deviation",
        ("y",),
        (),
        _one(lambda at: mean_log_deviation(at.numbers("y"), at.weights, at.domain)),
    ),
    "af": Measure(
        "多维贫困（Alkire–Foster）：H、A、M0、各项剥夺率和贡献",
        "multidimensional poverty (Alkire–Foster): H, A, M0, headcounts, contributions",
        ("indicators", "k"),
        ("weights", "missing"),
        _af,
    ),
    "af_change": Measure(
        "多维贫困的变化：从 before 到 after 的行，绝对、相对和年均，相隔 years 年",
        "change of multidimensional poverty from the rows of before to those of after: absolute, relative, a year's",
        ("indicators", "k", "before", "after"),
        ("weights", "missing", "years"),
        _af_change,
    ),
    "af_groups": Measure(
        "各组对多维贫困 M0 的贡献（合计为 1）",
        "each group's part of multidimensional poverty M0 (adding up to 1)",
        ("indicators", "k", "groups"),
        ("weights", "missing"),
        _af_groups,
    ),
    "what_if": Measure(
        "换一条规则会怎样：分值（points）、名额（quota）、线（line）、补助（transfer）由 now 改为 then",
        "another rule: points, quota, line and transfer changed from now to then",
        ("y", "criteria", "now", "then"),
        (),
        _what_if,
    ),
    "fay_herriot": Measure(
        "小区域估计（Fay–Herriot，REML）：每行一个区域",
        "small-area estimates (Fay–Herriot, REML): each row an area",
        ("y", "x", "variance", "area"),
        (),
        _fay_herriot,
    ),
    "targeting": Measure(
        "瞄准：漏评率（贫困未受益）和错评率（受益不贫困）",
        "targeting: exclusion error (poor, not helped), inclusion error (helped, not poor)",
        ("poor", "beneficiary"),
        (),
        _targeting,
    ),
}
"""Measures by the names that a request uses."""
