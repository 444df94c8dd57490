"""From the sample and what the evaluators sent to the report: weights, rates, verdicts, and how each came about."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date

import numpy as np

from jingzhun.evaluation.accounts import case_lines, response_lines, stratum_lines, village_points, weight_lines
from jingzhun.evaluation.fault import NotEvaluable
from jingzhun.evaluation.methods import methods
from jingzhun.evaluation.places import Evidence, Gathered, arrays, gather
from jingzhun.evaluation.rates import (
    Count,
    Known,
    Survey,
    estimates,
    official,
    survey_of,
    upheld,
)
from jingzhun.evaluation.register import Cell, Register, known, margins
from jingzhun.evaluation.verdict import judged, limit_of, small_sample
from jingzhun.evaluation.weights import Contradiction, Places, Rules, Weights, weigh
from jingzhun.measurement.measured import Flags
from jingzhun.model import labels
from jingzhun.model.evaluation_report import (
    Area,
    DesignRate,
    EvaluationReport,
    MarginLine,
    OfficialRate,
    RateResult,
)
from jingzhun.model.message import Message
from jingzhun.policy import Pack
from jingzhun.policy.rates import Rate

READINGS = {"omission": ("omission", "omission_surveyed")}
"""The counts that a rate's official readings are, in the order of the pack, where there are several."""
DOUBTS = {
    "wrong_exit": (labels.DOUBT_EXIT,),
    "omission": (labels.DOUBT_OMITTED,),
    "composite": (labels.DOUBT_EXIT, labels.DOUBT_OMITTED),
    "exclusion_error": (labels.DOUBT_EXIT, labels.DOUBT_OMITTED),
    "inclusion_error": (labels.DOUBT_MISPLACED,),
    "approval": (),
}


@dataclass(frozen=True, slots=True)
class About:
    """What the report says of itself: the region, the day, and the fingerprints of what it was made from."""

    region: str
    region_name: str
    as_of: date
    snapshot: str
    sample: str
    survey: str
    seed: str
    synthetic: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """The whole survey, ready for questions about any area."""

    pack: Pack
    about: About
    register: Register
    gathered: Gathered
    survey: Survey
    beforehand: tuple[Message, ...]

    @property
    def places(self) -> Places:
        return self.survey.places


def evaluate(
    register: Register, evidence: Evidence, pack: Pack, about: About, beforehand: tuple[Message, ...] = ()
) -> EvaluationReport:
    """The report of an evaluation, whose remarks begin with what is known ``beforehand``.

    Raises ``NotEvaluable``, and ``NoValue`` for a limit that the pack lacks.
    """
    gathered = gather(evidence)
    if not any(place.answering for place in gathered.places):
        raise NotEvaluable(
            "没有一户样本户完成了调查，算不出任何一个率；请检查入户调查表里的样本户编号和访问结果。",
            "no household of the sample has answered, so no rate can be computed; check the numbers of the households "
            "and the outcomes in the table of visits.",
        )
    places, answers = arrays(gathered.places)
    counties = {place.village["county_code"] for place in gathered.places}
    rules = weight_rules(pack, about.as_of)
    cells, given = margins(register, gathered.places, frozenset(counties))
    try:
        weights = weigh(places, rules, given)
    except Contradiction as error:
        raise _contradicted(register, cells, error, rules) from error
    level = float(pack.number("confidence_level", about.as_of)) / 100
    effect = float(pack.number("evaluation_design_effect", about.as_of))
    asked = _Asked(pack, about, register, gathered, survey_of(places, answers, weights, level, effect), beforehand)
    left_alone = _not_calibrated([cells[int(at)] for at in np.flatnonzero(weights.joined < 0)], register, rules)
    lines = _margin_lines(register, cells, weights)
    return _report(asked, tuple(_areas(asked, sorted(counties))), lines, rules, left_alone)


def weight_rules(pack: Pack, day: date) -> Rules:
    """What the pack says of weights on a day."""
    return Rules(
        int(pack.number("evaluation_response_answers_min", day)),
        int(pack.number("evaluation_margin_answers_min", day)),
        float(pack.number("evaluation_weight_ratio_min", day)),
        float(pack.number("evaluation_weight_ratio_max", day)),
    )


def _contradicted(register: Register, cells: Sequence[Cell], error: Contradiction, rules: Rules) -> NotEvaluable:
    cell = cells[error.cell].says(register)
    return NotEvaluable(
        f"校准不成：权重加总不能同时等于各项已知合计；差得最远的是“{cell.zh}”一带，登记册有 {error.wanted:,.0f} 人，"
        f"权重倍数限在 {rules.ratio_min:g} 至 {rules.ratio_max:g} 之间只能到 {error.reached:,.0f} 人。"
        "多半是样本与快照不是同一时点，或有村的问卷没有收齐；请核对后再评估。",
        f"the weights cannot meet all known totals; farthest off is about {cell.en!r}: the register has "
        f"{error.wanted:,.0f} persons, and weights that move by {rules.ratio_min:g} to {rules.ratio_max:g} reach "
        f"{error.reached:,.0f}. Most likely the sample is not of this snapshot's day, or visits of some villages are "
        "missing; check them and evaluate again.",
    )


def _report(
    asked: _Asked,
    areas: tuple[Area, ...],
    margin_lines: tuple[MarginLine, ...],
    rules: Rules,
    left_alone: tuple[Message, ...],
) -> EvaluationReport:
    about, gathered, survey = asked.about, asked.gathered, asked.survey
    return EvaluationReport(
        **asdict(about),
        pack=asked.pack.version,
        pack_title=Message(asked.pack.meta.id, asked.pack.meta.zh, asked.pack.meta.en),
        level=survey.level,
        areas=areas,
        strata=stratum_lines(gathered.places),
        responses=response_lines(gathered.places, survey.places, survey.weights),
        margins=margin_lines,
        weights=weight_lines(survey.places, survey.weights),
        cases=case_lines(gathered, asked.register),
        villages=village_points(gathered, asked.register),
        known=_known_lines(_known_of(asked, None)),
        methods=methods(survey, rules, about.seed),
        remarks=(*asked.beforehand, *_far_from_done(asked), *gathered.remarks, *left_alone),
    )


def _far_from_done(asked: _Asked) -> Iterator[Message]:
    """What makes every verdict of little worth: hardly anybody asked, or no ledger of doubtful cases."""
    least = asked.pack.number("evaluation_completed_share_min", asked.about.as_of)
    places = asked.gathered.places
    done = sum(place.answering is not None for place in places)
    if done * 100 < least * len(places):
        yield Message(
            "far_from_done",
            f"只完成 {done:,} / {len(places):,} 户，不到设计的 {least:g}%：判定不能作数；请完成调查后再评估。",
            f"only {done:,} of {len(places):,} households have answered, fewer than {least:g}% of the design: the "
            "verdicts do not count; finish the survey and evaluate again.",
        )
    if not asked.gathered.cases_sent:
        yield Message(
            "no_cases",
            "没有收到疑似问题台账里的任何一行：没有记录，不等于没有错退和漏评；请核对台账是否已接收。",
            "no row of the ledger of doubtful cases was received: none recorded is not none found; check that the "
            "ledger was taken in.",
        )


def _not_calibrated(cells: Sequence[Cell], register: Register, rules: Rules) -> tuple[Message, ...]:
    """Known totals that the weights were not made to meet, because hardly anybody answered for them."""
    if not cells:
        return ()
    names = [cell.says(register) for cell in cells]
    listed_zh, listed_en = "、".join(name.zh for name in names), "; ".join(name.en for name in names)
    least = rules.margin_answers_min
    return (
        Message(
            "not_calibrated",
            f"这些已知合计完成户不足 {least} 户，没有用于校准：{listed_zh}。",
            f"these known totals have fewer than {least} answers and were not calibrated to: {listed_en}.",
        ),
    )


def _areas(asked: _Asked, counties: Sequence[str]) -> Iterator[Area]:
    """The whole region, and where it has several counties each of them."""
    about = asked.about
    yield Area(about.region, about.region_name, tuple(_results(asked, None)))
    if len(counties) < 2:
        return
    names = {one.county_code: one.county for one in asked.register.villages.values()}
    for county in counties:
        yield Area(county, names.get(county, county), tuple(_results(asked, county)))


def _inside(asked: _Asked, county: str | None) -> Flags:
    codes = [county in (None, place.village["county_code"]) for place in asked.gathered.places]
    return np.array(codes, np.bool_)


def _known_of(asked: _Asked, county: str | None) -> Known:
    places = [place for place in asked.gathered.places if county is None or place.village["county_code"] == county]
    villages = frozenset(place.asked_in for place in places if place.answering)
    return known(asked.register, frozenset(place.village["county_code"] for place in places), villages)


def _results(asked: _Asked, county: str | None) -> Iterator[RateResult]:
    inside, there = _inside(asked, county), _known_of(asked, county)
    survey = asked.survey
    if_upheld = Survey(
        survey.places, upheld(survey.answers), survey.weights, survey.design, survey.level, survey.design_effect
    )
    counts, designs = official(survey, there, inside), estimates(survey, there, inside)
    counts_upheld, designs_upheld = official(if_upheld, there, inside), estimates(if_upheld, there, inside)
    for name, rate in asked.pack.rates.items():
        readings = READINGS.get(name, (name,))
        yield _result(
            asked,
            rate,
            county,
            [counts[reading] for reading in readings if reading in counts],
            [counts_upheld[reading] for reading in readings if reading in counts_upheld],
            designs.get(name),
            designs_upheld.get(name),
        )


def _result(
    asked: _Asked,
    rate: Rate,
    county: str | None,
    counts: list[Count],
    counts_upheld: list[Count],
    design: DesignRate | None,
    design_upheld: DesignRate | None,
) -> RateResult:
    readings = tuple(_official(rate, at, count) for at, count in enumerate(counts) if at < len(rate.official))
    level = asked.survey.level
    upheld_cases, open_cases = _cases(asked, rate.id, county)
    point_upheld = counts_upheld[0].rate if counts_upheld and open_cases else None
    limit = limit_of(asked.pack, rate, asked.about.as_of)
    verdict = judged(limit, readings[0], design, point_upheld, level) if limit and readings else None
    none = small_sample(rate.id, upheld_cases, design.households, design.most, level) if design else None
    return RateResult(
        rate=rate.id,
        name=Message(rate.id, rate.zh, rate.en),
        official=readings,
        design=design,
        above_says=Message("above", rate.design.above_zh, rate.design.above_en),
        below_says=Message("below", rate.design.below_zh, rate.design.below_en),
        source=rate.design.source,
        found=upheld_cases,
        pending=open_cases,
        official_if_upheld=point_upheld,
        design_if_upheld=design_upheld if open_cases else None,
        verdict=verdict,
        remarks=tuple(one for one in (none, _missing(design), _open(open_cases, point_upheld)) if one),
    )


def _official(rate: Rate, at: int, count: Count) -> OfficialRate:
    words = rate.official[at]
    return OfficialRate(
        _finite(count.above),
        _finite(count.below) if count.below > 0 else None,
        count.rate,
        Message("above", words.above_zh, words.above_en),
        Message("below", words.below_zh, words.below_en),
        words.source,
        words.mark,
    )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _cases(asked: _Asked, rate: str, county: str | None) -> tuple[int, int]:
    """Cases upheld and cases open that the rate is about; for approval, households that do not approve."""
    if rate == "approval":
        told = asked.survey.answers.approves[_inside(asked, county)]
        return int((told == 0).sum()), 0
    about = [
        case["verdict"]
        for case, where in asked.gathered.cases
        if county in (None, where) and case["doubt"] in DOUBTS[rate]
    ]
    return about.count(labels.UPHELD), len(about) - about.count(labels.UPHELD) - about.count(labels.DISMISSED)


def _missing(design: DesignRate | None) -> Message | None:
    if design is None:
        return Message(
            "not_asked",
            "没有这一项所需的完成问卷或已知总数，按抽样设计算不出，不当作 0。",
            "nobody answered what this rate needs, or a known total is missing: there is no estimate, not zero.",
        )
    if not design.missing:
        return None
    return Message(
        "missing",
        f"{design.missing:,} 户完成了调查但缺这一项所需的回答，未计入，不当作 0。",
        f"households that answered but not what this rate needs, left out and not zero: {design.missing:,}.",
    )


def _open(cases: int, point_upheld: float | None) -> Message | None:
    if not cases:
        return None
    to_zh = f"，若全部属实，官方口径为 {point_upheld:.2%}" if point_upheld is not None else ""
    to_en = f"; if all were upheld the official figure would be {point_upheld:.2%}" if point_upheld is not None else ""
    return Message(
        "pending",
        f"另有 {cases} 个疑点尚无最终认定，没有计入{to_zh}。",
        f"cases without a final verdict yet, which do not count: {cases}{to_en}.",
    )


def _margin_lines(register: Register, cells: Sequence[Cell], weights: Weights) -> tuple[MarginLine, ...]:
    lines = []
    for group, (total, before, after) in enumerate(zip(weights.totals, weights.before, weights.after, strict=True)):
        names = tuple(cells[int(cell)].says(register) for cell in np.flatnonzero(weights.joined == group))
        lines.append(MarginLine(names, float(total), float(before), float(after)))
    return tuple(lines)


def _known_lines(there: Known) -> tuple[tuple[Message, float | None], ...]:
    return (
        (Message("exited", "脱贫人口（登记册）", "persons who left (register)"), _finite(there.exited)),
        (Message("poor", "未脱贫人口（登记册）", "persons still poor (register)"), _finite(there.poor)),
        (
            Message("outside", "未建档立卡农村人口（全员人口）", "rural persons outside the register (roster)"),
            _finite(there.outside),
        ),
        (Message("rural", "农业户籍人口（全员人口）", "rural population (roster)"), _finite(there.rural)),
    )
