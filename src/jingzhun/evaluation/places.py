"""The sample, the visits and the cases put together: at each place of the sample, who answered and what was found.

Whatever cannot be used is named in a remark, never dropped in silence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from jingzhun.evaluation.rates import EXITED, OUTSIDE, POOR, Answers
from jingzhun.evaluation.weights import Places
from jingzhun.measurement.cells import Codes
from jingzhun.measurement.measured import Floats
from jingzhun.model import labels
from jingzhun.model.message import Message

Row = Mapping[str, Any]
SUBJECTS = {labels.ASKED_EXITED: EXITED, labels.ASKED_POOR: POOR, labels.ASKED_OUTSIDE: OUTSIDE}
FITTING = {
    labels.DOUBT_EXIT: (labels.ASKED_EXITED,),
    labels.DOUBT_OMITTED: (labels.ASKED_OUTSIDE,),
    labels.DOUBT_MISPLACED: (labels.ASKED_POOR, labels.ASKED_EXITED),
}
"""Whom a doubt can be about: only who left can have left wrongly."""
NAMED = 5
"""Numbers that a remark names; how many there are is always said."""
REMARKS = {
    "stranger": (
        "份问卷的样本户编号不在样本里，未计入；请核对编号",
        "visits to households that are not in the sample, not counted; check the numbers",
    ),
    "unasked": (
        "份问卷是备用户的，却没有写明替换哪一户，未计入；请补填“替换的样本户”",
        "visits to households in reserve that do not say for whom they stand in, not counted until they do",
    ),
    "circle": (
        "份问卷的替换关系互相循环，看不出替换的是哪一户，未计入；请更正“替换的样本户”",
        "visits whose replacements lead back to themselves, so that nobody drawn is replaced; not counted",
    ),
    "twice": (
        "份问卷所在的样本户有不止一份完成的，只计一份：先计抽中的户自己的，再计最早的",
        "visits to a place of the sample where somebody else answered too; one counts: that of the household drawn "
        "before that of a replacement, then the earliest",
    ),
    "silent": (
        "个疑点的户没有完成调查，或不在样本里，未计入",
        "cases about households that did not answer or are not in the sample, not counted",
    ),
    "unfit": (
        "个疑点与调查对象不符（如未脱贫户的错退），未计入；请更正疑点或调查对象",
        "cases that do not fit who was asked (as a wrong exit of a household still poor), not counted until corrected",
    ),
    "whole": (
        "个疑点没有写涉及人口，按全户人口计",
        "cases that do not say how many persons they concern; the whole household is counted",
    ),
    "many": (
        "个疑点的涉及人口多于该户人口，只按该户人口计；请核对",
        "cases that concern more persons than their household has; its members are counted, check them",
    ),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """The tables of a sample and of what the evaluators sent, by their contracts."""

    villages: pa.Table
    households: pa.Table
    visits: pa.Table
    cases: pa.Table


@dataclass(frozen=True, slots=True)
class Place:
    """A household of the sample, the visit that counts for it, and what its cases say."""

    drawn: Row
    village: Row
    visit: Row | None
    answering: Row | None
    """The household that answered: the one that was drawn, or the one in reserve that stands in for it."""
    gone: bool
    upheld: dict[str, float] = field(default_factory=dict)
    pending: dict[str, float] = field(default_factory=dict)

    @property
    def asked_in(self) -> str:
        """The village that was asked: another one where a village in reserve took the place of the one drawn."""
        return str((self.answering or self.drawn)["region_code"])

    @property
    def members(self) -> float:
        """By the frame, else as the visit counted them; NaN where neither says."""
        for row in (self.answering or self.drawn, self.visit):
            if row is not None and row.get("members"):
                return float(row["members"])
        return float("nan")


@dataclass(frozen=True, slots=True)
class Gathered:
    """Every place of the sample, the cases that counted, and remarks on what could not."""

    places: tuple[Place, ...]
    cases: tuple[tuple[Row, str], ...]
    """Each case that counts, and the county of its village."""
    remarks: tuple[Message, ...]
    cases_sent: int
    """Rows of the ledger of doubtful cases, counted or not."""


def gather(evidence: Evidence) -> Gathered:
    """Put the tables together, in the order of the households' numbers in the sample."""
    villages = {row["region_code"]: row for row in evidence.villages.to_pylist() if row["role"] == labels.DRAWN}
    households = {row["household_key"]: row for row in evidence.households.to_pylist()}
    visits = sorted(evidence.visits.to_pylist(), key=lambda row: (str(row["visited_on"] or ""), row["visit_no"]))
    heard = _Heard(households, _replaced(visits))
    for visit in visits:
        heard.take(visit)
    drawn = sorted(key for key, row in households.items() if row["role"] == labels.DRAWN)
    places = {key: heard.place(key, villages) for key in drawn if households[key]["region_code"] in villages}
    counted, faults = _with_cases(places, evidence.cases.to_pylist())
    return Gathered(tuple(places.values()), tuple(counted), (*heard.remarks(), *faults), evidence.cases.num_rows)


def _replaced(visits: Sequence[Row]) -> dict[str, str]:
    """Whom each household stands in for, by all visits: in the order of days, the last that says so holds."""
    said = ((row["household_key"], row["replaces"]) for row in visits)
    return {key: replaced for key, replaced in said if replaced and replaced != key}


class _Heard:
    """Which visit counts for which place of the sample."""

    def __init__(self, households: Mapping[str, Row], stands_for: Mapping[str, str]) -> None:
        self.households = households
        self.stands_for = stands_for
        self.completed: dict[str, Row] = {}
        self.last: dict[str, Row] = {}
        """Visits without answers to the household drawn itself: nobody else's say whether it is there."""
        self.strangers: list[str] = []
        self.unasked: list[str] = []
        self.circle: list[str] = []
        self.twice: list[str] = []

    def take(self, visit: Row) -> None:
        key = visit["household_key"]
        if key not in self.households:
            self.strangers.append(visit["visit_no"])
            return
        end = self._end_of(key)
        if end is None:
            self.circle.append(visit["visit_no"])
            return
        if not self._drawn(end):
            self.unasked.append(visit["visit_no"])
            return
        self._lay(end, visit)

    def _lay(self, place: str, visit: Row) -> None:
        key = visit["household_key"]
        if visit["outcome"] != labels.COMPLETED:
            if key == place:
                self.last[place] = visit
            return
        before = self.completed.get(place)
        if before is None or (key == place and before["household_key"] != place):
            self.completed[place] = visit
        if before is not None:
            self.twice.append(visit["visit_no"])

    def _end_of(self, key: str) -> str | None:
        """Where the replacements of a household lead: one may be replaced in its turn. None where they turn back."""
        seen = {key}
        while key in self.stands_for:
            key = self.stands_for[key]
            if key in seen:
                return None
            seen.add(key)
        return key

    def _drawn(self, key: str) -> bool:
        return key in self.households and self.households[key]["role"] == labels.DRAWN

    def place(self, key: str, villages: Mapping[str, Row]) -> Place:
        drawn = self.households[key]
        visit = self.completed.get(key)
        answering = self.households[visit["household_key"]] if visit is not None else None
        last = self.last.get(key)
        gone = visit is None and last is not None and last["outcome"] in labels.NOBODY_THERE
        return Place(drawn, villages[drawn["region_code"]], visit or last, answering, gone)

    def remarks(self) -> list[Message]:
        found = (
            ("stranger", self.strangers),
            ("unasked", self.unasked),
            ("circle", self.circle),
            ("twice", self.twice),
        )
        return [_listed(remark, numbers) for remark, numbers in found if numbers]


def _listed(remark: str, numbers: Sequence[str]) -> Message:
    zh, en = REMARKS[remark]
    more = len(numbers) > NAMED
    shown_zh, shown_en = "、".join(numbers[:NAMED]), ", ".join(numbers[:NAMED])
    return Message(
        remark,
        f"{len(numbers):,} {zh}（{shown_zh}{'……' if more else ''}）。",
        f"{en}: {len(numbers):,} ({shown_en}{' …' if more else ''}).",
    )


def _with_cases(places: Mapping[str, Place], cases: Sequence[Row]) -> tuple[list[tuple[Row, str]], list[Message]]:
    """Lay each case at the place of its household. A case that says no number concerns the whole household."""
    by_household = {place.answering["household_key"]: place for place in places.values() if place.answering}
    counted: list[tuple[Row, str]] = []
    silent, unfit, whole, many = [], [], [], []
    for case in sorted(cases, key=lambda row: str(row["case_no"])):
        place = by_household.get(case["household_key"])
        if place is None:
            silent.append(case["case_no"])
            continue
        if place.drawn["subject"] not in FITTING.get(case["doubt"], ()):
            unfit.append(case["case_no"])
            continue
        if case["persons"] is None:
            whole.append(case["case_no"])
        elif case["persons"] > place.members:
            many.append(case["case_no"])
        _lay(place, case)
        counted.append((case, place.village["county_code"]))
    found = (("silent", silent), ("unfit", unfit), ("whole", whole), ("many", many))
    return counted, [_listed(remark, numbers) for remark, numbers in found if numbers]


def _lay(place: Place, case: Row) -> None:
    """Add a case to its household, as upheld or as open; one that was dismissed adds nothing."""
    if case["verdict"] == labels.DISMISSED:
        return
    upheld = case["verdict"] == labels.UPHELD
    into = place.upheld if upheld else place.pending
    persons = place.members if case["persons"] is None else min(float(case["persons"]), place.members)
    into[case["doubt"]] = into.get(case["doubt"], 0.0) + persons


def arrays(places: Sequence[Place]) -> tuple[Places, Answers]:
    """The places as arrays, one row each."""
    villages, counties = _numbered([place.village["region_code"] for place in places]), _county_codes(places)
    subject = np.array([SUBJECTS[place.drawn["subject"]] for place in places], np.int64)
    made = Places(
        village=villages,
        county=counties,
        stratum=_numbered([(place.village["county_code"], place.village["stratum"]) for place in places]),
        certain=np.array([_share(place.village) >= 1 for place in places], np.bool_),
        village_chance=np.array([_share(place.village) for place in places]),
        subject=subject,
        cell=_numbered([place.drawn["stratum"] for place in places]),
        chance=np.array([_share(place.drawn) for place in places]),
        answered=np.array([place.answering is not None for place in places], np.bool_),
        gone=np.array([place.gone for place in places], np.bool_),
        persons=np.array([place.members for place in places]),
    )
    return made, Answers(
        wrong=_persons(places, "upheld", labels.DOUBT_EXIT),
        omitted=_persons(places, "upheld", labels.DOUBT_OMITTED),
        misplaced=_persons(places, "upheld", labels.DOUBT_MISPLACED),
        wrong_pending=_persons(places, "pending", labels.DOUBT_EXIT),
        omitted_pending=_persons(places, "pending", labels.DOUBT_OMITTED),
        approves=np.array([_approves(place) for place in places]),
    )


def _share(row: Row) -> float:
    return float(row["chance_part"]) / float(row["chance_whole"])


def _persons(places: Sequence[Place], which: str, doubt: str) -> Floats:
    return np.array([getattr(place, which).get(doubt, 0.0) for place in places], np.float64)


def _approves(place: Place) -> float:
    if place.answering is None or place.visit is None or place.visit["acknowledged"] is None:
        return float("nan")
    return float(place.visit["acknowledged"])


def _county_codes(places: Sequence[Place]) -> Codes:
    return _numbered([place.village["county_code"] for place in places])


def _numbered(keys: Sequence[Any]) -> Codes:
    """The keys as numbers from 0 on, in the order of their values."""
    number = {key: at for at, key in enumerate(sorted(set(keys)))}
    return np.array([number[key] for key in keys], np.int64)
