"""The answer sheet: the figures of one division and of the divisions below it that the source speaks of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from jingzhun.engine import Engine, quoted
from jingzhun.indicators.checks import judge
from jingzhun.indicators.figures import PRESENT
from jingzhun.indicators.plan import PlannedIndicator, PlannedMeasure, period_from, plan_indicators
from jingzhun.model import TABLES, Kind, Table, labels
from jingzhun.model.answers import Answer, AnswerSheet, ExitLine, FlowLine, SourceLine, Verdict
from jingzhun.model.message import Message
from jingzhun.policy import DivisionTree, Pack
from jingzhun.policy.schema import Indicator, PrintedFigure

QUALIFIERS = {"=": "=", ">=": "≥", "<=": "≤", "~": "≈"}


def answer_sheet(
    engine: Engine, pack: Pack, as_of: date, region: str, *, snapshot: str, synthetic: bool, printed: bool = True
) -> AnswerSheet:
    """Build the sheet of ``region`` from the computed tables ``figure``, ``flow`` and ``exit_test``.

    ``printed=False`` leaves the source's printed values out (other years, other places).
    """
    tree = pack.divisions.on(as_of)
    found = tuple(_answers(engine, pack, as_of, region, tree, printed))
    answers = tuple(answer for answer in found if not _is_absent(answer))
    flows = tuple(_flows(engine, region, tree))
    by_figure = {answer.figure: answer for answer in answers if answer.figure}
    verdicts = judge(engine, pack, as_of, by_figure, flows) if by_figure else ()
    return AnswerSheet(
        region=region,
        region_name=tree.get(region).name,
        as_of=as_of,
        pack=pack.version,
        pack_title=Message(pack.meta.id, pack.meta.zh, pack.meta.en),
        snapshot=snapshot,
        answers=tuple(_with_verdicts(answer, verdicts) for answer in answers),
        verdicts=verdicts,
        flows=flows,
        exits=tuple(_exits(engine, pack, region, tree)),
        sources=tuple(SourceLine(**row) for row in engine.rows(_SOURCES)),
        synthetic=synthetic,
        printed_source=pack.printed_page if by_figure else "",
        absent=tuple(filter(_is_absent, found)),
    )


_SOURCES = (
    "SELECT file, sha256, rows, accepted, warned, quarantined, rejected, ignored FROM source_file ORDER BY file_no"
)


def _is_absent(answer: Answer) -> bool:
    """A figure that no source printed and of which there is no row at all: named, but not shown as a line."""
    return not answer.figure and bool(answer.lacking) and answer.value is None and not answer.row_count


def _with_verdicts(answer: Answer, verdicts: tuple[Verdict, ...]) -> Answer:
    mine = tuple(verdict for verdict in verdicts if answer.figure in verdict.figures)
    return replace(answer, check=mine) if mine else answer


def _answers(
    engine: Engine, pack: Pack, as_of: date, region: str, tree: DivisionTree, printed: bool
) -> Iterator[Answer]:
    computed = {
        (row["indicator"], row["region_code"]): row
        for row in engine.rows(f"SELECT * FROM figure f WHERE {_few(pack, region)}")
    }
    vintages = {table.name: _vintage(engine, table, as_of) for table in TABLES.values()}
    planned = plan_indicators(pack, as_of).indicators
    here = _present(engine, pack, region, _county_above(tree, region))
    inside = set(tree.under(region))
    answered: set[str] = set()
    for figure in pack.figures.values() if printed else ():
        row = computed.get((figure.indicator, figure.region))
        if figure.region not in inside:
            continue
        if figure.region == region:
            answered.add(figure.indicator)
        plan = planned[figure.indicator]
        lacking = _lacking(plan, here.get(figure.region, set()), tree.get(figure.region).level)
        answer = _answer(pack, as_of, figure.region, tree, plan, row, vintages, figure)
        yield replace(answer, lacking=lacking)
    for name in sorted(planned, key=_printed_first(pack)):
        plan, row = planned[name], computed.get((name, region))
        lacking = _lacking(plan, here.get(region, set()), tree.get(region).level)
        if name not in answered and (row is not None or lacking):
            yield replace(_answer(pack, as_of, region, tree, plan, row, vintages, None), lacking=lacking)


def _present(engine: Engine, pack: Pack, region: str, above: Sequence[str]) -> dict[str, set[str]]:
    """The tables that have rows of the year, for each division that the sheet speaks of.

    Departments deliver by county: what the county of a township or village has was delivered there too.
    """
    found: dict[str, set[str]] = {}
    few = _few(pack, region, *above)
    for row in engine.rows(f"SELECT region_code, measure FROM measure_value f WHERE rows > 0 AND {few}"):
        found.setdefault(row["region_code"], set()).add(row["measure"].removeprefix(PRESENT))
    return {code: tables.union(*(found.get(one, set()) for one in above)) for code, tables in found.items()} | {
        region: found.get(region, set()).union(*(found.get(one, set()) for one in above))
    }


def _county_above(tree: DivisionTree, region: str) -> list[str]:
    """The county of a township or village; none for a larger division."""
    if tree.get(region).level <= COUNTY:
        return []
    return [code for code in tree.ancestors(region) if tree.get(code).level == COUNTY]


COUNTY = 3
_FINEST = {"prefecture": 2, "county": 3, "township": 4, "village": 5}


def _lacking(plan: PlannedIndicator, present: set[str], level: int) -> tuple[Message, ...]:
    """The tables of an indicator without a row here. Not those whose rows name no division so small."""
    if level not in plan.indicator.levels:
        return ()
    tables = {part.table.name: part.table for part in (plan.numerator, plan.denominator) if part is not None}
    return tuple(
        Message(name, table.zh, table.en)
        for name, table in tables.items()
        if name not in present and (table.inherited or level <= _FINEST.get(table.place, level))
    )


def _printed_first(pack: Pack) -> Callable[[str], int]:
    """What the source printed for some division comes first on every sheet, in the source's order."""
    order: dict[str, int] = {}
    for figure in pack.figures.values():
        order.setdefault(figure.indicator, len(order))
    return lambda indicator: order.get(indicator, len(order))


def _few(pack: Pack, *regions: str) -> str:
    """Only the divisions that the sheet speaks of: itself and those of printed figures."""
    codes = sorted({*regions, *(figure.region for figure in pack.figures.values())})
    return "f.region_code IN (" + ", ".join(quoted(code) for code in codes) + ")"


def _answer(
    pack: Pack,
    as_of: date,
    region: str,
    tree: DivisionTree,
    planned: PlannedIndicator,
    row: dict[str, Any] | None,
    vintages: dict[str, str],
    figure: PrintedFigure | None,
) -> Answer:
    indicator: Indicator = planned.indicator
    decimals = figure.decimals if figure else _decimals(indicator, row)
    numerator = row["numerator"] if row else None
    denominator = row["denominator"] if row else None
    base: PlannedMeasure = planned.denominator or planned.numerator
    says, says_en = _says(indicator, "numerator")
    of, of_en = _says(indicator, "denominator")
    return Answer(
        figure=figure.id if figure else None,
        indicator=indicator.id,
        name=figure.zh if figure else indicator.zh,
        name_en=figure.en if figure else indicator.en,
        value=_value(indicator, decimals, row),
        unit=figure.unit if figure else indicator.unit,
        qualifier=QUALIFIERS[figure.qualifier if figure else "="],
        decimals=decimals,
        numerator=numerator,
        denominator=denominator,
        region=region,
        region_name=tree.get(region).name,
        as_of=as_of,
        period_from=period_from(indicator, as_of),
        rule_version=rule_version(pack, indicator),
        row_count=int(row["row_count"]) if row else 0,
        printed=figure.printed if figure else None,
        section=figure.section if figure else "其他指标",
        vintage=vintages[base.table.name],
        numerator_says=says,
        numerator_says_en=says_en,
        denominator_says=of,
        denominator_says_en=of_en,
        numerator_unit=_stored_unit(planned.numerator),
        denominator_unit=_stored_unit(planned.denominator) if planned.denominator else "",
        unknown=int(row["unknown"]) if row else 0,
        denominator_unknown=int(row["denominator_unknown"]) if row else 0,
    )


def _decimals(indicator: Indicator, row: dict[str, Any] | None) -> int:
    """Decimals of a figure that nobody printed: a unit meant for a prefecture keeps three digits in a county."""
    if indicator.denominator is not None or indicator.per == 1 or not row or not row["numerator"]:
        return indicator.decimals
    size = (Decimal(row["numerator"]) * indicator.times / indicator.per).adjusted()
    return max(indicator.decimals, min(2 - size, _MOST_DECIMALS))


_MOST_DECIMALS = 6


def rule_version(pack: Pack, indicator: Indicator) -> str:
    """The pack's version and a hash of the definition: a changed rule never passes under an old name."""
    digest = hashlib.sha256(indicator.model_dump_json().encode()).hexdigest()
    return f"{pack.version} {indicator.id}@{digest[:8]}"


def _value(indicator: Indicator, decimals: int, row: dict[str, Any] | None) -> Decimal | str | None:
    if row is None:
        return None
    if indicator.kind == "label":
        label: str | None = row["label"]
        return Decimal(label) if label and label.isascii() and label.isdigit() else label
    if row["numerator"] is None or (indicator.denominator is not None and not row["denominator"]):
        return None
    value = Decimal(row["numerator"]) * indicator.times / indicator.per
    if indicator.denominator is not None:
        value /= row["denominator"]
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _stored_unit(measure: PlannedMeasure) -> str:
    """The unit of the exact amount: fen where money is summed, else that of the summed column, else none."""
    columns = [measure.table.column(name) for name in sorted(measure.value.columns)] if measure.value else []
    units = {column.unit for column in columns if column.kind in (Kind.CENTS, Kind.QUANTITY, Kind.INTEGER)}
    return "fen" if "fen" in units else units.pop() if len(units) == 1 else ""


def _says(indicator: Indicator, part: str) -> tuple[str, str]:
    measure = getattr(indicator, part)
    if measure is None:
        return "", ""
    table = TABLES[measure.table]
    return measure.zh or f"{table.zh}：{measure.where}", measure.en or f"{table.en}: {measure.where}"


def _vintage(engine: Engine, table: Table, as_of: date) -> str:
    if "roster_on" in table.column_names:
        day = engine.rows(f"SELECT max(roster_on) AS day FROM {table.name}")[0]["day"]
        return day.isoformat() if day else as_of.isoformat()
    return f"{as_of.year}年度" if "data_year" in table.column_names else as_of.isoformat()


def _flows(engine: Engine, region: str, tree: DivisionTree) -> Iterator[FlowLine]:
    for row in engine.rows(f"SELECT * FROM flow WHERE region_code = {quoted(region)} ORDER BY stock DESC, counted"):
        yield FlowLine(
            region=region,
            region_name=tree.get(region).name,
            stock=row["stock"],
            counted=row["counted"],
            opening=row["opening"],
            flows=tuple(
                (label, TABLES["flow"].column(name).en, sign * row[name])
                for name, (label, sign) in labels.FLOWS.items()
            ),
            closing=row["closing"],
            difference=row["difference"],
        )


def _exits(engine: Engine, pack: Pack, region: str, tree: DivisionTree) -> Iterator[ExitLine]:
    """County criteria of every county below, and how many villages and households each criterion stops."""
    names = {
        (standard.subject, criterion.id): criterion
        for standard in pack.exits.values()
        for criterion in standard.criteria
    }
    rows = engine.rows(
        "SELECT e.* FROM exit_test e JOIN region_closure c USING (region_code) "
        f"WHERE c.ancestor_code = {quoted(region)} AND subject_kind = 'county' ORDER BY subject_code, criterion"
    )
    for row in rows:
        criterion = names["county", row["criterion"]]
        yield ExitLine(
            "county", row["region_code"], tree.get(row["region_code"]).name, criterion.id, criterion.zh, criterion.en,
            row["passed"], row["seen"] or "", row["wanted"] or "",
        )  # fmt: skip
    yield from _stopped(engine, region, tree, names)


def _stopped(engine: Engine, region: str, tree: DivisionTree, names: dict[Any, Any]) -> Iterator[ExitLine]:
    rows = engine.rows(
        "SELECT subject_kind, criterion, count(*) AS judged, sum(CASE WHEN passed THEN 1 ELSE 0 END) AS passed, "
        "count(*) - count(passed) AS lacking, min(wanted) AS wanted "
        "FROM exit_test e JOIN region_closure c USING (region_code) "
        f"WHERE c.ancestor_code = {quoted(region)} AND officially_exited GROUP BY ALL ORDER BY ALL"
    )
    for row in rows:
        criterion = names[row["subject_kind"], row["criterion"]]
        yield ExitLine(
            row["subject_kind"], region, tree.get(region).name, criterion.id, criterion.zh, criterion.en,
            row["passed"] == row["judged"], f"{row['passed']}/{row['judged']}", row["wanted"] or "",
            int(row["lacking"]),
        )  # fmt: skip
