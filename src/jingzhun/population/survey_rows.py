"""An invented survey of a drawn sample with known truth: who left wrongly or was left out, and what evaluators saw.

The truth is settled for every household of the frame before anybody is visited, so that estimates from the sample can
be held against rates of the whole county. Some rows are wrong on purpose; each of them is listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from jingzhun.model import labels
from jingzhun.population.seeding import stream
from jingzhun.population.survey_plan import SurveyPlan

Row = dict[str, Any]
Rng = np.random.Generator
GUARANTEES = ("food", "clothing", "education", "medical", "housing", "water")
LACKING = ("education", "medical", "housing", "water")
"""Guarantees that a household may lack without lacking income."""
SURVEYORS = 24
ADVICE_DAYS = (3, 6, 12)
"""Days after the visit on which a doubt is sent to the locality, appealed and decided."""
REASONS = ("refused", "away", "moved", "gone")


@dataclass(slots=True)
class Truth:
    """The state of every household of a county's frame: wrong (left wrongly, or left out) and whether it approves."""

    wrong: dict[str, bool] = field(default_factory=dict)
    approves: dict[str, bool] = field(default_factory=dict)
    rates: Row = field(default_factory=dict)
    """Counts of persons and households of the whole county that the survey is to estimate."""


@dataclass(slots=True)
class Survey:
    """Visits by number of the questionnaire, the ledger of doubtful cases, and what was made wrong on purpose."""

    visits: list[Row] = field(default_factory=list)
    cases: list[Row] = field(default_factory=list)
    planted: list[Row] = field(default_factory=list)
    """Check that must speak, and the household it must speak of."""


def settle_truth(county: str, homes: Sequence[Row], plan: SurveyPlan, seed: int) -> Truth:
    """The truth of all households of a county. ``homes`` have home, region_code, subject, members and groups."""
    ordered = sorted(homes, key=lambda row: str(row["home"]))
    rng, truth = stream(seed, "survey", county, "truth"), Truth()
    villages = sorted({row["region_code"] for row in ordered})
    spread = rng.gamma(plan.village_spread, 1 / plan.village_spread, len(villages))
    of_village = dict(zip(villages, spread, strict=True))
    luck, feeling = rng.random(len(ordered)), rng.random(len(ordered))
    for row, chance, mood in zip(ordered, luck, feeling, strict=True):
        wrong = bool(chance * 100 < _percent_wrong(row, plan) * of_village[row["region_code"]])
        truth.wrong[row["home"]] = wrong
        truth.approves[row["home"]] = bool(mood * 100 < (plan.approves_when_wrong if wrong else plan.approves))
    truth.rates = _rates(county, ordered, truth)
    return truth


def _percent_wrong(row: Row, plan: SurveyPlan) -> float:
    if row["subject"] == labels.ASKED_EXITED:
        return plan.wrong_exit
    if row["subject"] == labels.ASKED_OUTSIDE:
        return plan.omitted_in_groups if row["groups"] else plan.omitted
    return 0.0


def _rates(county: str, homes: Sequence[Row], truth: Truth) -> Row:
    def persons(subject: str, *, wrong: bool = False) -> int:
        chosen = (row for row in homes if row["subject"] == subject and (truth.wrong[row["home"]] or not wrong))
        return sum(row["members"] or 0 for row in chosen)

    return {
        "county_code": county,
        "exited_persons": persons(labels.ASKED_EXITED),
        "wrongly_exited_persons": persons(labels.ASKED_EXITED, wrong=True),
        "poor_persons": persons(labels.ASKED_POOR),
        "outside_persons": persons(labels.ASKED_OUTSIDE),
        "omitted_persons": persons(labels.ASKED_OUTSIDE, wrong=True),
        "households": len(homes),
        "approving_households": sum(truth.approves[row["home"]] for row in homes),
    }


def home_of(row: Row) -> str:
    """The household of the frame that a household of the sample is."""
    return f"D{row['household_code']}" if row["household_code"] else f"B{row['region_code']}{row['hukou_book']}"


def fill_in(county: str, sampled: Sequence[Row], truth: Truth, plan: SurveyPlan, drawn_on: date, seed: int) -> Survey:
    """Visit the drawn households of a county, replace those that were not met, and write the doubtful cases down.

    ``sampled`` are the county's households in the sample: of drawn villages only.
    """
    rng, survey = stream(seed, "survey", county, "visits"), Survey()
    first = drawn_on + timedelta(days=plan.days_after_draw)
    villages = {code: at for at, code in enumerate(sorted({row["region_code"] for row in sampled}))}
    waiting: dict[tuple[str, str, str], list[Row]] = {}
    for row in sorted(sampled, key=lambda row: int(row["place"])):
        if row["role"] == labels.RESERVE:
            waiting.setdefault(_cell(row), []).append(row)
    for row in sorted(sampled, key=lambda row: str(row["household_key"])):
        if row["role"] != labels.DRAWN:
            continue
        day = first + timedelta(days=villages[row["region_code"]])
        survey.visits += _visited(row, waiting.get(_cell(row), []), truth, plan, day, rng)
    survey.cases = list(_cases(county, survey.visits, truth, {row["household_key"]: row for row in sampled}))
    _plant(county, survey, sampled, drawn_on)
    return survey


def _cell(row: Row) -> tuple[str, str, str]:
    return row["region_code"], row["subject"], row["stratum"]


def _visited(row: Row, waiting: list[Row], truth: Truth, plan: SurveyPlan, day: date, rng: Rng) -> Iterator[Row]:
    """The visit to a drawn household and, where nobody answered, to reserves in their order until one does."""
    reason = _not_met(plan, rng)
    yield _visit(row, truth, plan, day, reason, rng)
    if reason in ("", "gone") or (row["groups"] and row["certain"]):
        return
    while waiting:
        other = waiting.pop(0)
        again = _not_met(plan, rng)
        stands_in = {"replaces": row["household_key"], "replace_reason": getattr(plan.labels, reason)}
        yield _visit(other, truth, plan, day, again, rng) | stands_in
        if not again:
            return


def _not_met(plan: SurveyPlan, rng: Rng) -> str:
    """Why a household was not met; empty where it was."""
    odds = [getattr(plan, reason) / 100 for reason in REASONS]
    found = int(rng.choice(len(REASONS) + 1, p=[*odds, 1 - sum(odds)]))
    return (*REASONS, "")[found]


def _visit(row: Row, truth: Truth, plan: SurveyPlan, day: date, reason: str, rng: Rng) -> Row:
    home, who = home_of(row), int(rng.integers(1, SURVEYORS + 1))
    known: Row = {
        "household_key": row["household_key"],
        "region_code": row["region_code"],
        "subject": row["subject"],
        "outcome": getattr(plan.labels, reason) if reason else labels.COMPLETED,
        "visited_on": day,
        "visited_by": f"调查员{who:02d}",
    }
    if reason:
        return known
    wrong = truth.wrong[home]
    noticed = bool(rng.random() * 100 < (plan.noticed if wrong else plan.false_alarm))
    doubt = {labels.ASKED_EXITED: labels.DOUBT_EXIT, labels.ASKED_OUTSIDE: labels.DOUBT_OMITTED}.get(row["subject"])
    return (
        known
        | _answers(wrong, plan, rng)
        | {
            "respondent": row["head_name"],
            "members": row["members"] or 1,
            "acknowledged": truth.approves[home],
            "satisfied": None if row["subject"] == labels.ASKED_OUTSIDE else truth.approves[home],
            "doubt": doubt if noticed else None,
        }
    )


def _answers(wrong: bool, plan: SurveyPlan, rng: Rng) -> Row:
    """A household that should be in the register lacks income or one of the guarantees; the others lack nothing."""
    poor = wrong and rng.random() < 0.6
    low, high = (plan.income_wrong_from, plan.income_wrong_to) if poor else (plan.income_from, plan.income_to)
    lacking = LACKING[int(rng.integers(len(LACKING)))] if wrong and not poor else ""
    return {
        "net_income_per_head": int(rng.integers(low // 100, high // 100)) * 100,
        "income_stable": not poor,
        **{name: name != lacking for name in GUARANTEES},
    }


def _cases(county: str, visits: Sequence[Row], truth: Truth, sampled: Mapping[str, Row]) -> Iterator[Row]:
    """A case for every doubt: sent to the locality, appealed where it did not hold, then decided."""
    sent, appealed, decided = (timedelta(days=days) for days in ADVICE_DAYS)
    doubted = [visit for visit in visits if visit.get("doubt")]
    for number, visit in enumerate(doubted, start=1):
        holds, day = truth.wrong[home_of(sampled[visit["household_key"]])], visit["visited_on"]
        heard = (
            {}
            if holds
            else {
                "appealed_on": day + appealed,
                "appealed_by": "县扶贫开发领导小组",
                "evidence": f"佐证{number:03d}：收入台账、住房鉴定、医保记录",
            }
        )
        yield heard | {
            "case_no": f"YD{county[:6]}{number:03d}",
            "household_key": visit["household_key"],
            "region_code": visit["region_code"],
            "doubt": visit["doubt"],
            "persons": visit["members"],
            "raised_on": day,
            "grounds": "收入不稳定" if not visit["income_stable"] else "保障未落实",
            "sent_on": day + sent,
            "verdict": labels.UPHELD if holds else labels.DISMISSED,
            "decided_on": day + decided,
            "decided_by": "评估组",
            "reason": "入户核实属实" if holds else "举证材料成立",
        }


def _plant(county: str, survey: Survey, sampled: Sequence[Row], drawn_on: date) -> None:
    """Make a few rows wrong, each in a way that one check must name."""
    done = [visit for visit in survey.visits if visit["outcome"] == labels.COMPLETED and not visit.get("doubt")]
    own = [visit for visit in done if not visit.get("replaces")]
    must = {row["household_key"] for row in sampled if row["groups"] and row["role"] == labels.DRAWN}

    def note(check: str, key: str) -> None:
        survey.planted.append({"check": check, "county_code": county, "household_key": key})

    for visit in [one for one in done if one.get("replaces")][:1]:
        visit["replace_reason"] = None
        note("replaced_without_reason", visit["household_key"])
    for visit in own[3:4]:
        visit["visited_on"] = date(drawn_on.year - 1, visit["visited_on"].month, 1)
        note("before_the_draw", visit["household_key"])
    for visit in own[5:6]:
        visit["acknowledged"] = None
        note("answers_missing", visit["household_key"])
    for visit in [one for one in own[10:] if one["household_key"] in must][:1]:
        survey.visits.remove(visit)
        note("mandatory_not_visited", visit["household_key"])
    for case in survey.cases[:1]:
        case["sent_on"] = None
        note("decided_unheard", case["household_key"])
    for case in survey.cases[1:2]:
        survey.cases.remove(case)
        note("doubt_without_case", case["household_key"])
    _plant_on_phones(survey, own[20:21], note)


def _plant_on_phones(survey: Survey, again: Sequence[Row], note: Any) -> None:
    """What only a phone can send: a second questionnaire of a household, and one of a household nobody drew."""
    for visit in again:
        survey.visits.append(visit | {"visit_no": f"{visit['household_key']}-again"})
        note("visited_twice", visit["household_key"])
        key = f"{visit['region_code']}-9999"
        survey.visits.append(visit | {"household_key": key, "visit_no": f"{key}-stray", "doubt": None})
        note("not_in_sample", key)
