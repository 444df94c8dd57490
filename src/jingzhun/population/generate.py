"""Generate a synthetic population: a snapshot's tables, or the departments' files with the truth beside them."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

import pyarrow.csv as csv
import pyarrow.parquet as pq

from jingzhun.model import TABLES
from jingzhun.policy import Fault, Pack
from jingzhun.policy.reader import Reader
from jingzhun.population.calibration import FILES, Calibration, read_calibration
from jingzhun.population.department_rows import LABELS, RECORD_TRUTH
from jingzhun.population.departments import Sent, send, write_truth
from jingzhun.population.names import names_of, read_names
from jingzhun.population.plan import CountyPlan, Plan, UnknownPlace, make_plan, scale_of
from jingzhun.population.scene import Tables, area_tables, county_tables, together
from jingzhun.population.split_rows import FINDING_TRUTH, FINDINGS
from jingzhun.population.survey_plan import FILE as SURVEY_FILE
from jingzhun.population.survey_plan import SurveyPlan
from jingzhun.population.twice_rows import ROWS, TWICE_TRUTH

Form = Literal["files", "snapshot"]
Progress = Callable[[str, int, int], None]
TRUTH_TABLES_UP_TO = 400_000
"""Residents up to which the true tables are written beside the files."""


RECORDS, EXPECTED, TWICE = "records.csv", "findings.csv", "twice.csv"
"""Beside the true tables: for each department's record whom it is about and what is wrong with how it says so; what a
screening must find that is in no ledger; and people who stand in the register twice, in rows that are not delivered."""
LABELLED = {RECORD_TRUTH: (RECORDS, LABELS), FINDING_TRUTH: (EXPECTED, FINDINGS), TWICE_TRUTH: (TWICE, ROWS)}
NOTICE = "SYNTHETIC.txt"
"""A file of this name says that everybody in the folder is invented."""


@dataclass(slots=True)
class GenerationReport:
    """What was made: rows per table, files in the order of delivery, and how many cells and rows were soiled."""

    region: str
    as_of: date
    seed: int
    residents: int
    form: Form
    tables: dict[str, int] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)
    dirt: dict[str, int] = field(default_factory=dict)


def generate(
    pack: Pack,
    out: Path,
    *,
    region: str,
    as_of: date,
    seed: int = 2018,
    persons: int | None = None,
    form: Form = "files",
    progress: Progress | None = None,
) -> GenerationReport:
    """Make the population of ``region`` (the pack's area or one of its counties) on ``as_of``.

    ``persons`` scales residents and register of the region to that many residents; programme tables keep their size.
    ``form="files"`` writes ``files/`` (walk it sorted by name: the first delivery comes first) and ``truth/``;
    ``form="snapshot"`` writes ``<table>.parquet`` with every contract column, streaming township by township.
    The same pack, seed and scale give the same bytes, and a county made alone is the same as within the area.

    Raises ``NoCalibration`` for a pack without a population, ``UnknownPlace`` for a region it does not know,
    ``WrongSize`` for too few or too many people, and ``NumbersUsedUp`` where there are not enough identity numbers.
    """
    plan = _plan(pack, region, as_of, seed, persons)
    counties = _counties(plan, region)
    residents = sum(county.truth.residents for county in counties)
    report = GenerationReport(region, as_of, seed, residents, form)
    out.mkdir(parents=True, exist_ok=True)
    (out / NOTICE).write_text(_notice(plan, report), "utf-8")
    make = _snapshot if form == "snapshot" else _files
    make(plan, counties, out, report, progress)
    return report


def population_faults(root: Path) -> list[Fault]:
    """What is wrong with what a pack says of the people to invent; nothing where it says nothing of them."""
    reader = Reader(root)
    reader.look_over()
    if not (root / FILES[0]).is_file():
        return []
    before = len(reader.faults)
    reader.merged(FILES, Calibration)
    if (root / SURVEY_FILE).is_file():
        reader.one(SURVEY_FILE, SurveyPlan)
    names_of(reader)
    return reader.faults[before:]


def _plan(pack: Pack, region: str, as_of: date, seed: int, persons: int | None) -> Plan:
    calibration = read_calibration(pack)
    known = (pack.meta.root_region, *calibration.counties)
    tree = pack.divisions.on(as_of)
    names = {code: tree.get(code).name if code in tree else "" for code in (region, *known)}
    if region not in known:
        raise UnknownPlace(region, names[region], {code: names[code] for code in known})
    scale = scale_of(calibration, region, names[region] or region, persons)
    return make_plan(pack, calibration, read_names(pack.root / "population"), as_of, seed, scale)


def _notice(plan: Plan, report: GenerationReport) -> str:
    place, day = plan.tree.get(report.region).name, report.as_of.isoformat()
    return (
        f"{plan.calibration.title}：{place}，时点 {day}，种子 {report.seed}，{report.residents:,} 人。\n"
        "本目录的人、户、事件全部由程序合成，与任何真实的人和户无关。\n"
        "Everybody and everything in this folder is invented; any likeness to real people is chance.\n"
    )


def _counties(plan: Plan, region: str) -> list[CountyPlan]:
    return list(plan.counties.values()) if region == plan.region else [plan.counties[region]]


class Sinks:
    """One growing Parquet file per table."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: dict[str, int] = {}
        self._writers: dict[str, pq.ParquetWriter] = {}

    def add(self, tables: Tables) -> None:
        for name, table in tables.items():
            if name not in self._writers:
                path = self.folder / f"{name}.parquet"
                self._writers[name] = pq.ParquetWriter(path, TABLES[name].arrow_schema(), compression="zstd")
            self._writers[name].write_table(table)
            self.rows[name] = self.rows.get(name, 0) + len(table)

    def count(self, tables: Tables) -> None:
        """Only count the rows, where the tables are too long to keep."""
        for name, table in tables.items():
            self.rows[name] = self.rows.get(name, 0) + len(table)

    def close(self) -> None:
        for writer in self._writers.values():
            writer.close()


def _snapshot(
    plan: Plan, counties: list[CountyPlan], out: Path, report: GenerationReport, tell: Progress | None
) -> None:
    sinks = Sinks(out)
    for done, county in enumerate(counties, start=1):
        for part in county_tables(county, linked=True):
            for name in LABELLED:
                part.pop(name, None)
            sinks.add(part)
        if tell:
            tell(county.name, done, len(counties))
    if report.region == plan.region:
        sinks.add(area_tables(plan))
    sinks.close()
    report.tables = sinks.rows


def _files(plan: Plan, counties: list[CountyPlan], out: Path, report: GenerationReport, tell: Progress | None) -> None:
    truth, sent = out / "truth", Sent(out / "files")
    truth.mkdir(exist_ok=True)
    keep = report.residents <= TRUTH_TABLES_UP_TO
    sinks = Sinks(truth)
    with ExitStack() as open_files:
        labels = {
            name: open_files.enter_context(csv.CSVWriter(truth / file, schema))
            for name, (file, schema) in LABELLED.items()
        }
        for done, county in enumerate(counties, start=1):
            tables = together(list(county_tables(county, linked=keep)))
            for name in LABELLED:
                if name in tables:
                    labels[name].write(tables.pop(name))
            send(plan, county.code, tables, sent)
            sinks.add(tables) if keep else sinks.count(tables)
            if tell:
                tell(county.name, done, len(counties))
    if report.region == plan.region:
        tables = area_tables(plan)
        send(plan, plan.region, tables, sent)
        sinks.add(tables) if keep else sinks.count(tables)
    sinks.close()
    report.tables = sinks.rows
    report.files = sorted(sent.files)
    report.dirt = write_truth(sent, truth / "dirt.csv")
    _write_figures(plan, counties, truth)


def _write_figures(plan: Plan, counties: list[CountyPlan], truth: Path) -> None:
    """``figures.json``: the calibrated totals, for comparison with what is counted."""
    found = {
        "counties": {county.code: county.truth.model_dump(mode="json", by_alias=True) for county in counties},
        "totals": plan.calibration.programme.totals,
    }
    (truth / "figures.json").write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
