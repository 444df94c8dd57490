"""From measures to figures: one fused scan per table at village level, then one roll-up of the division tree for all.

Counts and sums add up from villages, so a table is read once for all its measures and all five levels. A distinct
value that lives in one division only (a household) adds up too; one that is spread over several (an enterprise that
helps villages of two counties) is counted at every level by itself. Rows of inherited tables (policy) hold for
everything below their division.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from jingzhun.engine import Engine, Step, StepFailed, quoted
from jingzhun.indicators.plan import Plan, PlannedMeasure, plan_indicators
from jingzhun.model import Table
from jingzhun.policy import Pack

YEARS = ("data_year", "year")
"""Columns that say which year a row is of."""
PRESENT = "present_"
"""Before a table's name: the measure that counts its rows of the year."""
_NUMBER = "DECIMAL(38, 3)"


def figure_steps(pack: Pack, as_of: date) -> list[Step]:
    """Steps that make ``figure``: a row per indicator and division with rows to speak of."""
    plan = plan_indicators(pack, as_of)
    steps: list[Step] = []
    for table, measures in plan.by_table():
        steps.append(_scan(table, measures, as_of.year))
        steps += [_distinct(table, measure) for measure in measures if measure.distinct is not None]
    return [*steps, _rolled_up([step.name for step in steps]), _figures(plan)]


def own_steps(measures: list[PlannedMeasure], as_of: date) -> list[Step]:
    """The steps that give these measures and no others, for a reader: the work itself scans a table for all at once."""
    by_table: dict[str, list[PlannedMeasure]] = {}
    for measure in measures:
        by_table.setdefault(measure.table.name, []).append(measure)
    scans = [_scan(mine[0].table, mine, as_of.year) for mine in by_table.values()]
    return scans + [_distinct(one.table, one) for one in measures if one.distinct is not None]


def failing(engine: Engine, pack: Pack, as_of: date) -> Iterator[tuple[str, str]]:
    """Indicators that cannot be worked out on some row, with the engine's words: looked for once a scan has failed."""
    for planned in plan_indicators(pack, as_of).indicators.values():
        mine = [measure for measure in (planned.numerator, planned.denominator) if measure is not None]
        try:
            for step in own_steps(mine, as_of):
                engine.value(f"SELECT count(*) FROM (SELECT * FROM ({step.sql}) WHERE value IS NOT NULL)")
        except StepFailed as error:
            yield planned.indicator.id, error.reason


def _scan(table: Table, measures: list[PlannedMeasure], year: int) -> Step:
    """One scan of the table: rows, sums and labels of all its measures per division named in the rows.

    ``present`` counts what was delivered of the year, so that another year's rows are never taken for a zero of this.
    """
    yearly = next((name for name in YEARS if name in table.column_names), "")
    projected = "".join(f", ({measure.where.sql}) AS w_{measure.id}" + _projected(measure) for measure in measures)
    summed = "".join(
        f", sum(CASE WHEN w_{measure.id} THEN 1 ELSE 0 END) AS r_{measure.id}"
        f", count(*) - count(w_{measure.id}) AS u_{measure.id}" + _summed(measure)
        for measure in measures
    )
    here = (
        f"SELECT region_code, {'sum(of_year)' if yearly else 'count(*)'} AS present{summed} FROM (SELECT region_code"
        f"{f', CASE WHEN {yearly} = {year} THEN 1 ELSE 0 END AS of_year' if yearly else ''}{projected} "
        f"FROM {table.name}) GROUP BY region_code"
    )
    long = " UNION ALL ".join(
        [_part(_present(table), "present", f"present::{_NUMBER}", "NULL", "0")]
        + [_long(measure) for measure in measures]
    )
    sql = f"WITH here AS MATERIALIZED ({here}) {long}"
    if table.inherited:
        sql = (
            "SELECT c.region_code, measure, sum(rows) AS rows, sum(value) AS value, min(label) AS label, "
            "sum(unknown) AS unknown, true AS whole "
            f"FROM ({sql}) p JOIN region_closure c ON c.ancestor_code = p.region_code GROUP BY c.region_code, measure"
        )
    return Step(
        f"measure_{table.name}",
        sql,
        f"{table.zh}：一次扫描得出 {len(measures)} 个量 / one scan, {len(measures)} measures",
    )


def _projected(measure: PlannedMeasure) -> str:
    shown = measure.value or measure.label or measure.distinct
    return f", ({shown.sql}) AS v_{measure.id}" if shown else ""


def _summed(measure: PlannedMeasure) -> str:
    chosen = f"CASE WHEN w_{measure.id} THEN v_{measure.id} END"
    if measure.value is not None:
        return f", sum({chosen}) AS s_{measure.id}, count({chosen}) AS n_{measure.id}"
    if measure.distinct is not None:
        return f", count({chosen}) AS n_{measure.id}"
    return f", min(CASE WHEN w_{measure.id} THEN v_{measure.id} END) AS s_{measure.id}" if measure.label else ""


def _long(measure: PlannedMeasure) -> str:
    rows, unknown = f"r_{measure.id}", f"u_{measure.id}"
    if measure.label is not None:
        return _part(measure.id, rows, f"NULL::{_NUMBER}", f"s_{measure.id}", unknown)
    lacking = f"{unknown} + {rows} - n_{measure.id}"
    if measure.distinct is not None:
        return _part(measure.id, rows, f"NULL::{_NUMBER}", "NULL", lacking)
    if measure.value is not None:
        return _part(measure.id, rows, f"s_{measure.id}::{_NUMBER}", "NULL", lacking)
    return _part(measure.id, rows, f"r_{measure.id}::{_NUMBER}", "NULL", unknown)


def _part(measure: str, rows: str, value: str, label: str, unknown: str) -> str:
    """``whole`` parts already speak for everything below their division and are not added up again.

    ``unknown`` counts the rows of which cannot be said whether they belong, or that belong and lack their amount.
    """
    return (
        f"SELECT region_code, {quoted(measure)} AS measure, {rows} AS rows, {value} AS value, "
        f"{label}::VARCHAR AS label, {unknown} AS unknown, false AS whole FROM here"
    )


def _distinct(table: Table, measure: PlannedMeasure) -> Step:
    """Distinct values: those of one division counted there, those spread over several counted at every level."""
    assert measure.distinct is not None
    chosen = f"SELECT region_code, ({measure.distinct.sql}) AS x FROM {table.name} WHERE {measure.where.sql}"
    spread = "SELECT x FROM homes WHERE one <> other"
    return Step(
        f"measure_{table.name}_{measure.id}",
        f"WITH chosen AS ({chosen}), homes AS MATERIALIZED "
        "(SELECT x, min(region_code) AS one, max(region_code) AS other FROM chosen WHERE x IS NOT NULL GROUP BY x) "
        f"SELECT one AS region_code, {quoted(measure.id)} AS measure, 0 AS rows, count(*)::{_NUMBER} AS value, "
        "NULL::VARCHAR AS label, 0 AS unknown, false AS whole FROM homes WHERE one = other GROUP BY one UNION ALL "
        f"SELECT c.ancestor_code, {quoted(measure.id)}, 0, count(DISTINCT x)::{_NUMBER}, NULL, 0, true "
        f"FROM (SELECT DISTINCT region_code, x FROM chosen SEMI JOIN ({spread}) s USING (x)) t "
        "JOIN region_closure c USING (region_code) GROUP BY c.ancestor_code",
        f"{table.zh}：去重计数 / distinct count",
    )


def _present(table: Table) -> str:
    return f"{PRESENT}{table.name}"


def _rolled_up(parts: list[str]) -> Step:
    columns = "measure, rows, value, label, unknown"
    union = " UNION ALL ".join(f"SELECT region_code, {columns}, whole FROM {part}" for part in parts)
    return Step(
        "measure_value",
        f"WITH part AS MATERIALIZED ({union}) "
        "SELECT region_code, measure, sum(rows)::BIGINT AS rows, sum(value) AS value, min(label) AS label, "
        "sum(unknown)::BIGINT AS unknown FROM ("
        f"SELECT c.ancestor_code AS region_code, {columns} FROM part p "
        "JOIN region_closure c USING (region_code) WHERE NOT whole "
        f"UNION ALL SELECT region_code, {columns} FROM part WHERE whole) "
        "GROUP BY region_code, measure",
        "全部量沿区划逐级汇总 / all measures rolled up the division tree",
    )


def _figures(plan: Plan) -> Step:
    wanted = ", ".join(
        "({}, {}, {}, {}, {}, {}, {})".format(
            quoted(name),
            quoted(planned.numerator.id),
            quoted(_present(planned.numerator.table)),
            quoted(planned.denominator.id) if planned.denominator else "NULL",
            quoted(_present(planned.denominator.table)) if planned.denominator else "NULL",
            "[" + ", ".join(str(level) for level in planned.indicator.levels) + "]",
            "true" if planned.indicator.kind == "label" else "false",
        )
        for name, planned in plan.indicators.items()
    )
    return Step(
        "figure",
        f"""WITH wanted(indicator, n, n_present, d, d_present, levels, is_label) AS (VALUES {wanted}),
        place AS (SELECT region_code, max(CASE WHEN ancestor_code = region_code THEN ancestor_level END) AS level
            FROM region_closure GROUP BY region_code)
        SELECT w.indicator, p.region_code, {quoted(plan.as_of.isoformat())}::DATE AS as_of,
            CASE WHEN NOT w.is_label AND {_known("n")} THEN coalesce(nv.value, 0) END::DECIMAL(18, 3) AS numerator,
            CASE WHEN (dp.rows > 0 OR dv.rows > 0) AND {_known("d")}
                THEN coalesce(dv.value, 0) END::DECIMAL(18, 3) AS denominator,
            nv.label, coalesce(nv.rows, 0)::BIGINT AS row_count,
            coalesce(nv.unknown, 0)::BIGINT AS unknown, coalesce(dv.unknown, 0)::BIGINT AS denominator_unknown
        FROM wanted w JOIN measure_value np ON np.measure = w.n_present
        JOIN place p ON p.region_code = np.region_code
        LEFT JOIN measure_value nv ON nv.region_code = p.region_code AND nv.measure = w.n
        LEFT JOIN measure_value dp ON dp.region_code = p.region_code AND dp.measure = w.d_present
        LEFT JOIN measure_value dv ON dv.region_code = p.region_code AND dv.measure = w.d
        WHERE list_contains(w.levels, p.level) AND (np.rows > 0 OR nv.rows > 0)""",
        "指标 = 分子 / 分母；没有报送数据的地方没有指标值 / figures; none where nothing was delivered",
    )


def _known(part: str) -> str:
    """A missing value is no zero: what would be zero is left empty while rows lack what decides it."""
    return f"(coalesce({part}v.value, 0) <> 0 OR coalesce({part}v.unknown, 0) = 0)"
