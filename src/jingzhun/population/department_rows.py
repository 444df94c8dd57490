"""Other departments' lists about a township's people, with their own dirt, and leads that are known beforehand.

People who have nothing to answer for fill the lists; a few planted records are what a comparison must find. Every
planted lead has its verdict, so that what is found can be held against it, kind by kind.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from jingzhun.model.labels import EXEMPT_UNTIL
from jingzhun.policy.comparison import lead_number
from jingzhun.policy.rules import problem_number
from jingzhun.population.attributes import SCHOOL
from jingzhun.population.blueprint import CLOSING, Path
from jingzhun.population.calibration import (
    Comparison,
    DepartmentList,
    Group,
    PlantedLead,
    PlantedSplit,
    PlantedTwice,
    Wrong,
)
from jingzhun.population.columns import Bools, day, rows
from jingzhun.population.families import RELATIONS, SON
from jingzhun.population.plan import CountyPlan
from jingzhun.population.register_rows import DISABLED, Scene, card_numbers, person_codes
from jingzhun.population.shares import Ints
from jingzhun.population.split_rows import FINDING_TRUTH, FINDINGS, split_families
from jingzhun.population.township import LEFT, RESIDENT
from jingzhun.population.twice_rows import TWICE_TRUTH, twice_rows

Tables = dict[str, pa.Table]
RECORD_TRUTH = "record_truth"
"""Whom each department's record is really about, and what is wrong with how it says so: labels, never delivered."""
CARD, BORROWED = "disability_card", "borrowed_number"
"""Kinds of records that are as they should be but for the number: a card's, or somebody else's."""
ADULT, SON_OF = 18, RELATIONS[SON]
LABELS = pa.schema([pa.field(name, pa.string()) for name in ("source", "record_no", "kind", "about")])
HOMOPHONES = {
    "伟": "维", "芳": "方", "强": "墙", "丽": "力", "军": "君", "平": "萍", "华": "花", "明": "鸣", "国": "果",
    "建": "剑", "海": "孩", "玉": "育", "红": "洪", "生": "声", "文": "纹", "英": "鹰", "峰": "锋", "林": "琳",
}  # fmt: skip
"""Given characters and another that sounds the same."""


def department_rows(scene: Scene) -> Tables:
    """``department_record``, ``family_tie`` and ``lead_verdict`` of a township, with the ``RECORD_TRUTH`` of the first
    and the ``FINDING_TRUTH`` of the second, and the ``TWICE_TRUTH``.

    Nothing without a calibration.
    """
    comparison = scene.county.plan.calibration.comparison
    if comparison is None:
        return {}
    lists = _Lists(scene, comparison)
    for one in comparison.lists:
        lists.background(one)
    for planted in comparison.planted:
        lists.plant(planted)
    lists.split(comparison.splits)
    return lists.tables() | {TWICE_TRUTH: lists.twice(comparison.twice)}


def authority_rows(county: CountyPlan) -> Tables:
    """``source_authority``: by what right the county uses each list that it was sent."""
    comparison = county.plan.calibration.comparison
    if comparison is None:
        return {}
    lists = [one.source for one in comparison.lists] + [one.source for one in comparison.planted]
    sources = list(dict.fromkeys([*lists, *comparison.also_allowed]))
    year, known = county.plan.as_of.year, comparison.authority
    return {
        "source_authority": rows("source_authority", len(sources), {
            "source": pa.array(sources),
            "document": pa.array([f"{known.document}（{source}）" for source in sources]),
            "basis": known.basis,
            "granted_by": known.granted_by,
            "region_code": county.code,
            "starts_on": date(year, 1, 1),
            "ends_on": date(year + 1, 12, 31),
        })
    }  # fmt: skip


@dataclass(slots=True)
class _Written:
    """Records of one call, as columns of Python values."""

    columns: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, **values: Any) -> None:
        for name, value in values.items():
            self.columns.setdefault(name, []).append(value)

    def table(self, name: str) -> pa.Table:
        count = len(next(iter(self.columns.values()), []))
        return rows(name, count, self.columns)

    def labels(self, schema: pa.Schema) -> pa.Table:
        return pa.table({name: self.columns.get(name, []) for name in schema.names}, schema=schema)


@dataclass
class _Lists:
    scene: Scene
    known: Comparison
    records: _Written = field(default_factory=_Written)
    ties: _Written = field(default_factory=_Written)
    verdicts: _Written = field(default_factory=_Written)
    truth: _Written = field(default_factory=_Written)
    findings: _Written = field(default_factory=_Written)

    def __post_init__(self) -> None:
        scene = self.scene
        self.rng = scene.rng("departments")
        self.names, self.numbers = scene.folk.name.to_pylist(), scene.folk.id_number.to_pylist()
        self.regions = scene.region(scene.folk.home).to_pylist()
        self.codes = person_codes(scene, np.arange(len(scene.folk.home))).to_pylist()
        self.cards = card_numbers(scene, np.arange(len(scene.folk.home))).to_pylist()
        self.used: set[int] = set()
        self.relations = self._ties()

    @cached_property
    def _members(self) -> Bools:
        """Who stands in the register at its close."""
        scene, folk = self.scene, self.scene.folk
        return folk.resident & np.isin(scene.homes.path[folk.home], [int(kind) for kind in CLOSING])

    @cached_property
    def _groups(self) -> dict[Group, Bools]:
        scene, folk = self.scene, self.scene.folk
        path = scene.homes.path[folk.home]
        here, adult, registered = folk.resident, scene.now.age >= ADULT, self._members
        health, school = scene.now.health, scene.now.school
        disabled = registered & np.isin(health, DISABLED)
        severe = disabled & np.array([card[19] in "12" for card in self.cards], bool)
        vocational = np.isin(school, [at for at, name in enumerate(SCHOOL) if name.startswith(("中职", "高职"))])
        return {
            # Who was born or married into a household was identified later than it, at a day that is not planted for.
            "registered": registered & adult & (health == 0) & ~scene.allowance[folk.home] & ~folk.joined,
            "unregistered": here & (path == Path.UNREGISTERED) & adult,
            "urban": here & (path == Path.URBAN) & adult,
            "dead": (folk.state != RESIDENT) & (folk.reason == LEFT.index("死亡")) & (folk.moved > 0),
            "allowance": registered & scene.allowance[folk.home],
            "disabled": disabled,
            "severe": severe,
            "pupils": registered & (school >= 1),
            "vocational": registered & vocational,
            "ill": registered & np.isin(health, (1, 2, 4)),
        }

    def _ties(self) -> dict[int, int]:
        """Adult sons who live elsewhere: person → household of the old parents that they left."""
        scene, folk = self.scene, self.scene.folk
        old = np.isin(scene.homes.path, [int(kind) for kind in CLOSING]) & (scene.now.age[scene.head] >= 60)
        parents = np.flatnonzero(old & (self.rng.random(len(old)) < self.known.ties_per_mille / 1000))
        grown = self._groups["unregistered"] & ~folk.female & (scene.now.age >= 25) & (scene.now.age < 45)
        sons = self.rng.permutation(np.flatnonzero(grown & (folk.role != SON)))[: len(parents)]
        for home, son in zip(parents, sons, strict=False):
            self._tie(int(home), int(son))
        return {int(son): int(home) for home, son in zip(parents, sons, strict=False)}

    def _tie(self, home: int, son: int) -> None:
        scene = self.scene
        self.used.add(son)
        self.ties.add(
            household_code=scene.codes[home].as_py(),
            region_code=scene.region(np.array([home]))[0].as_py(),
            name=self.names[son],
            relation=SON_OF,
            id_number=self.numbers[son],
            sex="男",
            birth_date=int(scene.folk.birth[son]),
        )

    def twice(self, planted: PlantedTwice) -> pa.Table:
        known = (self.codes, self.names, self.numbers)
        return twice_rows(self.scene, planted, self._groups["registered"], known, self._wrong)

    def split(self, planted: PlantedSplit) -> None:
        """Put old people apart from a son of whom no department has a record; label what a screening must find."""
        unused = self._groups["registered"].copy()
        unused[sorted(self.used)] = False
        for home, son in split_families(self.scene, planted.per_mille, unused, self.names):
            self._tie(home, son)
            code = self.scene.codes[home].as_py()
            key = (code, self.names[son], SON_OF)
            number = problem_number(planted.rule, "family_tie", key)
            self.findings.add(rule=planted.rule, finding_no=number, kind=planted.kind, household_code=code)

    def background(self, one: DepartmentList) -> None:
        able = np.flatnonzero(self._groups[one.of])
        chosen = able[self.rng.random(len(able)) < one.per_mille / 1000]
        low, high = one.amount_yuan or (0, 0)
        for person in chosen.tolist():
            if person in self.used and one.of in ("unregistered", "urban"):
                continue
            self.used.update([person] if one.of in ("unregistered", "urban") else [])
            amount = int(self.rng.integers(low, high + 1)) * 100 if high else None
            starts = int(self.scene.folk.moved[person]) if one.of == "dead" else self._day("after")
            category = one.categories[int(self.rng.integers(len(one.categories)))]
            if one.source == "残疾人":
                category = "一二三四"[int(self.cards[person][19]) - 1] + "级"
            self._record(one.source, person, category, starts, amount, one.object, card=one.card)

    def plant(self, planted: PlantedLead) -> None:
        able = np.array(sorted(self.relations), np.int64) if planted.of == "tie" else self._free(planted.of)
        able = able[self._namesakes[able]] if planted.namesake else able
        wanted = self.rng.random(len(able)) < planted.per_mille / 1000
        for person in able[wanted].tolist():
            self.used.add(person)
            amount = None if planted.amount_yuan is None else planted.amount_yuan * 100
            number = self._record(
                planted.source,
                person,
                planted.category,
                self._day(planted.starts),
                amount,
                planted.object,
                borrowed=planted.borrowed,
                dated=not planted.namesake,
            )
            self._verdict(planted, person, f"{planted.source}|{number}")

    @cached_property
    def _namesakes(self) -> Bools:
        """Who has the name of somebody else in the register of the same village."""
        called = list(zip(self.regions, self.names, strict=True))
        registered = {called[person] for person in np.flatnonzero(self._members).tolist()}
        return np.array([one in registered for one in called], bool) & ~self._members

    def _free(self, group: Group) -> Ints:
        able = np.flatnonzero(self._groups[group])
        return able[[person not in self.used for person in able.tolist()]] if len(able) else able

    def _day(self, when: str) -> int:
        """Before anybody was identified, or after the opening register."""
        opening = self.scene.county.plan.calibration.opening_year
        first, last = (date(2010, 1, 1), date(2013, 6, 1)) if when == "before" else (date(opening, 3, 1), self._last)
        return int(self.rng.integers(day(first), day(last)))

    @cached_property
    def _place(self) -> str:
        return self.scene.county.plan.tree.get(self.scene.township).name

    @property
    def _last(self) -> date:
        return date(self.scene.as_of.year, 9, 30)

    def _record(
        self,
        source: str,
        person: int,
        category: str,
        starts: int,
        amount: int | None,
        thing: str,
        *,
        card: bool = False,
        borrowed: bool = False,
        dated: bool = True,
    ) -> str:
        folk, count = self.scene.folk, len(self.records.columns.get("source", ()))
        number = f"{self.scene.township[4:9]}{count + 1:06d}"
        named = self._somebody_else(person) if borrowed else person
        name, id_number = self.names[named], self.cards[person] if card else self.numbers[person]
        kind = BORROWED if borrowed else CARD if card else ""
        if not borrowed:
            name, id_number, wrong = self._soiled(person, name, id_number)
            kind = wrong or kind
        self.truth.add(source=source, record_no=number, kind=kind, about=self._who(named))
        self.records.add(
            source=source,
            record_no=number,
            name=name,
            id_number=id_number,
            sex="女" if folk.female[named] else "男",
            birth_date=int(folk.birth[named]) if dated else None,
            region_code=self.regions[person] if self.rng.random() < 0.9 else self.scene.county.code,
            category=category,
            object=thing.format(no=f"{count + 1:05d}", township=self._place) or None,
            starts_on=starts,
            amount=amount,
            active=True,
            roster_on=date(self.scene.as_of.year, 10, 31),
        )
        return number

    def _somebody_else(self, person: int) -> int:
        """A resident of the township of the same sex who is not registered and not of the family."""
        same = self._groups["unregistered"] & (self.scene.folk.female == self.scene.folk.female[person])
        able = np.flatnonzero(same)
        return int(able[int(self.rng.integers(len(able)))]) if len(able) else person

    def _soiled(self, person: int, name: str, number: str) -> tuple[str, str | None, str]:
        """At most one thing is wrong with who a record says it is about; which, where something is."""
        dirt, luck = self.known.dirt, self.rng.random() * 100_000
        for kind, rate in dirt.items():
            luck -= rate
            if luck < 0:
                wrong = self._wrong(kind, person, name, number)
                return *wrong, kind if wrong != (name, number) else ""
        return name, number, ""

    def _wrong(self, kind: Wrong, person: int, name: str, number: str) -> tuple[str, str | None]:
        match kind:
            case "number_missing":
                return name, None
            case "fifteen_digits":
                return name, number[:6] + number[8:17] if number[6:8] == "19" else number
            case "digit_mistyped":
                at = int(self.rng.integers(6, 17))
                return name, number[:at] + str((int(number[at]) + 1 + int(self.rng.integers(8))) % 10) + number[
                    at + 1 :
                ]
            case "digits_swapped":
                at = int(self.rng.integers(6, 16))
                return name, number[:at] + number[at + 1] + number[at] + number[at + 2 :]
            case "character_lost":
                return (name[0] + name[2:] if len(name) > 2 else name), number
            case "number_of_a_relative":
                relative = self._relative(person)
                return name, number if relative is None else self.numbers[relative]
            case "homophone":
                last = HOMOPHONES.get(name[-1])
                return (name[:-1] + last if last else name), number

    def _relative(self, person: int) -> int | None:
        """Somebody of the same household, or None for those who live alone."""
        others = [other for other in self._households.get(int(self.scene.folk.home[person]), ()) if other != person]
        return others[int(self.rng.integers(len(others)))] if others else None

    @cached_property
    def _households(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for person in np.flatnonzero(self.scene.folk.resident).tolist():
            found.setdefault(int(self.scene.folk.home[person]), []).append(person)
        return found

    def _who(self, person: int) -> str:
        """The person as leads are numbered: a member, family elsewhere by household and name, or nobody listed."""
        home = self.relations.get(person)
        if home is not None:
            return f"{self.scene.codes[home].as_py()}|{self.names[person]}"
        return self.codes[person] if self._members[person] else ""

    def _verdict(self, planted: PlantedLead, person: int, record: str) -> None:
        of_nobody = self.scene.county.plan.pack.comparison_checks[planted.check].finds == "record"
        self.verdicts.add(
            lead_no=lead_number(planted.check, "" if of_nobody else self._who(person), record),
            verdict=planted.verdict,
            note=planted.kind,
            evidence="入户核查记录",
            decided_by="乡镇核查组",
            decided_on=date(self.scene.as_of.year, 11, 20),
            ends_on=self.scene.as_of if planted.verdict == EXEMPT_UNTIL else None,
            region_code=self.regions[person],
        )

    def tables(self) -> Tables:
        found = {"department_record": self.records, "family_tie": self.ties, "lead_verdict": self.verdicts}
        return {name: written.table(name) for name, written in found.items()} | {
            RECORD_TRUTH: self.truth.labels(LABELS),
            FINDING_TRUTH: self.findings.labels(FINDINGS),
        }
