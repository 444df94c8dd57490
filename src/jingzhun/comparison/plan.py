"""The SQL of a linkage: both sides made ready, the passes that find pairs, and the degrees of agreement of a pair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from jingzhun.comparison.spelling import spelt
from jingzhun.comparison.weights import UNKNOWN_CLOSE, Ints, Shape
from jingzhun.engine import Names, Step, bind, parse_expression, to_sql, used_columns, used_names
from jingzhun.policy import identity
from jingzhun.policy.linkage import IDENTITY, Compared, Linkage, Pass, side_names

Bools = npt.NDArray[np.bool_]
DIGITS = 12
"""Hexadecimal digits of ``spread``."""


def spread_of(key: str) -> str:
    """``spread`` as SQL: a text that says nothing about the row but is always the same for its ``key``.

    Samples are drawn by it, so that they do not depend on the order of the rows, nor on the engine.
    """
    return f"left(md5({key}), {DIGITS})"


def drawn(every: int, first: int = 0) -> str:
    """The condition that draws one row in ``every``; another ``first`` (of 16) draws others."""
    if every <= 1:
        return "true"
    start = first * 16 ** (DIGITS - 1)
    end = start + 16**DIGITS // every
    return f"spread >= '{start:0{DIGITS}x}' AND spread < '{min(end, 16**DIGITS - 1):0{DIGITS}x}'"


@dataclass(frozen=True)
class Plan:
    """A linkage with the names that it may use. ``name`` keeps the tables of several linkages apart.

    A side is a query that gives ``row_no`` (unique, and given by something else than the order of the rows), ``spread``
    (see ``spread_of``) and the linkage's columns.
    """

    linkage: Linkage
    parameters: Mapping[str, str]
    name: str = "link"

    def table(self, part: str) -> str:
        return f"{self.name}_{part}"

    @cached_property
    def side(self) -> Names:
        return side_names(self.linkage, self.parameters).side

    @cached_property
    def pair(self) -> Names:
        return side_names(self.linkage, self.parameters).pair

    @cached_property
    def shape(self) -> Shape:
        """Degree 0 is missing, the last is none of those named."""
        return Shape(
            tuple(len(one.degrees) + 2 for one in self.linkage.compare),
            tuple(one.typical for one in self.linkage.compare),
            tuple(one.per_record for one in self.linkage.close) or (UNKNOWN_CLOSE,),
        )

    @property
    def searching(self) -> tuple[Pass, ...]:
        return tuple(one for one in self.linkage.passes if not one.settles)

    @property
    def settling(self) -> Pass | None:
        return next((one for one in self.linkage.passes if one.settles), None)

    def number(self, one: Pass) -> int:
        """The place of a pass: of several that find a pair, the first is named."""
        return self.linkage.passes.index(one)

    def settle_steps(self, left: str, right: str, every: int) -> list[Step]:
        """The pairs of the settling pass, and the records of the right side that are looked for.

        Among them is one record in ``every``, settled or not: weights learned from what is left over alone would take
        a number that agrees for a sign of a name that does not. What is settled stays settled all the same.
        """
        asked, settled = self.table("asked"), self.table("settled")
        number = self.number(self.settling) if self.settling else 0
        return [
            Step(asked, self._asked(left, right), "先按号码和姓名 / number and name first"),
            Step(
                settled,
                f"SELECT left_no, right_no, {number} AS pass FROM {asked} WHERE left_no IS NOT NULL",
                "号码和姓名都相同的 / number and name are the same",
                view=True,
            ),
            Step(
                self.table("open"),
                # In two parts, each of which an engine can look up without reading every column of every record.
                f"SELECT * FROM ({right}) t WHERE {drawn(every)} UNION ALL SELECT * FROM ({right}) t "
                f"WHERE row_no IN (SELECT right_no FROM {asked} WHERE left_no IS NULL) AND NOT ({drawn(every)})",
                "还要找的记录，和用来学习的 / records still open, and those to learn from",
            ),
        ]

    def _asked(self, left: str, right: str) -> str:
        """Every record of the right side with the person that the settling pass finds, or none."""
        if self.settling is None:
            return f"SELECT CAST(NULL AS BIGINT) AS left_no, row_no AS right_no FROM ({right})"
        same = " AND ".join(self._equal(text) for text in self.settling.same)
        return f"SELECT l.row_no AS left_no, r.row_no AS right_no FROM ({right}) r LEFT JOIN ({left}) l ON {same}"

    def search_steps(self, left: str, *, within: bool) -> list[Step]:
        """Both sides made ready, the pairs of all passes, the pattern of each. ``within`` one list: each pair once."""
        ours, theirs, pairs = self.table("left"), self.table("right"), self.table("pair")
        right = f"SELECT * FROM {ours}" if within else self.prepared(f"SELECT * FROM {self.table('open')}")
        return [
            Step(ours, self.prepared(left), "一方准备好 / one side made ready"),
            Step(theirs, right, "另一方准备好 / the other side made ready", view=within),
            *(Step(self._found(one), self._search(one, within), f"{one.zh} / {one.en}") for one in self.searching),
            Step(pairs, self._pairs(), "各轮找到的对 / pairs of all passes"),
            Step(
                self.table("pattern"),
                f"SELECT p.left_no, p.right_no, p.pass, r.spread, {self.pattern()} AS pattern FROM {pairs} p "
                f"JOIN {ours} l ON l.row_no = p.left_no JOIN {theirs} r ON r.row_no = p.right_no",
                "每一对各项相符的程度 / degrees of agreement of each pair",
            ),
        ]

    def prepared(self, rows: str) -> str:
        """One side with everything that passes and comparisons ask about."""
        sql = rows
        if IDENTITY in self.linkage.columns:
            sql = f"SELECT *, {identity.from_digits(IDENTITY)} FROM ({sql})"
            sql = f"SELECT *, {identity.from_parts(IDENTITY)} FROM ({sql})"
        for of, names in self._spelt.items():
            keys = ", ".join(f"s.{by} AS {name}" for by, name in names.items())
            on = f"s.name = {spelt(f't.{of}')}"
            sql = f"SELECT t.*, {keys} FROM ({sql}) t LEFT JOIN {self.table('spelling')} s ON {on}"
        for one in self.linkage.prepare:
            sql = f"SELECT *, {self._sql(one.expression, self.side)} AS {one.name} FROM ({sql})"
        return f"SELECT {', '.join(['row_no', 'spread', *self._kept])} FROM ({sql})"

    def pattern(self) -> str:
        """All degrees of a pair (``l``, ``r``) in one integer."""
        terms, base = [], 1
        for one, size in zip(self.linkage.compare, self.shape.sizes, strict=True):
            terms.append(f"{self._degree(one)}::BIGINT * {base}")
            base *= size
        return " + ".join(terms)

    def claimed(self, patterns: Ints) -> Bools:
        """Which patterns are those of a record that runs under the person's number, whoever it speaks of."""
        said, degrees = self.linkage.claims, self.shape.unpack(patterns)
        held = np.full(len(patterns), bool(said))
        for at, one in enumerate(self.linkage.compare):
            if one.id in said:
                held &= degrees[at] == [degree.id for degree in one.degrees].index(said[one.id]) + 1
        return held

    def settled_pattern(self) -> int:
        """The pattern of a settled pair: what its pass says of it, the rest not asked."""
        said = self.settling.settles if self.settling else {}
        pattern, base = 0, 1
        for one, size in zip(self.linkage.compare, self.shape.sizes, strict=True):
            degrees = [degree.id for degree in one.degrees]
            pattern += base * (degrees.index(said[one.id]) + 1 if one.id in said else 0)
            base *= size
        return pattern

    @cached_property
    def _spelt(self) -> dict[str, dict[str, str]]:
        """By column that is spelt: each way of spelling and the name that it is given."""
        found: dict[str, dict[str, str]] = {}
        for key in self.linkage.spellings:
            found.setdefault(key.of, {})[key.by] = key.name
        return found

    @cached_property
    def _kept(self) -> list[str]:
        """Columns and prepared values that the passes and comparisons read."""
        searched = [parse_expression(text, self.side) for one in self.searching for text in one.same]
        texts = [
            text for one in self.linkage.compare for text in (one.missing, *(degree.when for degree in one.degrees))
        ]
        compared = [parse_expression(text, self.pair, "boolean") for text in texts]
        return sorted(
            {name for tree in searched for name in used_columns(tree)}
            | {name for tree in compared for side in ("l", "r") for name in used_names(tree, side)}
        )

    def _found(self, one: Pass) -> str:
        return self.table(f"found_{one.id}")

    def _search(self, one: Pass, within: bool) -> str:
        """The pairs of one pass. Each pass is a step of its own: together their hash tables would not fit in memory."""
        order = " AND l.row_no < r.row_no" if within else ""
        return (
            f"SELECT l.row_no AS left_no, r.row_no AS right_no, {self.number(one)} AS pass "
            f"FROM {self.table('left')} l JOIN {self.table('right')} r "
            f"ON {' AND '.join(self._equal(text) for text in one.same)}{order}"
        )

    def _pairs(self) -> str:
        found = " UNION ALL ".join(f"SELECT * FROM {self._found(one)}" for one in self.searching)
        return f"SELECT left_no, right_no, min(pass) AS pass FROM ({found}) GROUP BY left_no, right_no"

    def _equal(self, text: str) -> str:
        tree = parse_expression(text, self.side)
        return " = ".join(to_sql(bind(tree, {}, prefix)) for prefix in ("l", "r"))

    def _degree(self, one: Compared) -> str:
        whens = " ".join(
            f"WHEN {self._sql(degree.when, self.pair)} THEN {number}"
            for number, degree in enumerate(one.degrees, start=1)
        )
        return f"CASE WHEN {self._sql(one.missing, self.pair)} THEN 0 {whens} ELSE {len(one.degrees) + 1} END"

    def _sql(self, text: str, names: Names) -> str:
        return to_sql(parse_expression(text, names))
