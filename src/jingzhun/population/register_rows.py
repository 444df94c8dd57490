"""Register tables of a township: households and persons of two data years, and what happened in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jingzhun.model.labels import AGRICULTURAL, NOT_ENROLLED
from jingzhun.population.attributes import EDUCATION, HEALTH, LABOUR, SCHOOL, WORK, State, states
from jingzhun.population.blueprint import OPENING_EXITED, OPENING_POOR, POOR_AT_END, Path
from jingzhun.population.columns import (
    Bools,
    accounts,
    day,
    draw,
    joined,
    keep,
    maybe,
    months,
    numbered,
    phones,
    pick,
    rows,
)
from jingzhun.population.families import RELATIONS
from jingzhun.population.plan import CountyPlan
from jingzhun.population.shares import Ints
from jingzhun.population.township import Folk, Homes, closing

GROUPS = ("一组", "二组", "三组", "四组", "五组")
SCHEMES = ("城乡居民", "城镇职工")
"""Schemes of both insurances: of residents, of employees."""
ON_ALLOWANCE = 0.26
"""Share of households on the minimum living allowance."""
DISABLED = (3, 4)
"""Indices into ``HEALTH`` of people who hold a disability card; the register keeps its number."""
HAMLETS = ("前村", "后村", "上村", "下村", "河底", "坪上", "圪垛", "南沟")


@dataclass(slots=True)
class Scene:
    """A township while its tables are made: places, households, people, and what several tables share."""

    county: CountyPlan
    index: int
    homes: Homes
    folk: Folk
    place_codes: pa.Array
    codes: pa.Array
    """Household number of every household; meaningless for the unregistered."""
    head: Ints
    """Index of each household's head."""
    now: State
    exit_day: Ints
    """Day of leaving poverty within the period, or 0."""
    income: Ints
    """Net income per head in fen, for households of the closing register."""
    allowance: Bools
    """Households whose members all receive the minimum living allowance."""

    @property
    def as_of(self) -> date:
        return self.county.plan.as_of

    @property
    def township(self) -> str:
        return self.county.townships[self.index]

    def rng(self, purpose: str) -> np.random.Generator:
        return self.county.rng(purpose, self.township)

    @property
    def number(self) -> Ints:
        """A number for every household that no other household of the area has, as long as it is registered."""
        return np.asarray(int(self.county.code[4:6]) * 10**6 + self.homes.number, np.int64)

    def region(self, homes: Ints) -> pa.Array:
        return self.place_codes.take(pa.array(self.homes.place[homes]))


@dataclass(frozen=True, slots=True)
class Schemes:
    """Medical and pension scheme of everyone in the township as text; who is in no list is not enrolled."""

    medical: pa.Array
    pension: pa.Array

    @classmethod
    def of(cls, scene: Scene, medical: Ints, pension: Ints) -> Schemes:
        """From the residents' scheme indices; people who left are in no list."""
        where = np.full(len(scene.folk.home), -1, np.int64)
        where[np.flatnonzero(scene.folk.resident)] = np.arange(len(medical))

        def spread(index: Ints) -> pa.Array:
            found = pick(SCHEMES, np.where(where >= 0, index[where], -1))
            return pc.fill_null(found, NOT_ENROLLED)

        return cls(spread(medical), spread(pension))


def make_scene(county: CountyPlan, index: int, homes: Homes, folk: Folk) -> Scene:
    head = np.zeros(len(homes.size), np.int64)
    heads = np.flatnonzero(folk.order == 0)
    head[folk.home[heads]] = heads
    rural = homes.path[folk.home] != Path.URBAN
    now = states(folk.birth, folk.female, folk.chance, county.plan.as_of, rural=rural)
    codes = numbered(county.code[:6], homes.number, 8)
    empty = np.zeros(len(homes.size), np.int64)
    allowance = county.rng("allowance", county.townships[index]).random(len(homes.size)) < ON_ALLOWANCE
    return Scene(county, index, homes, folk, pa.array(county.places), codes, head, now, empty, empty.copy(), allowance)


def person_codes(scene: Scene, people: Ints) -> pa.Array:
    """Household number of origin and two digits; a person keeps it when moving to another household."""
    folk, homes = scene.folk, scene.homes
    number = np.where(folk.merged[people] > 0, folk.merged[people], homes.number[folk.home[people]])
    order = np.where(folk.merged[people] > 0, 0, folk.order[people])
    return numbered(scene.county.code[:6], number * 100 + order + 1, 10)


def exit_labels(scene: Scene, homes: Ints) -> pa.Array:
    """Exit status of households in the closing register."""
    labels = scene.county.plan.calibration.labels
    drawn = draw(scene.rng("exit status"), labels.exited_status, len(scene.homes.path)).take(pa.array(homes))
    path = scene.homes.path[homes]
    drawn = pc.if_else(pa.array(np.isin(path, (Path.STILL_POOR, Path.NEW_POOR))), labels.poor_status, drawn)
    return pc.if_else(pa.array(path == Path.FELL_BACK), labels.fell_back_status, drawn)


def household_rows(scene: Scene) -> list[pa.Table]:
    """Closing and opening register of households."""
    return [_closing_households(scene), _opening_households(scene)]


def _closing_households(scene: Scene) -> pa.Table:
    homes, labels = scene.homes, scene.county.plan.calibration.labels
    here = np.flatnonzero(closing(homes))
    poor = np.isin(homes.path[here], POOR_AT_END)
    return rows("household", len(here), _household_columns(scene, here, "closing") | {
        "data_year": scene.as_of.year,
        "member_count": homes.size[here],
        "exit_status": exit_labels(scene, here),
        "exit_year": maybe(_exit_years(scene, here), ~poor),
        "relapse_cause": keep(draw(scene.rng("relapse"), labels.cause, len(here)), homes.path[here] == Path.FELL_BACK),
        "net_income_per_head": scene.income[here],
        "dangerous_house": pa.array(dangerous_house(scene)[here]),
        "water_safe": pa.array(~unsafe_water(scene)[here]),
        "water_hard": pa.array(poor & (scene.rng("fetch").random(len(here)) < 0.07)),
    })  # fmt: skip


def dangerous_house(scene: Scene) -> Bools:
    """Households still poor whose house is dangerous."""
    luck = scene.rng("danger").random(len(scene.homes.path))
    return np.asarray(scene.homes.is_in(POOR_AT_END) & (luck < 0.16))


def unsafe_water(scene: Scene) -> Bools:
    """Households still poor without safe water: none where the village has exited or the county is equipped."""
    luck, county = scene.rng("water").random(len(scene.homes.path)), scene.county
    poor, _, staying = county.village_attributes
    exited = np.isin(scene.homes.place, np.setdiff1d(poor, staying))
    return np.asarray(scene.homes.is_in(POOR_AT_END) & (luck < 0.12) & ~exited & (not county.truth.equipped))


def _exit_years(scene: Scene, homes: Ints) -> Ints:
    """Year of the exit: of the event within the period, or of an earlier year."""
    on = scene.exit_day[homes]
    year = on.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    opening = scene.county.plan.calibration.opening_year
    return np.where(on > 0, year, opening - scene.rng("exit year").integers(0, 2, len(scene.homes.path))[homes])


def _household_columns(scene: Scene, here: Ints, purpose: str) -> dict[str, object]:
    """Columns that stay the same through the years."""
    folk, labels, n = scene.folk, scene.county.plan.calibration.labels, len(scene.homes.path)
    rng, at = scene.rng("households"), pa.array(here)
    head = scene.head[here]
    cause = draw(rng, labels.cause, n)
    other = draw(rng, labels.cause, n)
    differs = pc.not_equal(cause, other)
    identified = scene.county.plan.calibration.opening_year - 2
    new = np.isin(scene.homes.path, (Path.NEW_EXITED, Path.NEW_POOR))
    village = pick([scene.county.plan.tree.get(code).name for code in scene.county.places], scene.homes.place[here])
    columns: dict[str, object] = {
        "household_code": scene.codes.take(at),
        "region_code": scene.region(here),
        "natural_village": pick(HAMLETS, rng.integers(0, len(HAMLETS), n)).take(at),
        "group_name": pick(GROUPS, rng.integers(0, len(GROUPS), n)).take(at),
        "address": joined(village, numbered("", rng.integers(1, 400, n)[here], 3), "号"),
        "head_name": folk.name.take(pa.array(head)),
        "head_id_number": folk.id_number.take(pa.array(head)),
        "phone": phones(scene.number[here]),
        "bank_name": pick(labels.banks, rng.integers(0, len(labels.banks), n)).take(at),
        "bank_account": accounts("6210000000", scene.number[here], 8),
        "identify_standard": draw(rng, labels.identify_standard, n).take(at),
        "attribute": pick(labels.attribute, scene.allowance[here].astype(np.int64)),
        "cause_main": cause.take(at),
        "cause_other": keep(other.take(at), pc.and_(pa.array((rng.random(n) < 0.45)[here]), differs.take(at))),
        "identified_year": np.where(new, scene.as_of.year - (scene.homes.path == Path.NEW_EXITED), identified)[here],
        "martyr_family": pa.array((rng.random(n) < 0.012)[here]),
        "one_child_family": pa.array((rng.random(n) < 0.05)[here]),
        "two_daughter_family": pa.array((rng.random(n) < 0.03)[here]),
        "in_cooperative": pa.array((rng.random(n) < 0.3)[here]),
        "valid": pa.array(np.ones(len(here), bool)),
    }
    return columns


def _opening_households(scene: Scene) -> pa.Table:
    """The opening register: its own households, and those that were later merged into others."""
    homes, folk = scene.homes, scene.folk
    poor, exited = homes.is_in(OPENING_POOR), homes.is_in(OPENING_EXITED)
    here = np.flatnonzero((poor | exited) & (homes.origin < 0))
    year = scene.county.plan.calibration.opening_year
    members = np.bincount(opening_home(scene)[opening_people(scene)], minlength=len(homes.path))
    own = rows("household", len(here), _household_columns(scene, here, "opening") | {
        "data_year": year,
        "member_count": members[here],
        "exit_status": _opening_status(scene, here),
        "exit_year": maybe(np.full(len(here), year - 1), exited[here]),
        "net_income_per_head": _opening_income(scene, len(homes.path))[here],
        "dangerous_house": pa.array((scene.rng("old danger").random(len(homes.path)) < 0.12)[here]),
        "water_safe": pa.array((scene.rng("old water").random(len(homes.path)) > 0.08)[here]),
        "water_hard": pa.array((scene.rng("old fetch").random(len(homes.path)) < 0.06)[here]),
    })  # fmt: skip
    merged = np.flatnonzero(folk.merged > 0)
    host = folk.home[merged]
    lone = rows("household", len(merged), _household_columns(scene, host, "merged") | {
        "data_year": year,
        "household_code": numbered(scene.county.code[:6], folk.merged[merged], 8),
        "head_name": folk.name.take(pa.array(merged)),
        "head_id_number": folk.id_number.take(pa.array(merged)),
        "member_count": 1,
        "exit_status": _opening_status(scene, host),
        "net_income_per_head": _opening_income(scene, len(homes.path))[host],
    })  # fmt: skip
    return pa.concat_tables([own, lone])


def _opening_status(scene: Scene, homes: Ints) -> pa.Array:
    labels = scene.county.plan.calibration.labels
    poor = scene.homes.is_in(OPENING_POOR)[homes]
    return pc.if_else(pa.array(poor), labels.poor_status, next(iter(labels.exited_status)))


def _opening_income(scene: Scene, count: int) -> Ints:
    """A fifth to a third below the later one, or above it for those who fell back: nobody's income jumps by half."""
    line = scene.county.plan.calibration.income.line_yuan * 100
    poor, u = scene.homes.is_in(OPENING_POOR), scene.rng("old income").random(count)
    grown = scene.income / (1.2 + 0.25 * u)
    fell = scene.homes.path == Path.FELL_BACK
    unknown = np.where(poor, line * (0.55 + 0.3 * u), line * (1.0 + 0.8 * u * u))
    known = np.where(fell, scene.income * (1.25 + 0.5 * u), np.where(poor, np.minimum(grown, line * 0.97), grown))
    return np.where(scene.income > 0, known, unknown).astype(np.int64)


def opening_home(scene: Scene) -> Ints:
    """Index of each person's household in the opening register (-1 for those in a household since merged)."""
    origin = scene.homes.origin[scene.folk.home]
    home = np.where(origin >= 0, origin, scene.folk.home)
    return np.where(scene.folk.merged > 0, -1, home)


def opening_people(scene: Scene) -> Bools:
    """People in the opening register under a household that still has its own number."""
    kept = scene.homes.is_in(OPENING_POOR) | scene.homes.is_in(OPENING_EXITED)
    return np.asarray(kept[scene.folk.home] & ~scene.folk.joined & (scene.folk.merged == 0))


def person_rows(scene: Scene, schemes: Schemes | None = None) -> list[pa.Table]:
    """Closing and opening register of persons."""
    folk, homes = scene.folk, scene.homes
    now = np.flatnonzero(folk.resident & closing(homes)[folk.home])
    status = exit_labels(scene, np.arange(len(homes.path))).take(pa.array(folk.home[now]))
    year = scene.county.plan.calibration.opening_year
    then = np.flatnonzero(opening_people(scene) | (folk.merged > 0))
    old = states(
        folk.birth[then], folk.female[then], folk.chance[then], date(year, 12, 31), rural=np.ones(len(then), bool)
    )
    home = opening_home(scene)[then]
    lone = home < 0
    number = np.where(lone, folk.merged[then], homes.number[home])
    moved = lone | (home != folk.home[then])
    relation = np.where(lone, 0, np.where(moved & (folk.role[then] < 2), 2 + folk.female[then], folk.role[then]))
    relations = pc.if_else(pa.array(moved & ~lone & (folk.role[then] >= 2)), "其他", pick(RELATIONS, relation))
    before = _opening_status(scene, folk.home[then])
    closed = _persons(scene, now, scene.as_of.year, _of(scene.now, now), homes.number[folk.home[now]], status)
    opened = _persons(scene, then, year, old, number, before)
    return [
        _link(_put(closed, "relation", pick(RELATIONS, folk.role[now])), now, schemes),
        _link(_put(opened, "relation", relations), then, schemes),
    ]


def _put(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, values)


def _link(table: pa.Table, people: Ints, schemes: Schemes | None) -> pa.Table:
    if schemes is None:
        return table
    table = _put(table, "medical_scheme", schemes.medical.take(pa.array(people)))
    return _put(table, "pension_scheme", schemes.pension.take(pa.array(people)))


def _of(state: State, index: Ints) -> State:
    return State(*(getattr(state, name)[index] for name in State.__slots__))


def _persons(scene: Scene, people: Ints, year: int, state: State, number: Ints, status: pa.Array) -> pa.Table:
    folk, labels, n = scene.folk, scene.county.plan.calibration.labels, len(scene.folk.home)
    rng, at = scene.rng("persons"), pa.array(people)
    grown = state.age >= 16
    disabled = np.isin(state.health, DISABLED)
    card = card_numbers(scene, people)
    home = scene.number[folk.home[people]]
    return rows("person", len(people), {
        "data_year": year,
        "person_code": person_codes(scene, people),
        "household_code": numbered(scene.county.code[:6], number, 8),
        "region_code": scene.region(folk.home[people]),
        "name": folk.name.take(at),
        "id_type": pick(("居民身份证", "残疾人证"), disabled.astype(np.int64)),
        "id_number": pc.if_else(pa.array(disabled), card, folk.id_number.take(at)),
        "sex": pick(("男", "女"), folk.female[people].astype(np.int64)),
        "birth_date": folk.birth[people],
        "ethnicity": draw(rng, labels.ethnicity, n).take(at),
        "education": keep(pick(EDUCATION, state.education), state.education >= 0),
        "in_school": pick(SCHOOL, state.school),
        "health": pick(HEALTH, state.health),
        "labour": pick(LABOUR, state.labour),
        "political": keep(draw(rng, labels.political, n).take(at), state.age >= 18),
        "work_status": pick(WORK, state.work),
        "work_months": maybe(state.months, state.work >= 0),
        "phone": keep(phones(home + 1_000_003 * folk.order[people]), grown),
        "exit_status": status,
        "identified": months(np.where(folk.joined[people], folk.moved[people], _long_ago(scene))),
        "lowins": pick(("未享受", "农村低保"), scene.allowance[folk.home[people]].astype(np.int64)),
        "tekun": "不享受",
        "resident_medical": pa.array(np.ones(len(people), bool)),
        "serious_illness_insured": pa.array(np.ones(len(people), bool)),
        "medical_aid": pa.array(state.health == 2),
        "commercial_medical": pa.array(folk.chance[people, 2] > 0.8),
        "other_health_help": pa.array(np.isin(state.health, (1, 2))),
        "works_abroad": pa.array(np.zeros(len(people), bool)),
        "resident_pension": pa.array(grown & (state.school < 0)),
        "speaks_mandarin": pa.array(folk.chance[people, 1] > 0.3),
    })  # fmt: skip


def card_numbers(scene: Scene, people: Ints) -> pa.Array:
    """Numbers of disability cards: the identity number, the kind of disability and its degree."""
    degree = 41 + (scene.folk.chance[people, 0] * 3).astype(np.int64)
    return joined(scene.folk.id_number.take(pa.array(people)), numbered("", degree, 2))


def _long_ago(scene: Scene) -> int:
    return day(date(scene.county.plan.calibration.opening_year - 2, 6, 1))


def resident_rows(scene: Scene, schemes: Schemes | None = None) -> pa.Table:
    """The whole-population roster of the township."""
    folk = scene.folk
    here = np.flatnonzero(folk.resident)
    home = folk.home[here]
    urban = scene.homes.path[home] == Path.URBAN
    book = numbered(scene.township[:9], home, 6)
    table = rows("resident", len(here), {
        "id_number": folk.id_number.take(pa.array(here)),
        "region_code": scene.region(home),
        "name": folk.name.take(pa.array(here)),
        "sex": pick(("男", "女"), folk.female[here].astype(np.int64)),
        "birth_date": folk.birth[here],
        "hukou": pick((AGRICULTURAL, "非农业"), urban.astype(np.int64)),
        "hukou_book": book,
        "student": pa.array(scene.now.school[here] >= 1),
        "roster_on": scene.county.plan.calibration.roster_on,
    })  # fmt: skip
    return _link(table, here, schemes)
