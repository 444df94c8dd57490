"""Counting deprivations in a table: tens of millions of people in thousands of groups, several cut-offs at once.

One pass over the rows. Cut-offs only split the rows of a group by how many of them they reach, so that rows are grouped
by that number and every measure at every cut-off is a sum of few such cells. The counts of several indicators are one
sum: 1 for the first, 2^b for the second, 2^2b for the third, where no group's count reaches 2^b. Doubles are whole
below 2^53, so the sums are exact, and their arithmetic is the fastest there is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import pyarrow as pa

from jingzhun.engine import DuckDBEngine, ExpressionError, StepFailed, to_sql
from jingzhun.engine.expression import Names, Want, parse_expression
from jingzhun.measurement.deprivation import Missing, Share, cut_off, whole_weights
from jingzhun.measurement.design import Codes
from jingzhun.measurement.fault import NAMED, NotMeasurable
from jingzhun.measurement.measured import Floats

EXACT_BITS = 53
"""Whole numbers below 2 to this power are exact as doubles, and so are their sums below it."""

TRUTH = "BOOLEAN"
_WRONG = "w IS NULL OR NOT (isfinite(w) AND w >= 0)"


@dataclass(frozen=True, slots=True, eq=False)
class DeprivationCounts:
    """Of every group, cut-off and indicator how many people; g groups, c cut-offs in the order of ``ks``, d indicators.

    ``groups`` has a row for each group and the columns it is told by (none where there was no ``by``). ``people`` (g,),
    ``raw`` (g, d) who lacks, ``poor`` (g, c), ``censored`` (g, c, d) who lacks and is poor: sums of the rows' weights,
    rows where there are none. ``left_out`` (g,) are the rows of which an indicator is not known. ``weights`` (d,) are
    those of the indicators, as whole numbers.
    """

    names: tuple[str, ...]
    weights: Codes
    ks: tuple[Share, ...]
    groups: pa.Table
    people: Floats
    raw: Floats
    poor: Floats
    censored: Floats
    left_out: Codes

    @property
    def incidence(self) -> Floats:
        """H (g, c): the share who are poor. NaN for a group of which nobody is known, here and below."""
        return _per(self.poor, self.people[:, None])

    @property
    def adjusted(self) -> Floats:
        """M0 (g, c): the share of all possible deprivations that the poor have."""
        return _per(self.censored @ self.weights, self.people[:, None] * self.weights.sum())

    @property
    def intensity(self) -> Floats:
        """A (g, c): the share of the weights that the poor lack on average. NaN where nobody is poor."""
        return _per(self.censored @ self.weights, self.poor * self.weights.sum())

    @property
    def headcounts(self) -> Floats:
        """Raw headcount ratios (g, d)."""
        return _per(self.raw, self.people[:, None])

    @property
    def censored_headcounts(self) -> Floats:
        """Censored headcount ratios (g, c, d)."""
        return _per(self.censored, self.people[:, None, None])

    @property
    def contributions(self) -> Floats:
        """Of each indicator its part of M0 (g, c, d). NaN where nobody is poor."""
        lacking = self.censored * self.weights
        return _per(lacking, lacking.sum(axis=2, keepdims=True))

    def table(self) -> pa.Table:
        """All measures, a row for each group and cut-off, called as by ``deprivation.alkire_foster``."""
        g, c = self.poor.shape
        at = pa.array(np.repeat(np.arange(g), c))
        columns = {name: self.groups.column(name).take(at) for name in self.groups.column_names}
        columns["k"] = pa.array([str(k) for k in self.ks] * g, pa.string())
        measures = {"H": self.incidence, "A": self.intensity, "M0": self.adjusted}
        headcounts, censored, contributions = self.headcounts, self.censored_headcounts, self.contributions
        for place, name in enumerate(self.names):
            measures[f"headcount.{name}"] = np.repeat(headcounts[:, place], c)
            measures[f"censored.{name}"] = censored[:, :, place]
            measures[f"contribution.{name}"] = contributions[:, :, place]
        columns |= {name: pa.array(values.reshape(-1), from_pandas=True) for name, values in measures.items()}
        columns["people"] = pa.array(np.repeat(self.people, c))
        columns["left_out"] = pa.array(np.repeat(self.left_out, c))
        return pa.table(columns)


def count_deprivations(
    engine: DuckDBEngine,
    relation: str,
    indicators: Mapping[str, str],
    weights: Mapping[str, Share] | None = None,
    ks: Sequence[Share] = (1,),
    *,
    by: Sequence[str] = (),
    weight: str | None = None,
    missing: Missing = "drop",
) -> DeprivationCounts:
    """Count who lacks what in a table of ``engine`` (Parquet files are named by its ``read_parquet``).

    ``indicators`` are conditions on its columns, true where deprived; ``weights`` of the indicators and cut-offs ``ks``
    as in ``deprivation.profile``; ``by`` are columns or expressions, ``weight`` a number for each row. Groups come in
    the order of their values. Rows of which a condition is not known are left out and counted. Counts, and sums of
    weights that are whole numbers below 2^53, are exact; sums of other weights may differ in the last digits between
    runs. ``missing="reweight"`` is refused, as each row would have its own weights: ``deprivation.profile`` does it.

    Raises ``NotMeasurable``: an expression that cannot be meant, cut-offs out of reach, weights missing or negative.
    """
    if missing != "drop":
        raise NotMeasurable(
            f"missing：大表计数只支持 drop，不支持“{missing}”；需要 reweight 时请用 profile 和 alkire_foster。",
            f"missing: counting in a table knows drop only, not {missing!r}; for reweight use profile and "
            "alkire_foster.",
        )
    names = tuple(indicators)
    whole, unit = whole_weights(names, weights)
    cuts = [ceil(cut_off(k, unit, int(whole.sum())) * unit) for k in ks]
    if not cuts:
        raise NotMeasurable("k：没有给出临界值；请至少写一个。", "k: there is no cut-off; give one or more.")
    rows = _Rows(engine, relation, by, weight, tuple(indicators.items()))
    levels = sorted(set(cuts))
    cells = _counted(rows, whole, levels)
    if not cells.num_rows:
        raise NotMeasurable(f"{relation}：表中没有一行。", f"{relation}: the table has no row.")
    return _assembled(names, whole, tuple(ks), [levels.index(cut) for cut in cuts], cells, rows)


class _Rows:
    """The rows to count, as SQL: their groups ``g0``…, weight ``w`` and what they lack, ``d0``…"""

    def __init__(
        self,
        engine: DuckDBEngine,
        relation: str,
        by: Sequence[str],
        weight: str | None,
        indicators: Sequence[tuple[str, str]],
    ) -> None:
        self.engine, self.by, self.relation = engine, tuple(by), relation
        described = engine.rows(f"DESCRIBE {relation}")
        self._names = Names({row["column_name"]: row["column_type"] for row in described}, {})
        groups = [self._sql(one, f"by.{one}", "any") for one in by]
        self.weight = None if weight is None else self._sql(weight, "weight", "number")
        lacks = [self._sql(condition, f"indicators.{name}", "boolean") for name, condition in indicators]
        self.keys = [f"g{at}" for at in range(len(groups))]
        self.grouped = [f"{sql} AS {key}" for sql, key in zip(groups, self.keys, strict=True)]
        self.lacking = [f"CAST({sql} AS DOUBLE) AS d{at}" for at, sql in enumerate(lacks)]
        self.weighing = [] if self.weight is None else [f"CAST({self.weight} AS DOUBLE) AS w"]

    def table(self, sql: str) -> pa.Table:
        try:
            return self.engine.arrow(sql)
        except StepFailed as error:
            said = error.reason.splitlines()[0][:120]
            raise NotMeasurable(
                f"{self.relation}：表达式对某些行算不出数（{said}）。",
                f"{self.relation}: an expression cannot be worked out for some rows ({said}).",
            ) from error

    def width(self) -> int:
        """Bits that hold the weights of any group, ``EXACT_BITS`` where they are no whole numbers or too many."""
        sums = "CAST(count(*) AS DOUBLE) AS n, true AS whole, 0 AS wrong"
        if self.weight is not None:
            sums = f"sum(w) AS n, bool_and(w = floor(w)) AS whole, count(*) FILTER (WHERE {_WRONG}) AS wrong"
        groups = f"SELECT {sums} FROM ({self.select(self.grouped + self.weighing)}){self.group()}"
        asked = f"SELECT max(n) AS n, bool_and(whole) AS whole, sum(wrong) AS wrong FROM ({groups})"
        [found] = self.table(asked).to_pylist()
        if found["wrong"]:
            self._refuse_weights(int(found["wrong"]))
        return int(found["n"] or 1).bit_length() if found["whole"] else EXACT_BITS

    def select(self, columns: Sequence[str]) -> str:
        return f"SELECT {', '.join(columns) or '1 AS one'} FROM {self.relation}"

    def group(self, *more: str) -> str:
        keys = ", ".join([*self.keys, *more])
        return f" GROUP BY {keys}" if keys else ""

    def _refuse_weights(self, count: int) -> None:
        numbered = f"SELECT row_number() OVER () - 1 AS place, CAST({self.weight} AS DOUBLE) AS w FROM {self.relation}"
        first = self.table(f"SELECT place FROM ({numbered}) WHERE {_WRONG} ORDER BY place LIMIT {NAMED}")
        listed = [str(place) for place in first.column("place").to_pylist()]
        more = count > NAMED
        raise NotMeasurable(
            f"weight：{count:,} 行缺权重或权重为负（行 {'、'.join(listed)}{'……' if more else ''}，从 0 数起）；"
            "请补上或更正。",
            f"weight: {count:,} rows have no weight or a negative one (rows {', '.join(listed)}{' …' if more else ''}, "
            "from 0); correct them.",
        )

    def _sql(self, expression: str, argument: str, want: Want) -> str:
        """A column by its name, or else an expression over columns."""
        kind = self._names.columns.get(expression)
        if kind is not None and (want == "any" or kind == TRUTH):
            return '"' + expression.replace('"', '""') + '"'
        try:
            return to_sql(parse_expression(expression, self._names, want))
        except ExpressionError as error:
            raise NotMeasurable(f"{argument}：{error.zh}", f"{argument}: {error.en}") from error


def _counted(rows: _Rows, whole: Codes, levels: Sequence[int]) -> pa.Table:
    """A row for each group and number of ``levels`` reached (none where a row is not known): its sums."""
    width, d = rows.width(), len(whole)
    at_once = max(EXACT_BITS // width, 1)
    # Indicators of the same weight are added before they are weighed: every operation on 10 million rows counts.
    alike = {weight: np.flatnonzero(whole == weight) for weight in sorted(set(whole.tolist()))}
    score = " + ".join(_times(weight, f"({' + '.join(f'd{at}' for at in places)})") for weight, places in alike.items())
    reached = " + ".join(f"CAST(score >= CAST({level} AS DOUBLE) AS DOUBLE)" for level in levels)
    packed = [_packed(range(start, min(start + at_once, d)), width, rows.weight) for start in range(0, d, at_once)]
    sums = ["count(*) AS n", *(["sum(w) AS people"] if rows.weight else [])]
    sums += [f"sum({one}) AS s{at}" for at, one in enumerate(packed)]
    scored = f"SELECT *, {score} AS score FROM ({rows.select(rows.grouped + rows.weighing + rows.lacking)})"
    cells = f"SELECT *, CAST({reached} AS SMALLINT) AS reached FROM ({scored})"
    keys = [*rows.keys, "reached"]
    found = rows.table(
        f"SELECT {', '.join(keys + sums)} FROM ({cells}){rows.group('reached')} ORDER BY {', '.join(keys)}"
    )
    sides = [_unpacked(found.column(f"s{at}"), width, min(at_once, d - at * at_once)) for at in range(len(packed))]
    people = found.column("people" if rows.weight else "n")
    made = {f"d{at}": column for at, column in enumerate(column for side in sides for column in side)}
    kept = found.select([*rows.keys, "reached", "n"])
    for name, column in {"people": people.cast(pa.float64()), **made}.items():
        kept = kept.append_column(name, pa.chunked_array([column]) if isinstance(column, pa.Array) else column)
    return kept


def _packed(indicators: range, width: int, weight: str | None) -> str:
    whole = " + ".join(_times(2 ** (width * at), f"d{indicator}") for at, indicator in enumerate(indicators))
    return f"w * ({whole})" if weight else whole


def _times(number: int, column: str) -> str:
    return column if number == 1 else f"CAST({number} AS DOUBLE) * {column}"


def _unpacked(sums: pa.ChunkedArray, width: int, count: int) -> list[pa.Array]:
    """The counts that a sum holds; where it holds one alone it need not be whole."""
    given = sums.to_numpy().astype(np.float64)
    if count == 1:
        return [pa.array(np.nan_to_num(given))]
    bits, mask = np.nan_to_num(given).astype(np.int64), (1 << width) - 1
    return [pa.array(((bits >> (width * at)) & mask).astype(np.float64)) for at in range(count)]


def _assembled(
    names: tuple[str, ...],
    whole: Codes,
    ks: tuple[Share, ...],
    places: Sequence[int],
    cells: pa.Table,
    rows: _Rows,
) -> DeprivationCounts:
    """Sums over the cells of each group that reach a cut-off; ``places`` are those of the cut-offs among the levels."""
    reached = cells.column("reached").fill_null(-1).to_numpy()
    group, groups = _groups(cells, rows)
    count, d = groups.num_rows, len(names)
    people, known = cells.column("people").to_numpy(), reached >= 0
    lacks = np.column_stack([cells.column(f"d{at}").to_numpy() for at in range(d)])
    poor, censored = np.zeros((count, len(ks))), np.zeros((count, len(ks), d))
    for column, place in enumerate(places):
        inside = reached > place
        np.add.at(poor, (group[inside], column), people[inside])
        np.add.at(censored, (group[inside], column), lacks[inside])
    raw = np.zeros((count, d))
    np.add.at(raw, group[known], lacks[known])
    left_out = np.bincount(group[~known], cells.column("n").to_numpy()[~known], count).astype(np.int64)
    everybody = np.asarray(np.bincount(group[known], people[known], count), np.float64)
    return DeprivationCounts(names, whole, ks, groups, everybody, raw, poor, censored, left_out)


def _groups(cells: pa.Table, rows: _Rows) -> tuple[Codes, pa.Table]:
    """Of each cell its group, and the groups by the names they were asked for."""
    if not rows.by:
        return np.zeros(cells.num_rows, np.int64), cells.slice(0, 1).select([])
    codes = np.zeros(cells.num_rows, np.int64)
    for key in rows.keys:
        told = cells.column(key).combine_chunks().dictionary_encode("encode").indices.to_numpy()
        codes = codes * (int(told.max(initial=0)) + 1) + told
    # Cells come in the order of their groups, so that a group begins where the code changes.
    begins = np.concatenate([[True], codes[1:] != codes[:-1]])[: len(codes)]
    return np.cumsum(begins) - 1, cells.select(rows.keys).filter(pa.array(begins)).rename_columns(list(rows.by))


def _per(above: Floats, below: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(below > 0, above / below, np.nan), np.float64)
