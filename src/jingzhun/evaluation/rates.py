"""The four rates of an evaluation, by the official rule and as estimates from the design, and the register's errors.

Rows are the places of the sample; people are counted by household. What a household's case has not been decided yet is
kept apart: the rates say what they would be if all of it were upheld.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from jingzhun.evaluation.weights import Places, Weights, degrees_of_freedom, residuals, variance_design
from jingzhun.measurement.design import Design
from jingzhun.measurement.intervals import clopper_pearson, effective_size, kish
from jingzhun.measurement.measured import Flags, Floats
from jingzhun.measurement.variance import variance_of_total
from jingzhun.model.evaluation_report import DesignRate

EXITED, POOR, OUTSIDE = 0, 1, 2
"""Codes of ``Places.subject``."""


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What was found at each place: persons of upheld cases, persons of cases not decided, and the household's word.

    ``approves`` is 1, 0, or NaN where the question was not answered.
    """

    wrong: Floats
    omitted: Floats
    misplaced: Floats
    wrong_pending: Floats
    omitted_pending: Floats
    approves: Floats


@dataclass(frozen=True, slots=True)
class Known:
    """Persons that the register and the roster know of the area; NaN where nobody delivered them.

    ``asked_villages`` are the persons outside the register in the villages that were drawn and asked.
    """

    exited: float
    poor: float
    outside: float
    rural: float
    asked_villages: float

    @property
    def complete(self) -> bool:
        return math.isfinite(self.exited + self.poor + self.outside + self.rural) and self.rural > 0


@dataclass(frozen=True, slots=True)
class Count:
    """A rate by the official rule: one count over another. ``None`` where it has no denominator."""

    above: float
    below: float

    @property
    def rate(self) -> float | None:
        return self.above / self.below if self.below > 0 else None


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """A weighted sample with its design and its degrees of freedom, ready to be asked."""

    places: Places
    answers: Answers
    weights: Weights
    design: Design
    level: float
    design_effect: float
    """What is assumed of the villages where nothing was found and the sample cannot say it."""


def survey_of(places: Places, answers: Answers, weights: Weights, level: float, design_effect: float) -> Survey:
    return Survey(places, answers, weights, variance_design(places, weights.final), level, design_effect)


def official(survey: Survey, known: Known, inside: Flags) -> dict[str, Count]:
    """The official rates of the places ``inside``: what was found over what was asked, each person counting once."""
    places, answers = survey.places, survey.answers
    asked = places.answered & inside & np.isfinite(places.persons)
    exited, outside = asked & (places.subject == EXITED), asked & (places.subject == OUTSIDE)
    told = places.answered & inside & np.isfinite(answers.approves)
    wrong = Count(_sum(answers.wrong, exited), _sum(places.persons, exited))
    omitted = _sum(answers.omitted, outside)
    # Where nobody outside the register answered, none found is not known rather than zero.
    omission = Count(omitted, known.asked_villages) if outside.any() else Count(math.nan, 0.0)
    return {
        "wrong_exit": wrong,
        "omission": omission,
        "omission_surveyed": Count(omitted, _sum(places.persons, outside)),
        "approval": Count(_sum(answers.approves, told), float(told.sum())),
        "composite": _composite(wrong, omission, known),
    }


def _composite(wrong: Count, omission: Count, known: Known) -> Count:
    """Still poor, and both rates times the persons they stand for, over the rural population."""
    if wrong.rate is None or omission.rate is None or not known.complete:
        return Count(math.nan, 0.0)
    return Count(known.poor + wrong.rate * known.exited + omission.rate * known.outside, known.rural)


def estimates(survey: Survey, known: Known, inside: Flags) -> dict[str, DesignRate]:
    """The rates of the places ``inside`` as the design estimates them; one that nobody answered for is left out."""
    places, answers = survey.places, survey.answers
    of = {kind: inside & places.answered & (places.subject == kind) for kind in (EXITED, POOR, OUTSIDE)}
    ones = np.ones(places.count)
    parts = {
        "wrong_exit": _ratio(survey, answers.wrong, places.persons, of[EXITED]),
        "omission": _ratio(survey, answers.omitted, places.persons, of[OUTSIDE]),
        "approval": _ratio(survey, answers.approves, ones, inside & places.answered),
        "inclusion_error": _ratio(survey, answers.misplaced, places.persons, of[POOR]),
    }
    found = {name: _estimated(survey, part) for name, part in parts.items() if part is not None}
    wrong, omission = parts["wrong_exit"], parts["omission"]
    if wrong is None or omission is None or not known.complete:
        return found
    both = _together(survey, (wrong, found["wrong_exit"]), (omission, found["omission"]), known)
    found["composite"] = _changed(both, lambda share: share + known.poor / known.rural, 1.0)
    if "inclusion_error" in found:
        rest = known.poor * (1 - found["inclusion_error"].rate) / known.rural
        steep = rest / (both.rate + rest) ** 2 if rest > 0 else 0.0
        found["exclusion_error"] = _changed(both, lambda share: share / (share + rest) if share + rest else 0.0, steep)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A ratio, by how much each place moves it, and the places that count."""

    rate: float
    moves: Floats
    used: Flags
    missing: int
    persons: float


def _ratio(survey: Survey, above: Floats, below: Floats, domain: Flags) -> _Part | None:
    """The weighted sum of ``above`` over that of ``below``, over the places of ``domain`` that have both."""
    used = domain & np.isfinite(above) & np.isfinite(below)
    weight = np.where(used, survey.weights.final, 0.0)
    under = float(weight @ np.where(used, below, 0.0))
    if not under > 0:
        return None
    rate = float(weight @ np.where(used, above, 0.0)) / under
    moves = np.where(used, above - rate * below, 0.0) / under
    return _Part(rate, np.nan_to_num(moves), used, int((domain & ~used).sum()), float(below[used].sum()))


def _together(
    survey: Survey, wrong: tuple[_Part, DesignRate], omission: tuple[_Part, DesignRate], known: Known
) -> DesignRate:
    """The share of the rural population that left wrongly or was left out.

    Its interval is put together from those of both rates (MOVER, Zou and Donner 2008), so that a rate of which nothing
    was found keeps its own uncertainty.
    """
    scales = (known.exited / known.rural, known.outside / known.rural)
    one, other = ((scale, rate) for scale, (_, rate) in zip(scales, (wrong, omission), strict=True))
    moves = scales[0] * wrong[0].moves + scales[1] * omission[0].moves
    variance = variance_of_total(_left(survey, moves), survey.design)
    spread = 2 * scales[0] * wrong[1].se * scales[1] * omission[1].se
    alike = 0.0
    if spread > 0:
        apart = (scales[0] * wrong[1].se) ** 2 + (scales[1] * omission[1].se) ** 2
        alike = min(max((variance - apart) / spread, 0.0), 1.0)
    rate = scales[0] * wrong[1].rate + scales[1] * omission[1].rate

    def end(name: str) -> float | None:
        reaches = [_reach(scale, found, name) for scale, found in (one, other)]
        if reaches[0] is None or reaches[1] is None:
            return None
        square = reaches[0] ** 2 + reaches[1] ** 2 + 2 * alike * reaches[0] * reaches[1]
        return rate + math.copysign(math.sqrt(square), reaches[0] + reaches[1])

    return DesignRate(
        rate,
        math.sqrt(variance),
        min(wrong[1].df, omission[1].df),
        None,
        *(end("low"), end("high"), end("least"), end("most")),
        wrong[1].households + omission[1].households,
        wrong[1].persons + omission[1].persons,
        wrong[1].missing + omission[1].missing,
    )


def _reach(scale: float, found: DesignRate, name: str) -> float | None:
    """How far an end of the interval lies from the rate, times ``scale``."""
    at: float | None = getattr(found, name)
    return None if at is None else scale * (at - found.rate)


def _estimated(survey: Survey, part: _Part) -> DesignRate:
    variance = variance_of_total(_left(survey, part.moves), survey.design)
    df = degrees_of_freedom(survey.places, part.used)
    households = int(part.used.sum())
    rate = min(max(part.rate, 0.0), 1.0)
    simple = rate * (1 - rate) / part.persons if part.persons else 0.0
    plain = DesignRate(
        part.rate,
        math.sqrt(variance),
        df,
        variance / simple if simple else None,
        *(None, None, None, None),
        households,
        int(part.persons),
        part.missing,
    )
    if df < 1:
        return plain
    both, one_sided = _levels(survey.level)
    low, high = _ends(survey, part, rate, plain.se, df, both)
    least, most = _ends(survey, part, rate, plain.se, df, one_sided)
    return replace(plain, low=low, high=high, least=least, most=most)


def _ends(survey: Survey, part: _Part, rate: float, se: float, df: int, level: float) -> tuple[float, float]:
    """The interval of a rate at a level: Clopper and Pearson's at the effective size (Korn and Graubard 1998).

    That size is never more than the households, over Kish's factor of their weights: a few cases of households that
    weigh little would make the sample look larger than it is. Where all or nobody was found the sample says nothing of
    its own variance: then it is divided by the design effect that the pack assumes. An end is never closer than it
    would be then: who found a case is not surer than who found none.
    """
    households = int(part.used.sum())
    most = households / kish(survey.weights.final[part.used])
    none_found = clopper_pearson(0, most / survey.design_effect, level)[1]
    if not 0 < rate < 1 or not se > 0:
        return (0.0, none_found) if rate < 1 else (1 - none_found, 1.0)
    size = min(effective_size(rate, se, households, df, level), most)
    low, high = clopper_pearson(rate * size, size, level)
    return min(low, 1 - none_found), max(high, none_found)


def _left(survey: Survey, moves: Floats) -> Floats:
    """What calibration leaves of an influence, for those who answered."""
    return residuals(moves, survey.places, survey.weights)[survey.places.answered]


def _levels(level: float) -> tuple[float, float]:
    """The level of the interval, and that of the interval whose ends are the one-sided bounds."""
    return level, 2 * level - 1


def _changed(found: DesignRate, to: Callable[[float], float], steep: float) -> DesignRate:
    """The rate and its interval on another scale, which rises with this one by ``steep`` at the rate."""

    def on(value: float | None) -> float | None:
        return None if value is None else to(value)

    return replace(
        found,
        rate=to(found.rate),
        se=found.se * steep,
        low=on(found.low),
        high=on(found.high),
        least=on(found.least),
        most=on(found.most),
    )


def upheld(answers: Answers) -> Answers:
    """The answers as they would be if every case that is not decided yet were upheld."""
    return replace(
        answers,
        wrong=answers.wrong + answers.wrong_pending,
        omitted=answers.omitted + answers.omitted_pending,
    )


def _sum(values: Floats, rows: Flags) -> float:
    return float(np.nansum(values[rows]))
