"""The accounts beside the rates: who was drawn and answered, how weights spread, what became of cases, and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from jingzhun.evaluation.places import SUBJECTS, Gathered, Place
from jingzhun.evaluation.register import Register
from jingzhun.evaluation.weights import Places, Weights
from jingzhun.measurement.intervals import kish
from jingzhun.model import labels
from jingzhun.model.evaluation_report import CaseLine, ResponseLine, StratumLine, VillagePoint, WeightLine
from jingzhun.model.shown import masked, visible


def stratum_lines(places: Sequence[Place]) -> tuple[StratumLine, ...]:
    """What was drawn and what answered, by stratum of villages and subject, in the order of their names."""
    groups: dict[tuple[str, str], list[Place]] = {}
    for place in places:
        groups.setdefault((place.village["stratum"], place.drawn["subject"]), []).append(place)
    return tuple(_stratum(*key, groups[key]) for key in sorted(groups, key=lambda key: (key[0], SUBJECTS[key[1]])))


def _stratum(stratum: str, subject: str, places: list[Place]) -> StratumLine:
    answered = [place for place in places if place.answering is not None]
    gone = sum(place.gone for place in places)
    persons = sum(place.members for place in answered if np.isfinite(place.members))
    return StratumLine(
        stratum=stratum,
        subject=subject,
        villages=len({place.village["region_code"] for place in places}),
        drawn=len(places),
        answered=len(answered),
        replaced=sum(place.answering is not place.drawn for place in answered),
        gone=gone,
        lacking=len(places) - len(answered) - gone,
        persons=int(persons),
    )


def response_lines(rows: Sequence[Place], places: Places, weights: Weights) -> tuple[ResponseLine, ...]:
    """The cells within which answers stand for those who did not answer."""
    return tuple(_response(rows, places, weights, cell) for cell in np.unique(weights.cell_of))


def _response(rows: Sequence[Place], places: Places, weights: Weights, cell: int) -> ResponseLine:
    inside = weights.cell_of == cell
    strata = sorted({rows[int(at)].village["stratum"] for at in np.flatnonzero(inside)})
    asked, answered = int((inside & ~places.gone).sum()), int((inside & places.answered).sum())
    told = np.flatnonzero(inside & places.answered)
    return ResponseLine(
        tuple(strata),
        _subject(int(places.subject[inside][0])),
        asked,
        answered,
        answered / asked if asked else None,
        float(weights.responding[told[0]] / weights.drawn[told[0]]) if len(told) else None,
    )


def weight_lines(places: Places, weights: Weights) -> tuple[WeightLine, ...]:
    """How the final weights spread, and how far calibration moved them."""
    return tuple(_weights(subject, places, weights) for subject in np.unique(places.subject[places.answered]))


def _weights(subject: int, places: Places, weights: Weights) -> WeightLine:
    inside = places.answered & (places.subject == subject)
    final, ratio = weights.final[inside], weights.final[inside] / weights.responding[inside]
    return WeightLine(
        _subject(int(subject)),
        int(inside.sum()),
        float(final.min()),
        float(np.median(final)),
        float(final.max()),
        kish(final),
        float(ratio.min()),
        float(ratio.max()),
    )


def _subject(code: int) -> str:
    return next(label for label, number in SUBJECTS.items() if number == code)


def case_lines(gathered: Gathered, register: Register) -> tuple[CaseLine, ...]:
    """Every case that counts, by number."""
    heads = {
        place.answering["household_key"]: place.answering["head_name"] for place in gathered.places if place.answering
    }
    return tuple(
        _case(case, _place_name(register, case["region_code"]), heads.get(case["household_key"]))
        for case, _ in sorted(gathered.cases, key=lambda pair: str(pair[0]["case_no"]))
    )


def _case(case: Any, place: str, head: str | None) -> CaseLine:
    return CaseLine(
        case_no=shown(case["case_no"]),
        place=place,
        head=surname(head),
        doubt=case["doubt"],
        persons=case["persons"],
        grounds=shown(case["grounds"]),
        raised_on=case["raised_on"],
        appeal=" ".join(filter(None, (shown(case["appealed_by"]), shown(case["evidence"])))),
        appealed_on=case["appealed_on"],
        verdict=case["verdict"] or "",
        decided_on=case["decided_on"],
        reason=shown(case["reason"]),
        counted=case["verdict"] == labels.UPHELD,
    )


def surname(name: str | None) -> str:
    """The first character of a name; the others are written as asterisks."""
    shown_name = visible(name or "")
    return shown_name[:1] + "*" * (len(shown_name) - 1)


def shown(text: str | None) -> str:
    """Delivered text without identity, account and telephone numbers and without characters that act."""
    return visible(masked(text or ""))


def _place_name(register: Register, code: str) -> str:
    village = register.villages.get(code)
    return f"{village.township} {village.name}" if village else code


def village_points(gathered: Gathered, register: Register) -> tuple[VillagePoint, ...]:
    """The villages of the sample with what was found in them, by code."""
    return tuple(_points(gathered, register))


def _points(gathered: Gathered, register: Register) -> Iterator[VillagePoint]:
    by_village: dict[str, list[Place]] = {}
    for place in gathered.places:
        by_village.setdefault(place.asked_in, []).append(place)
    for code, places in sorted(by_village.items()):
        known = register.villages.get(code)
        yield VillagePoint(
            region=code,
            name=known.name if known else code,
            township=known.township if known else "",
            county=known.county if known else "",
            longitude=known.longitude if known else None,
            latitude=known.latitude if known else None,
            households=sum(place.answering is not None for place in places),
            wrong=int(sum(place.upheld.get(labels.DOUBT_EXIT, 0.0) for place in places)),
            omitted=int(sum(place.upheld.get(labels.DOUBT_OMITTED, 0.0) for place in places)),
            pending=int(sum(sum(place.pending.values()) for place in places)),
        )
