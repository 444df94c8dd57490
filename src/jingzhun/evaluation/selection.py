"""From the frame to the sample: how many of which class, which villages, which of their households.

County by county, so that a county drawn alone is the same as within its prefecture, and no more than the households of
one county's villages are held at a time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from jingzhun.engine import Engine, quoted
from jingzhun.evaluation.draw import Drawn, apportioned, draw_alike, draw_by_size, reserve_of
from jingzhun.evaluation.fault import NotDrawable
from jingzhun.evaluation.frame import GAP, HOUSEHOLD, JOINER, VILLAGE
from jingzhun.model import labels
from jingzhun.policy import Pack
from jingzhun.policy.evaluation import Asked, Axis, SampleDesign

Row = dict[str, Any]
ORDINARY, MANDATORY = "一般", "必查"
NO_YEAR = "年度不明"
ROLES = {False: labels.DRAWN, True: labels.RESERVE}


@dataclass(frozen=True, slots=True)
class Numbers:
    """The parameters of a design on a day."""

    design: SampleDesign
    values: Mapping[str, Decimal]

    @classmethod
    def of(cls, pack: Pack, design: SampleDesign, day: date) -> Numbers:
        """Raises ``NoValue`` for a parameter without a value on the day."""
        return cls(design, {name: pack.number(name, day) for name in dict.fromkeys(design.parameters)})

    def count(self, name: str) -> int:
        value = self.values[name]
        if value != int(value):
            raise NotDrawable(
                f"参数 {name} 的值 {value} 不是整数；村数和户数请写成整数。",
                f"the parameter {name} is {value}, not a whole number; numbers of villages and households are.",
            )
        return int(value)

    def percent(self, name: str) -> Fraction:
        return Fraction(self.values[name])


@dataclass(slots=True)
class CountySample:
    """What was drawn of a county: rows of its two tables, and the frame that they stand for."""

    code: str
    villages: list[Row] = field(default_factory=list)
    households: list[Row] = field(default_factory=list)
    frame: list[Row] = field(default_factory=list)
    """By stratum: villages, sizes, people by who is asked, villages drawn and in reserve."""
    classes: list[Row] = field(default_factory=list)
    """By class of each axis: villages by the design, villages drawn, villages there are."""
    gaps: list[Row] = field(default_factory=list)
    """What the frame does not hold."""


def select(engine: Engine, numbers: Numbers, seed: int) -> Iterator[CountySample]:
    """Draw every county of the frame, one after the other in the order of their codes.

    Raises ``NotDrawable`` where no county has a village that could be drawn.
    """
    villages: dict[str, list[Row]] = defaultdict(list)
    for row in engine.rows(f"SELECT * FROM {VILLAGE} WHERE size > 0 ORDER BY region_code"):
        villages[row["county_code"]].append(row)
    gaps: dict[str, list[Row]] = defaultdict(list)
    for row in engine.rows(f"SELECT * FROM {GAP} ORDER BY county_code, what, detail"):
        gaps[row["county_code"]].append(row)
    if not villages:
        raise NotDrawable(
            "抽样框里没有一个可抽的村：要么范围内没有行政村，要么都不知道农户数；"
            "请检查 --region，并报送全员人口或行政村表。",
            "no village of the frame could be drawn: there is none in this division, or none whose households are "
            "known; check --region, and deliver the roster or the village sheet.",
        )
    for code in sorted(villages):
        county = CountySample(code, gaps=gaps[code])
        _draw_villages(county, villages[code], numbers, seed)
        _draw_households(county, engine, numbers, seed)
        yield county


def stratum_of(row: Row, design: SampleDesign) -> str:
    return JOINER.join(row[f"axis_{at}"] for at in range(len(design.axes)))


def _draw_villages(county: CountySample, rows: Sequence[Row], numbers: Numbers, seed: int) -> None:
    design = numbers.design
    strata: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        strata[stratum_of(row, design)][row["region_code"]] = row
    wanted = _wanted(rows, numbers)
    share = numbers.percent(design.reserve_villages)
    for stratum, members in sorted(strata.items()):
        units = wanted[stratum]
        sizes = {code: row["size"] for code, row in members.items()}
        reserve = reserve_of(units, share, len(sizes) - units)
        drawn = draw_by_size(sizes, units, reserve, seed, county.code, stratum)
        county.villages += [_village_row(members[one.code], one, stratum, len(members), units) for one in drawn]
        county.frame.append(_stratum_totals(stratum, list(members.values()), units, reserve))
    county.classes = list(_classes(rows, county, numbers))


def _wanted(rows: Sequence[Row], numbers: Numbers) -> dict[str, int]:
    """Villages of each stratum: the first axis shares the county's number out, the second that of each class.

    Villages whose class is not known get their part of the frame, so that what is not known is neither left out nor
    preferred; the known classes share the rest by the numbers of the design.
    """
    design = numbers.design
    first = _split(numbers.count(design.villages), rows, 0, numbers)
    if len(design.axes) == 1:
        return first
    return {
        f"{one}{JOINER}{other}": units
        for one, total in first.items()
        for other, units in _split(total, [row for row in rows if row["axis_0"] == one], 1, numbers).items()
    }


def _split(total: int, rows: Sequence[Row], at: int, numbers: Numbers) -> dict[str, int]:
    axis = numbers.design.axes[at]
    there = Counter(row[f"axis_{at}"] for row in rows)
    total = min(total, len(rows))
    unknown = there.get(axis.unknown_zh, 0)
    for_unknown = (2 * total * unknown + len(rows)) // (2 * len(rows)) if unknown else 0
    known = [one for one in axis.classes if there.get(one.zh, 0)]
    room = [there[one.zh] for one in known]
    for_unknown = min(max(for_unknown, total - sum(room)), unknown)
    shares = apportioned(total - for_unknown, [numbers.count(one.villages) for one in known], room)
    found = {one.zh: share for one, share in zip(known, shares, strict=True)}
    return found | ({axis.unknown_zh: for_unknown} if unknown else {})


def _village_row(row: Row, one: Drawn, stratum: str, villages: int, units: int) -> Row:
    kept = ("size", "exited_persons", "registered_persons", "outside_persons", "outside_households")
    return {
        "region_code": row["region_code"],
        "county_code": row["county_code"],
        "stratum": stratum,
        "role": ROLES[one.reserve],
        "place": one.place,
        "chance_part": one.part,
        "chance_whole": one.whole,
        "certain": one.certain,
        "stratum_villages": villages,
        "stratum_drawn": units,
        **{name: row[name] for name in kept},
    }


def _stratum_totals(stratum: str, rows: Sequence[Row], units: int, reserve: int) -> Row:
    summed = ("size", "exited_persons", "registered_persons", "outside_persons", "outside_households")
    totals = {name: sum(row[name] or 0 for row in rows) for name in (*summed, "registered_households")}
    return {"stratum": stratum, "villages": len(rows), "drawn": units, "reserve": reserve, **totals}


def _classes(rows: Sequence[Row], county: CountySample, numbers: Numbers) -> Iterator[Row]:
    drawn = {row["region_code"] for row in county.villages if row["role"] == labels.DRAWN}
    for at, axis in enumerate(numbers.design.axes):
        for zh, en, wanted in _all_classes(axis, numbers):
            members = [row for row in rows if row[f"axis_{at}"] == zh]
            found = sum(row["region_code"] in drawn for row in members)
            if wanted or members:
                yield {"axis": axis.id, "zh": zh, "en": en, "design": wanted, "drawn": found, "villages": len(members)}


def _all_classes(axis: Axis, numbers: Numbers) -> Iterator[tuple[str, str, int]]:
    yield from ((one.zh, one.en, numbers.count(one.villages)) for one in axis.classes)
    yield axis.unknown_zh, axis.unknown_en, 0


@dataclass(frozen=True, slots=True)
class _Cell:
    """Households of one village that are drawn together: who is asked, and the stratum within the village."""

    asked: int
    year: int
    """0 where the year of exit is not known or does not matter."""
    mandatory: bool
    stratum: str


def _draw_households(county: CountySample, engine: Engine, numbers: Numbers, seed: int) -> None:
    listed = ", ".join(quoted(row["region_code"]) for row in county.villages)
    homes: dict[str, dict[_Cell, dict[str, Row]]] = defaultdict(lambda: defaultdict(dict))
    for row in engine.rows(f"SELECT * FROM {HOUSEHOLD} WHERE region_code IN ({listed})"):
        cell = _cell(row, numbers.design)
        if cell is not None:
            homes[row["region_code"]][cell][row["home"]] = row
    drawn = [row["region_code"] for row in county.villages if row["role"] == labels.DRAWN]
    quotas = _quotas(drawn, homes, numbers)
    for row in county.villages:
        village = row["region_code"]
        quota = quotas.get(village) or _quota_in_reserve(homes[village], len(drawn), numbers)
        in_reserve = row["role"] == labels.RESERVE
        rows = list(_of_village(homes[village], quota, numbers, seed, in_reserve=in_reserve))
        county.households += _numbered(village, rows)


def _cell(row: Row, design: SampleDesign) -> _Cell | None:
    """The cell of a household; None where the design does not ask households of its kind."""
    at = next((at for at, one in enumerate(design.asked) if one.subject == row["subject"]), None)
    if at is None:
        return None
    asked = design.asked[at]
    mandatory = asked.groups != "none" and row["groups"] is not None
    year = row["exit_year"] or 0 if asked.by_exit_year else 0
    named = [f"{year}年脱贫" if year else NO_YEAR] if asked.by_exit_year else []
    named += [MANDATORY if mandatory else ORDINARY] if asked.groups != "none" else []
    return _Cell(at, year, mandatory, JOINER.join(named) or asked.zh)


Homes = Mapping[_Cell, Mapping[str, Row]]


def _to_share(cells: Homes, at: int, asked: Asked) -> list[_Cell]:
    """The cells that the number of households asked is shared out among; those taken whole come beside it."""
    return sorted(
        (cell for cell in cells if cell.asked == at and not (asked.groups == "all" and cell.mandatory)),
        key=lambda cell: (cell.year, cell.mandatory),
    )


def _quotas(drawn: Sequence[str], homes: Mapping[str, Homes], numbers: Numbers) -> dict[str, list[int]]:
    """Of each drawn village, how many of each kind are asked: alike in all, as far as there are so many."""
    found: dict[str, list[int]] = {village: [] for village in drawn}
    for at, asked in enumerate(numbers.design.asked):
        room = [sum(len(homes[village][cell]) for cell in _to_share(homes[village], at, asked)) for village in drawn]
        shares = apportioned(numbers.count(asked.households), [1] * len(drawn), room)
        for village, share in zip(drawn, shares, strict=True):
            found[village].append(share)
    return found


def _quota_in_reserve(cells: Homes, drawn: int, numbers: Numbers) -> list[int]:
    """A village in reserve is prepared like any other: what one of the drawn villages has on average, rounded up."""
    return [
        min(-(-numbers.count(asked.households) // drawn), sum(len(cells[one]) for one in _to_share(cells, at, asked)))
        for at, asked in enumerate(numbers.design.asked)
    ]


def _of_village(cells: Homes, quota: list[int], numbers: Numbers, seed: int, *, in_reserve: bool) -> Iterator[Row]:
    share = numbers.percent(numbers.design.reserve_households)
    for at, asked in enumerate(numbers.design.asked):
        shared = _to_share(cells, at, asked)
        units = dict(zip(shared, _over_cells(quota[at], [len(cells[cell]) for cell in shared]), strict=True))
        for cell in sorted((one for one in cells if one.asked == at), key=lambda one: (one.year, one.mandatory)):
            members = cells[cell]
            wanted = units.get(cell, len(members))
            reserve = reserve_of(wanted, share, len(members) - wanted)
            for one in draw_alike(list(members), wanted, reserve, seed, "household"):
                yield _household_row(members[one.code], one, asked, cell, in_reserve=in_reserve, drawn=wanted)


def _over_cells(total: int, sizes: list[int]) -> list[int]:
    """Shared out by size; every cell gets one where there are enough to go round, so that none is left unseen."""
    least = 1 if total >= len(sizes) else 0
    rest = [size - least for size in sizes]
    return [least + more for more in apportioned(total - least * len(sizes), rest, rest)]


def _household_row(row: Row, one: Drawn, asked: Asked, cell: _Cell, *, in_reserve: bool, drawn: int) -> Row:
    """In a village in reserve all households are: first those that would be drawn, then those that would replace."""
    reserve = one.reserve or in_reserve
    return {
        "region_code": row["region_code"],
        "subject": asked.subject,
        "stratum": cell.stratum,
        "role": ROLES[reserve],
        "place": one.place + (drawn if in_reserve and one.reserve else 0),
        "household_code": row["household_code"],
        "hukou_book": row["hukou_book"],
        "head_name": row["head_name"],
        "members": row["members"],
        "exit_year": row["exit_year"],
        "groups": row["groups"],
        "chance_part": one.part,
        "chance_whole": one.whole,
        "certain": one.part == one.whole,
    }


def _numbered(village: str, rows: list[Row]) -> list[Row]:
    """Numbers of the sample, short enough to be written by hand: the village and a running number."""
    first = [row for row in rows if row["role"] == labels.DRAWN]
    rest = [row for row in rows if row["role"] != labels.DRAWN]
    return [{"household_key": f"{village}-{at:03d}", **row} for at, row in enumerate([*first, *rest], start=1)]
