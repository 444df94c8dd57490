"""Hold each rate against the limit in force: by the official figure, as the rule has it, and by the bound of ours."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from jingzhun.model.evaluation_report import DesignRate, Limit, OfficialRate, RateVerdict
from jingzhun.model.message import Message
from jingzhun.policy import Pack
from jingzhun.policy.rates import Rate


def limit_of(pack: Pack, rate: Rate, day: date) -> Limit | None:
    """The limit of a rate on a day, with its source. Raises ``NoValue`` where the pack has none for that day."""
    if not rate.limit:
        return None
    parameter, value = pack.parameters[rate.limit], pack.parameter_value(rate.limit, day)
    return Limit(
        parameter=rate.limit,
        says=Message(rate.limit, parameter.zh, parameter.en),
        side=rate.wants,
        percent=Decimal(value.value or 0),
        since=value.valid_from,
        scope=value.scope,
        source=value.source,
        mark=value.mark,
    )


def judged(
    limit: Limit, official: OfficialRate, design: DesignRate | None, if_upheld: float | None, level: float
) -> RateVerdict:
    """The verdict on one rate. What is not known is not passed: it stays unknown."""
    bound = None if design is None else design.bound(limit.side)
    by_point, by_bound = keeps(limit, official.rate), keeps(limit, bound)
    return RateVerdict(
        limit, by_point, by_bound, keeps(limit, if_upheld), _says(limit, official, bound, by_point, by_bound, level)
    )


def keeps(limit: Limit, share: float | None) -> bool | None:
    """Whether a share is strictly on the right side of the limit; one that lies on it is not."""
    if share is None:
        return None
    percent = Decimal(repr(share)) * 100
    return percent < limit.percent if limit.side == "below" else percent > limit.percent


def _says(
    limit: Limit,
    official: OfficialRate,
    bound: float | None,
    by_point: bool | None,
    by_bound: bool | None,
    level: float,
) -> Message:
    """The figures and the sentence they make; each verdict can be traced to parameter, day and source."""
    rule_zh = (
        f"{limit.says.zh} {limit.sign} {limit.percent}%（{limit.parameter}，{limit.since} 起，来源 {limit.source}）"
    )
    rule_en = f"{limit.says.en}: {limit.sign} {limit.percent}% ({limit.parameter}, since {limit.since}, {limit.source})"
    if official.rate is None or by_point is None:
        return Message(
            "unknown",
            f"{rule_zh}：缺分子或分母，算不出，不作通过；请补报后重新评估。",
            f"{rule_en}: numerator or denominator is missing, so it cannot be computed and is not passed; deliver what "
            "is missing and evaluate again.",
        )
    seen = f"{official.above:,.0f} / {official.below:,.0f} = {official.rate:.2%}"
    point_zh, point_en = ("达标", "kept") if by_point else ("未达标", "not kept")
    bound_zh, bound_en = _bound(limit, bound, by_bound, level)
    return Message(
        "judged",
        f"{rule_zh}：官方口径 {seen}，{point_zh}；{bound_zh}",
        f"{rule_en}: official figure {seen}, {point_en}; {bound_en}",
    )


def _bound(limit: Limit, bound: float | None, by_bound: bool | None, level: float) -> tuple[str, str]:
    which_zh, which_en = ("上界", "upper") if limit.side == "below" else ("下界", "lower")
    if bound is None:
        return f"样本太小，没有{which_zh}。", f"the sample is too small for an {which_en} bound."
    if by_bound:
        return (
            f"{level:.0%} 单侧{which_zh} {bound:.2%}，样本足以支持这一结论。",
            f"the one-sided {which_en} bound at {level:.0%} is {bound:.2%}, so the sample bears it out.",
        )
    return (
        f"{level:.0%} 单侧{which_zh} {bound:.2%}，样本不能排除越过限值；要更有把握，请扩大样本。",
        f"the one-sided {which_en} bound at {level:.0%} is {bound:.2%}: the sample does not exclude that the limit is "
        "crossed; draw a larger one to be surer.",
    )


def small_sample(rate: str, found: int, households: int, most: float | None, level: float) -> Message | None:
    """What nothing found means: not zero, but at most this."""
    if found or not households or most is None or rate not in ("wrong_exit", "omission", "inclusion_error"):
        return None
    return Message(
        "none_found",
        f"{households:,} 户中没有发现，不等于没有：{level:.0%} 的把握只能说不超过 {most:.2%}。",
        f"none found in {households:,} households is not none at all: at {level:.0%} it is at most {most:.2%}.",
    )
