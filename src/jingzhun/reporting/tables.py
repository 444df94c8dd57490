"""The tables after the figures: stocks and flows, exit tests, source files, as text in one language."""

from __future__ import annotations

from dataclasses import dataclass

from jingzhun.model.answers import ExitLine, FlowLine, SourceLine
from jingzhun.model.message import Language
from jingzhun.reporting.wording import seen_text, word

ORDER = ("register_households", "register_persons", "poor_households", "poor_persons")


@dataclass(frozen=True, slots=True)
class FlowTable:
    """Stocks in columns, flows in rows: opening, each signed flow, closing, difference."""

    columns: tuple[str, ...]
    opening: tuple[str, ...]
    flows: tuple[tuple[str, tuple[str, ...]], ...]
    closing: tuple[str, ...]
    difference: tuple[str, ...]
    zero: tuple[bool, ...]

    @property
    def closed(self) -> bool:
        return all(self.zero)


@dataclass(frozen=True, slots=True)
class CountyCell:
    criterion: str
    seen: str
    passed: bool | None


@dataclass(frozen=True, slots=True)
class CountyRow:
    place: str
    cells: tuple[CountyCell, ...]
    passed: bool | None
    """True where every criterion passed, False where one is a veto, None where facts are missing."""


@dataclass(frozen=True, slots=True)
class CountyTable:
    criteria: tuple[tuple[str, str], ...]
    """Criterion and what it requires."""
    rows: tuple[CountyRow, ...]


@dataclass(frozen=True, slots=True)
class ExitRow:
    """One criterion over all villages or households that officially exited."""

    subject: str
    criterion: str
    wanted: str
    seen: str
    passed: bool
    vetoes: str
    lacking: str


@dataclass(frozen=True, slots=True)
class SourceTable:
    rows: tuple[tuple[str, str, tuple[str, ...]], ...]
    """File, short hash, counts: rows, accepted, warned, quarantined, rejected, ignored."""
    total: tuple[str, ...]
    accounted: bool
    """Whether every row of every file has an outcome."""


def flow_table(lines: tuple[FlowLine, ...], language: Language) -> FlowTable | None:
    """The four stocks side by side, or None where there was no earlier register."""
    by_key = {f"{line.stock}_{line.counted}": line for line in lines}
    shown = [by_key[key] for key in ORDER if key in by_key]
    if not shown:
        return None
    names = shown[0].flows
    return FlowTable(
        columns=tuple(word(f"{line.stock}_{line.counted}", language) for line in shown),
        opening=tuple(f"{line.opening:,}" for line in shown),
        flows=tuple(
            (zh if language == "zh" else en, tuple(_signed(line.flows[index][2]) for line in shown))
            for index, (zh, en, _) in enumerate(names)
        ),
        closing=tuple(f"{line.closing:,}" for line in shown),
        difference=tuple(_signed(line.difference) for line in shown),
        zero=tuple(line.difference == 0 for line in shown),
    )


def _signed(amount: int) -> str:
    return f"{amount:+,}".replace("-", "−") if amount else "0"


def county_table(lines: tuple[ExitLine, ...], language: Language) -> CountyTable | None:
    """One row per county, one column per criterion."""
    counties = [line for line in lines if line.subject_kind == "county"]
    if not counties:
        return None
    criteria = {line.criterion: line for line in counties}
    places = {line.region: line.region_name for line in counties}
    cells = {(line.region, line.criterion): line for line in counties}
    return CountyTable(
        criteria=tuple((_name(line, language), _wanted(counties, line, language)) for line in criteria.values()),
        rows=tuple(
            _county(name, [cells.get((region, criterion)) for criterion in criteria], criteria, language)
            for region, name in places.items()
        ),
    )


def _county(name: str, lines: list[ExitLine | None], criteria: dict[str, ExitLine], language: Language) -> CountyRow:
    cells = tuple(
        CountyCell(_name(criterion, language), "", None)
        if line is None
        else CountyCell(_name(criterion, language), seen_text(line.seen, language), line.passed)
        for line, criterion in zip(lines, criteria.values(), strict=True)
    )
    verdicts = [cell.passed for cell in cells]
    return CountyRow(name, cells, False if False in verdicts else None if None in verdicts else True)


def _wanted(counties: list[ExitLine], line: ExitLine, language: Language) -> str:
    """The requirement that all counties share; empty where each has its own, such as the number of its villages."""
    wanted = {other.wanted for other in counties if other.criterion == line.criterion}
    return seen_text(wanted.pop(), language) if len(wanted) == 1 else ""


def _name(line: ExitLine, language: Language) -> str:
    return line.zh if language == "zh" else line.en


def exit_rows(lines: tuple[ExitLine, ...], language: Language) -> tuple[ExitRow, ...]:
    """Villages before households; each row says how many of those judged pass."""
    below = [line for line in lines if line.subject_kind != "county"]
    below.sort(key=lambda line: ("village", "household").index(line.subject_kind))
    return tuple(
        ExitRow(
            subject=word(line.subject_kind, language),
            criterion=_name(line, language),
            wanted=seen_text(line.wanted, language),
            seen=_counts(line.seen),
            passed=line.passed is True,
            vetoes=_vetoes(line.seen, line.lacking),
            lacking=f"{line.lacking:,}" if line.lacking else "",
        )
        for line in below
    )


def _counts(seen: str) -> str:
    return " / ".join(f"{int(part):,}" if part.strip().isdecimal() else part for part in seen.split("/"))


def _vetoes(seen: str, lacking: int) -> str:
    """Judged minus passed, from ``passed/judged``, without those of which the facts are missing."""
    passed, _, judged = seen.partition("/")
    if passed.strip().isdecimal() and judged.strip().isdecimal():
        return f"{int(judged) - int(passed) - lacking:,}"
    return ""


def source_table(lines: tuple[SourceLine, ...]) -> SourceTable | None:
    """Every delivered file and what became of its rows, with totals."""
    if not lines:
        return None
    counts = [(s.rows, s.accepted, s.warned, s.quarantined, s.rejected, s.ignored) for s in lines]
    return SourceTable(
        rows=tuple(
            (line.file, line.sha256[:12], tuple(f"{part:,}" for part in parts))
            for line, parts in zip(lines, counts, strict=True)
        ),
        total=tuple(f"{sum(column):,}" for column in zip(*counts, strict=True)),
        accounted=all(parts[0] == sum(parts[1:]) for parts in counts),
    )
