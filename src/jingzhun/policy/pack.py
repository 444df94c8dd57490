"""A loaded policy pack, and how to look a value up on a day."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from jingzhun.policy.comparison import Check, LookAlike, Source
from jingzhun.policy.deprivation import DeprivationStandard
from jingzhun.policy.divisions import Divisions
from jingzhun.policy.evaluation import SampleDesign, SeatPoint, SurveyForm
from jingzhun.policy.linkage import Linkage
from jingzhun.policy.rates import Rate
from jingzhun.policy.rules import NotExpressed, Rule, Subject
from jingzhun.policy.schema import (
    Alias,
    CodeList,
    DatedValue,
    ExitStandard,
    IncomeItem,
    Indicator,
    Layout,
    MutualCheck,
    NationalField,
    PackMeta,
    Parameter,
    PrintedFigure,
    Procedure,
    Scheme,
    SourceNote,
)
from jingzhun.policy.source import listed


class NoValue(LookupError):
    """A parameter has no value on the day asked for."""

    def __init__(self, parameter: str, day: date, scope: str) -> None:
        self.parameter, self.day, self.scope = parameter, day, scope
        where, where_en = (f"（范围：{scope}）", f" in scope {scope}") if scope else ("", "")
        self.zh = (
            f"参数 {parameter} 在 {day.isoformat()}{where} 没有取值；请在政策包 parameters/ 中补上这一天适用的值。"
        )
        self.en = (
            f"parameter {parameter} has no value on {day.isoformat()}{where_en}; add one to the pack's parameters/."
        )
        super().__init__(f"{self.zh} {self.en}")


class NoDesign(LookupError):
    """The pack says nothing of how a sample is drawn on the day."""

    def __init__(self, pack: str, day: date) -> None:
        self.zh = f"政策包 {pack} 在 {day.isoformat()} 没有抽样设计；请在 evaluation/designs/ 中补上一个。"
        self.en = f"the pack {pack} has no sampling design on {day.isoformat()}; add one to evaluation/designs/."
        super().__init__(f"{self.zh} {self.en}")


@dataclass(frozen=True)
class Pack:
    """Everything a policy pack says. Immutable; build one with ``load_pack``."""

    root: Path
    meta: PackMeta
    codes: dict[str, CodeList]
    parameters: dict[str, Parameter]
    layouts: dict[str, Layout]
    aliases: tuple[Alias, ...]
    income_items: tuple[IncomeItem, ...]
    schemes: dict[str, Scheme]
    procedures: dict[str, Procedure]
    deprivation: dict[str, DeprivationStandard]
    indicators: dict[str, Indicator]
    exits: dict[str, ExitStandard]
    figures: dict[str, PrintedFigure]
    checks: dict[str, MutualCheck]
    national_fields: tuple[NationalField, ...]
    divisions: Divisions
    sources: tuple[SourceNote, ...]
    subjects: dict[str, Subject]
    rules: dict[str, Rule]
    not_expressed: tuple[NotExpressed, ...]
    sources_compared: dict[str, Source]
    comparison_checks: dict[str, Check]
    linkages: dict[str, Linkage]
    look_alikes: tuple[LookAlike, ...]
    designs: dict[str, SampleDesign]
    forms: dict[str, SurveyForm]
    seats: tuple[SeatPoint, ...]
    rates: dict[str, Rate]
    files: dict[str, Path]
    """Where each part stands: ``parameter:exit_line`` → file."""

    @cached_property
    def version(self) -> str:
        """Name, version and the first digits of the fingerprint: a pack that was changed never looks like its model."""
        return f"{self.meta.id} {self.meta.version}+{self.fingerprint[:8]}"

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the names and contents of all files of the pack, each with its length in front."""
        digest = hashlib.sha256()
        for path in listed(self.root):
            content = path.read_bytes()
            name = str(path.relative_to(self.root)).encode()
            digest.update(len(name).to_bytes(8, "big") + name + len(content).to_bytes(8, "big") + content)
        return digest.hexdigest()

    @property
    def example_day(self) -> date:
        """The day on which cases of rules are looked at unless they say another one."""
        return date(self.meta.printed_year or self.meta.valid_from.year, 12, 31)

    @property
    def printed_page(self) -> str:
        """What the printed figures were taken from, as a title with its date; empty where the pack has none."""
        note = next((note for note in self.sources if note.key == self.meta.printed_source), None)
        return f"{note.title}（{note.published}）" if note and note.published else note.title if note else ""

    def design_on(self, day: date) -> SampleDesign:
        """The sampling design in force, the latest where there are several. Raises ``NoDesign``."""
        in_force = [
            one
            for one in self.designs.values()
            if one.valid_from <= day and (one.valid_to is None or day < one.valid_to)
        ]
        if not in_force:
            raise NoDesign(self.meta.id, day)
        return max(in_force, key=lambda one: (one.valid_from, one.id))

    def printed_on(self, as_of: date) -> bool:
        """Whether the printed figures of the pack's source speak of this day's year."""
        return self.meta.printed_year == as_of.year

    def parameter_value(self, name: str, day: date, scope: str = "") -> DatedValue:
        """The value in force on ``day``: of ``scope``, else of the scopes the pack prefers, else the general one.

        Raises ``KeyError`` for an unknown parameter and ``NoValue`` where none is in force.
        """
        values = self.parameters[name].values
        for wanted in (*((scope,) if scope else ()), *self.meta.scopes, ""):
            in_force = [value for value in values if value.scope == wanted and value.valid_from <= day]
            latest = max(in_force, key=lambda value: value.valid_from, default=None)
            if latest is not None and latest.value is not None:
                return latest
        raise NoValue(name, day, scope)

    def number(self, name: str, day: date, scope: str = "") -> Decimal:
        """The parameter as a number on ``day``, in the parameter's own unit."""
        return Decimal(self.parameter_value(name, day, scope).value or 0)
