"""The shape of ``evaluation/``: how the sample of a third-party evaluation is drawn, and what its survey asks.

Numbers are parameters of the pack; a design names them. What makes a village remote or a household one that must be
visited is an expression over what the snapshot knows, so that another place can say it otherwise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import Field

from jingzhun.engine import Names, result_type
from jingzhun.model import TABLES
from jingzhun.policy.schema import Identifier, Labelled, Mark, Part, RegionCode
from jingzhun.policy.subjects import names_of

UNKNOWN_COUNT = "_unknown"
"""After the name of a trait: how many members it is not known of."""
HOUSEHOLD_FACTS: dict[str, str] = {"members": "BIGINT"}
VILLAGE_FACTS: dict[str, str] = {
    "kind": "VARCHAR",
    "rural_households": "BIGINT",
    "rural_persons": "BIGINT",
    "registered_households": "BIGINT",
    "outside_households": "BIGINT",
    "distance_km": "DOUBLE",
}
"""What is known of a village beside the columns of its sheet: kind of division, households and persons with rural
registration by the roster, and how far it lies from the county seat, where both places are known."""


class Listed(Part):
    """A list that says something of a person or a household: rows of a table that meet ``where``.

    ``sources`` are labels of the code list ``comparison_source``: of ``department_record`` only
    their rows are read, and only where a document in force allows it. ``by`` says whether the table names persons or
    registered households.
    """

    id: Identifier
    zh: str
    en: str
    table: str
    by: Literal["id_number", "household_code"] = "id_number"
    where: str = "true"
    sources: tuple[str, ...] = ()


class Trait(Part):
    """What may hold of a member: an expression over ``age`` and, by name, whether each list has them."""

    id: Identifier
    zh: str
    en: str
    when: str


class MandatoryGroup(Part):
    """A group that must be visited: an expression over how many members each list and trait holds of."""

    id: Identifier
    zh: str
    en: str
    when: str
    source: str
    mark: Mark = "unverified"


class VillageClass(Part):
    """One class of an axis; the last may leave ``when`` out and takes the villages for which all others are false.

    ``villages`` is the parameter that says how many of a county's sample are of this class.
    """

    id: Identifier
    zh: str
    en: str
    when: str = ""
    villages: Identifier


class Axis(Part):
    """One way in which villages are told apart. One that cannot be told belongs to ``unknown``, never to a class."""

    id: Identifier
    zh: str
    en: str
    unknown_zh: str
    unknown_en: str
    classes: tuple[VillageClass, ...] = Field(min_length=2)


class Asked(Part):
    """One kind of household that is asked, and how many of a county.

    ``groups``: ``all`` takes every household of a mandatory group beside that number, ``apart`` only draws them in
    strata of their own, ``none`` does not look at groups.
    """

    subject: str
    zh: str
    en: str
    households: Identifier
    by_exit_year: bool = False
    groups: Literal["all", "apart", "none"] = "none"


class SampleDesign(Labelled):
    """``evaluation/designs/*.yaml``: from the county to the household, in two stages."""

    source: str
    mark: Mark = "unverified"
    valid_from: date
    valid_to: date | None = None
    villages: Identifier
    """Parameter: villages of a county."""
    where: str
    """Which divisions of the lowest level are villages to be drawn."""
    size: str
    """The measure of size that a village's chance grows with."""
    axes: tuple[Axis, ...] = Field(min_length=1, max_length=2)
    lists: tuple[Listed, ...] = ()
    traits: tuple[Trait, ...] = ()
    groups: tuple[MandatoryGroup, ...] = ()
    asked: tuple[Asked, ...]
    reserve_villages: Identifier
    """Parameter: villages in reserve, in percent of those drawn of a stratum."""
    reserve_households: Identifier
    """Parameter: households in reserve, in percent of those drawn of a stratum."""
    replaced_most: Identifier
    """Parameter: households that may be replaced, in percent of those drawn in a county."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all it says."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters it names, without those that only its expressions use."""
        numbers = [one.villages for axis in self.axes for one in axis.classes]
        return (
            self.villages,
            *numbers,
            *(one.households for one in self.asked),
            self.reserve_villages,
            self.reserve_households,
            self.replaced_most,
        )


class Question(Part):
    """One question of a form. ``field`` is a column of ``survey_visit``, or a name of the form's own.

    ``kind`` is a type of XLSForm without its list; the list of a ``select_one`` comes from the column's code list.
    ``constraint``, ``relevant`` and ``calculation`` are XLSForm expressions. ``needed``: a completed visit without an
    answer is a finding.
    """

    field: Identifier
    kind: Literal["text", "integer", "decimal", "date", "geopoint", "select_one", "calculate", "note"]
    zh: str
    en: str
    hint_zh: str = ""
    hint_en: str = ""
    required: bool = False
    needed: bool = False
    relevant: str = ""
    constraint: str = ""
    says_zh: str = ""
    says_en: str = ""
    """What is said where the constraint is not met."""
    calculation: str = ""
    appearance: str = ""


class SurveyForm(Labelled):
    """``evaluation/forms/*.yaml``: the questions of a survey, in their order."""

    source: str
    mark: Mark = "unverified"
    version: str
    questions: tuple[Question, ...]


class SeatPoint(Part):
    """One line of ``regions/seats.csv``: where the seat of a division lies, in degrees of WGS 84."""

    region_code: RegionCode
    longitude: float = Field(ge=-180, le=180)
    latitude: float = Field(ge=-90, le=90)
    source: str
    mark: Mark = "unverified"


def village_names(parameters: Mapping[str, str]) -> Names:
    """What expressions about a village may speak of."""
    return Names(dict(names_of(TABLES["village"], parameters).columns) | VILLAGE_FACTS, {"p": parameters})


def member_names(design: SampleDesign, parameters: Mapping[str, str]) -> Names:
    """What a trait may speak of: the age, and whether a list has the member."""
    lists = {one.id: "BOOLEAN" for one in design.lists if one.by == "id_number"}
    return Names({"age": "BIGINT"} | lists | {"as_of": "DATE"}, {"p": parameters})


def household_names(design: SampleDesign, parameters: Mapping[str, str]) -> Names:
    """What a mandatory group may speak of: members, and how many of them each list and trait holds of.

    Raises ``ExpressionError`` for a trait that may not be used.
    """
    names = member_names(design, parameters)
    for trait in design.traits:
        result_type(trait.when, names)
    counted = [*(one.id for one in design.lists), *(one.id for one in design.traits)]
    unknown = [trait.id + UNKNOWN_COUNT for trait in design.traits]
    return Names(HOUSEHOLD_FACTS | dict.fromkeys([*counted, *unknown], "BIGINT"), {"p": parameters})
