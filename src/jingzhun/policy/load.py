"""Load a policy pack from its folder. All faults are collected; one report names every one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path

from jingzhun.policy.comparison import Check, LookAlike, Source
from jingzhun.policy.deprivation import DeprivationStandard
from jingzhun.policy.divisions import Divisions
from jingzhun.policy.evaluation import SampleDesign, SeatPoint, SurveyForm
from jingzhun.policy.ledgers import ledger_layouts
from jingzhun.policy.linkage import Linkage
from jingzhun.policy.pack import Pack
from jingzhun.policy.rates import Rate
from jingzhun.policy.reader import Fault, Reader
from jingzhun.policy.rules import NotExpressed, Rule, Subject
from jingzhun.policy.schema import (
    Alias,
    CodeList,
    DivisionRow,
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

_NO_META = PackMeta(
    id="unknown", zh="", en="", version="", legal_basis=(), valid_from=date.min, root_region="000000000000"
)
"""Stands in for an unreadable ``pack.yaml``, so that the other files are read and reported all the same."""


class PackFaults(ValueError):
    """The pack cannot be used. ``faults`` lists everything that is wrong with it."""

    def __init__(self, root: Path, faults: list[Fault]) -> None:
        super().__init__("\n".join(f"{fault.file}:{fault.line}: {fault.zh} {fault.en}" for fault in faults))
        self.root, self.faults = root, faults


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a pack folder. ``pack`` is None when there is no usable ``pack.yaml``."""

    pack: Pack | None
    reader: Reader


def find_pack(name: str) -> Path:
    """The folder of a pack: a path, or the name of a pack that ships with the product."""
    if Path(name).is_dir():
        return Path(name)
    return Path(str(resources.files("jingzhun") / "packs" / name))


def load_pack(name: str | Path) -> Pack:
    """Load a pack by name or folder. Raises ``PackFaults`` with every structural fault."""
    root = find_pack(str(name))
    pack, faults = read_pack(root)
    if faults or pack is None:
        raise PackFaults(root, faults)
    return pack


def read_pack(root: Path) -> tuple[Pack | None, list[Fault]]:
    """Read a pack and list what is structurally wrong with it. The pack is None when it has no usable ``pack.yaml``."""
    reading = read(root)
    return reading.pack, reading.reader.faults


def read(root: Path) -> Reading:
    """Read a pack together with the places of its parts, for those who judge it further."""
    reader = Reader(root)
    reader.look_over()
    meta = reader.one("pack.yaml", PackMeta)
    pack = Pack(
        root=root,
        meta=meta or _NO_META,
        codes=reader.each("catalogue/codes/*.yaml", CodeList, "code_list"),
        parameters=reader.each("parameters/**/*.yaml", Parameter, "parameter"),
        layouts=ledger_layouts() | reader.each("catalogue/layouts/*.yaml", Layout, "layout"),
        aliases=reader.rows("catalogue/aliases.csv", Alias),
        income_items=reader.rows("catalogue/income_items.csv", IncomeItem),
        schemes=reader.each("schemes/*.yaml", Scheme, "scheme"),
        procedures=reader.each("procedures/*.yaml", Procedure, "procedure"),
        deprivation=reader.each("deprivation/*.yaml", DeprivationStandard, "deprivation"),
        indicators=reader.lists("indicators/*.yaml", "indicators", Indicator, "indicator"),
        exits=reader.each("exits/*.yaml", ExitStandard, "exit"),
        figures=reader.lists("answers/figures.yaml", "figures", PrintedFigure, "figure"),
        checks=reader.lists("answers/checks.yaml", "checks", MutualCheck, "check"),
        national_fields=reader.rows("catalogue/national_fields.csv", NationalField),
        divisions=Divisions(reader.rows("regions/divisions.csv", DivisionRow)),
        sources=reader.rows("sources.csv", SourceNote, optional=True),
        subjects=reader.each("quality/subjects/*.yaml", Subject, "subject"),
        rules=reader.lists("quality/rules/*.yaml", "rules", Rule, "rule"),
        not_expressed=reader.rows("quality/not_expressed.csv", NotExpressed, optional=True),
        sources_compared=reader.each("comparison/sources/*.yaml", Source, "source"),
        comparison_checks=reader.lists("comparison/checks/*.yaml", "checks", Check, "comparison"),
        linkages=reader.each("comparison/linkage/*.yaml", Linkage, "linkage"),
        look_alikes=reader.rows("comparison/look_alikes.csv", LookAlike, optional=True),
        designs=reader.each("evaluation/designs/*.yaml", SampleDesign, "design"),
        forms=reader.each("evaluation/forms/*.yaml", SurveyForm, "form"),
        seats=reader.rows("regions/seats.csv", SeatPoint, optional=True),
        rates=reader.lists("evaluation/rates.yaml", "rates", Rate, "rate"),
        files={part: document.path for part, (document, _) in reader.places.items() if ":" in part},
    )
    return Reading(pack if meta else None, reader)
