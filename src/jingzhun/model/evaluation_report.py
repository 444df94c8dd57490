"""The report of a third-party evaluation as data: what the evaluation hands to reporting."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from jingzhun.model.message import Message

RATES: Final = ("wrong_exit", "omission", "approval", "composite", "inclusion_error", "exclusion_error")
"""Rates that are computed, in the order of the report; a pack words and limits them."""
Side = Literal["below", "above"]


@dataclass(frozen=True, slots=True)
class OfficialRate:
    """One official reading: a count over another. ``rate`` is a share, ``None`` where nothing divides it."""

    above: float | None
    below: float | None
    rate: float | None
    above_says: Message
    below_says: Message
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class DesignRate:
    """A rate as the design estimates it, all as shares: standard error, interval, one-sided bounds.

    ``households`` and ``persons`` answered; ``missing`` are households without what the rate needs. ``deff`` is the
    variance over that of as many drawn singly.
    """

    rate: float
    se: float
    df: int
    deff: float | None
    low: float | None
    high: float | None
    least: float | None
    most: float | None
    households: int
    persons: int
    missing: int

    def bound(self, side: Side) -> float | None:
        """The one-sided bound to hold against a limit: the least that the rate may be where it must lie above."""
        return self.least if side == "above" else self.most


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit in force, in percent, and where it stands."""

    parameter: str
    says: Message
    side: Side
    percent: Decimal
    since: date
    scope: str
    source: str
    mark: str

    @property
    def sign(self) -> str:
        return "<" if self.side == "below" else ">"


@dataclass(frozen=True, slots=True)
class RateVerdict:
    """A rate held against its limit: the official figure, as the rule has it, and the bound of ours.

    ``by_point_if_upheld`` is what the official figure would say if every open case were upheld. ``None`` is unknown.
    """

    limit: Limit
    by_point: bool | None
    by_bound: bool | None
    by_point_if_upheld: bool | None
    says: Message


@dataclass(frozen=True, slots=True)
class RateResult:
    """One rate of one area."""

    rate: str
    name: Message
    official: tuple[OfficialRate, ...]
    design: DesignRate | None
    above_says: Message
    below_says: Message
    source: str
    found: int
    """Cases upheld; for approval, households that do not approve."""
    pending: int
    """Cases that are not decided yet."""
    official_if_upheld: float | None
    design_if_upheld: DesignRate | None
    verdict: RateVerdict | None
    remarks: tuple[Message, ...]

    @property
    def bound_side(self) -> Side:
        """Where the rate lies by its one-sided bound: above it where the limit asks for that, else below."""
        return self.verdict.limit.side if self.verdict else "below"

    @property
    def bound(self) -> float | None:
        """The bound that is held against the limit, a share."""
        return self.design.bound(self.bound_side) if self.design else None


@dataclass(frozen=True, slots=True)
class Area:
    """The rates of the whole region, or of one of its counties."""

    region: str
    name: str
    results: tuple[RateResult, ...]


@dataclass(frozen=True, slots=True)
class StratumLine:
    """What was drawn and what answered, by stratum of villages and subject; households."""

    stratum: str
    subject: str
    villages: int
    drawn: int
    answered: int
    replaced: int
    gone: int
    lacking: int
    persons: int


@dataclass(frozen=True, slots=True)
class ResponseLine:
    """One cell within which all are held equally likely to answer; ``factor`` is what answers are multiplied by."""

    strata: tuple[str, ...]
    subject: str
    asked: int
    answered: int
    rate: float | None
    factor: float | None


@dataclass(frozen=True, slots=True)
class MarginLine:
    """A known total of persons, what the weights said before, and after calibration."""

    names: tuple[Message, ...]
    known: float
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class WeightLine:
    """How the weights of one subject are spread."""

    subject: str
    households: int
    smallest: float
    median: float
    largest: float
    kish: float
    ratio_low: float
    ratio_high: float


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One doubtful case and what became of it. Names are masked, nothing in it is an identity number."""

    case_no: str
    place: str
    head: str
    doubt: str
    persons: int | None
    grounds: str
    raised_on: date | None
    appeal: str
    """Who appealed, and with what evidence."""
    appealed_on: date | None
    verdict: str
    decided_on: date | None
    reason: str
    counted: bool


@dataclass(frozen=True, slots=True)
class VillagePoint:
    """A village of the sample with what was found there; never a household's place.

    ``longitude`` and ``latitude`` are the village's own, ``None`` where nobody delivered them.
    """

    region: str
    name: str
    township: str
    county: str
    longitude: float | None
    latitude: float | None
    households: int
    wrong: int
    omitted: int
    pending: int


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """Everything the printed report shows. Counts of people are persons unless it is said otherwise."""

    region: str
    region_name: str
    as_of: date
    pack: str
    pack_title: Message
    snapshot: str
    sample: str
    survey: str
    """Fingerprints of the register, of the sample and of what the evaluators sent."""
    seed: str
    level: float
    synthetic: bool
    areas: tuple[Area, ...]
    strata: tuple[StratumLine, ...]
    responses: tuple[ResponseLine, ...]
    margins: tuple[MarginLine, ...]
    weights: tuple[WeightLine, ...]
    cases: tuple[CaseLine, ...]
    villages: tuple[VillagePoint, ...]
    known: tuple[tuple[Message, float | None], ...]
    """What the register and the roster know of the whole region."""
    methods: tuple[Message, ...]
    remarks: tuple[Message, ...]

    @property
    def whole(self) -> Area:
        return self.areas[0]

    def to_json(self) -> dict[str, Any]:
        return {one.name: _plain(getattr(self, one.name)) for one in fields(self)}


def _plain(value: Any) -> Any:
    """A value as JSON has it; a message is an object of its two languages."""
    if isinstance(value, Message):
        return {"zh": value.zh, "en": value.en}
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value
