"""What kind of value an expression of a step gives: some of Spark's differences hang on it (7/2, 0.285 as DECIMAL).

A small reading of types, not a checker: columns are looked up where the statement takes them from, in its sub-queries
or in the tables that the engine holds. What cannot be told is ``""``, and is then translated as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from sqlglot import exp

Kind = Literal["double", "decimal", "integer", "text", "date", "moment", "boolean", ""]
Held = Callable[[str], Mapping[str, Kind]]
"""The columns of a table that the engine holds; empty for a name that is no table."""

_TYPES: dict[str, Kind] = {
    "DOUBLE": "double", "FLOAT": "double", "DECIMAL": "decimal", "BIGINT": "integer", "INT": "integer",
    "SMALLINT": "integer", "TINYINT": "integer", "INT128": "integer", "HUGEINT": "integer", "TEXT": "text",
    "VARCHAR": "text", "DATE": "date", "TIMESTAMP": "moment", "BOOLEAN": "boolean",
}  # fmt: skip
_TEXT = (
    exp.DPipe, exp.Concat, exp.ConcatWs, exp.Left, exp.Right, exp.Substring, exp.Replace, exp.RegexpReplace, exp.Trim,
    exp.Lower, exp.Upper, exp.SplitPart, exp.TimeToStr, exp.MD5,
)  # fmt: skip
_WHOLE = (exp.Count, exp.Length, exp.Levenshtein, exp.Year, exp.Month, exp.Day, exp.DateDiff, exp.RowNumber)
_INNER = (
    exp.Paren, exp.Alias, exp.Neg, exp.Abs, exp.Round, exp.Min, exp.Max, exp.Sum, exp.ArgMax, exp.ArgMin, exp.Filter,
    exp.Window, exp.Nullif, exp.Distinct,
)  # fmt: skip
_WIDEST: tuple[Kind, ...] = ("double", "decimal", "integer")


def type_kind(sql_type: str) -> Kind:
    """The kind of a type by its name, in either engine's spelling."""
    name = sql_type.upper().split("(", 1)[0].strip()
    return _TYPES.get({"STRING": "TEXT", "LONG": "BIGINT", "TIMESTAMP_NTZ": "TIMESTAMP"}.get(name, name), "")


class Kinds:
    """Kinds of the expressions of one statement, read before anything in it is changed."""

    def __init__(self, held: Held) -> None:
        self._held = held
        self._known: dict[int, Kind] = {}

    def of(self, node: exp.Expr | None) -> Kind:
        if node is None:
            return ""
        if id(node) not in self._known:
            self._known[id(node)] = ""  # a column that is made from one of its own name
            self._known[id(node)] = self._read(node)
        return self._known[id(node)]

    def _read(self, node: exp.Expr) -> Kind:
        match node:
            case exp.Literal():
                return "text" if node.is_string else "decimal" if "." in node.name else "integer"
            case exp.Cast():
                return type_kind(node.to.this.name)
            case exp.Column():
                return self._column(node)
            case exp.Div() | exp.Avg():
                return "double"
            case exp.Floor() | exp.Ceil():
                return "decimal" if self.of(node.this) == "decimal" else "double"
            case exp.Add() | exp.Sub():
                return self._sum(node)
            case exp.Mul() | exp.IntDiv() | exp.Mod() | exp.BitwiseAnd() | exp.BitwiseOr():
                return self._widest([node.left, node.right])
            case exp.Case():
                return self._widest([*(one.args["true"] for one in node.args["ifs"]), node.args.get("default")])
            case exp.If():
                return self._widest([node.args["true"], node.args.get("false")])
            case exp.Coalesce() | exp.Greatest() | exp.Least():
                return self._widest([node.this, *node.expressions])
            case exp.Subquery():
                return self._output(node.this, 0)
        return self._plain(node)

    def _plain(self, node: exp.Expr) -> Kind:
        if isinstance(node, _INNER):
            inner = node.this
            return self.of(inner.expressions[0] if isinstance(inner, exp.Distinct) else inner)
        if isinstance(node, _TEXT):
            return "text"
        if isinstance(node, _WHOLE):
            return "integer"
        if isinstance(node, exp.TimestampTrunc):
            return "moment"
        if isinstance(node, exp.DateFromParts):
            return "date"
        return "boolean" if isinstance(node, (exp.Predicate, exp.Connector, exp.Not, exp.Boolean)) else ""

    def _sum(self, node: exp.Binary) -> Kind:
        left, right = self.of(node.left), self.of(node.right)
        if left == "date":
            if isinstance(node.right, exp.Interval):
                return "moment"
            return "integer" if right == "date" else "date"
        return self._widest([node.left, node.right])

    def _widest(self, nodes: list[exp.Expr | None]) -> Kind:
        found = {self.of(node) for node in nodes} - {""}
        return next((kind for kind in _WIDEST if kind in found), next(iter(found), ""))

    def _column(self, column: exp.Column) -> Kind:
        """The nearest query around the column that has it, from the inside out."""
        select = column.find_ancestor(exp.Select)
        while select is not None:
            found = self._from(select, column.table, column.name)
            if found is not None:
                return found
            select = select.find_ancestor(exp.Select)
        return ""

    def _from(self, select: exp.Select, table: str, name: str) -> Kind | None:
        sources = [select.args.get("from_") or select.args.get("from"), *(select.args.get("joins") or ())]
        for source in (source.this for source in sources if source is not None):
            if table and source.alias_or_name.lower() != table.lower():
                continue
            found = self._source(source, name)
            if found is not None:
                return found
        return None

    def _source(self, source: exp.Expr, name: str) -> Kind | None:
        if isinstance(source, exp.Subquery):
            return self._named(source.this, name, source)
        if isinstance(source, exp.Values):
            return self._named(source, name, source)
        if not isinstance(source, exp.Table):
            return None
        for scope in _withs(source):
            for cte in scope.expressions:
                if cte.alias.lower() == source.name.lower() and source.find_ancestor(exp.CTE) is not cte:
                    return self._named(cte.this, name, cte)
        return self._held(source.name.lower()).get(name.lower())

    def _named(self, query: exp.Expr, name: str, held_as: exp.Expr) -> Kind | None:
        """The kind of an output column by its name, or by its place where the query's alias names the columns."""
        alias = held_as.args.get("alias")
        renamed = [column.name.lower() for column in alias.args.get("columns") or ()] if alias else []
        if renamed:
            return self._output(query, renamed.index(name.lower())) if name.lower() in renamed else None
        query = _first(query)
        if not isinstance(query, exp.Select):
            return None
        for projection in query.expressions:
            if projection.alias_or_name.lower() == name.lower():
                return self.of(projection)
            star = projection.table if isinstance(projection, exp.Column) else ""
            if projection.is_star and (found := self._from(query, star, name)) is not None:
                return found
        return None

    def _output(self, query: exp.Expr, place: int) -> Kind:
        query = _first(query)
        if isinstance(query, exp.Select) and query.is_star:
            query = _first((query.args.get("from_") or query.args["from"]).this)
        if isinstance(query, exp.Values):
            return self._widest([row.expressions[place] for row in query.expressions])
        known = isinstance(query, exp.Select) and not query.is_star
        return self.of(query.expressions[place]) if known else ""


def _first(query: exp.Expr) -> exp.Expr:
    """The first branch of a union: it names the columns."""
    while isinstance(query, (exp.SetOperation, exp.Subquery)):
        query = query.this
    return query


def _withs(node: exp.Expr) -> list[exp.With]:
    found = []
    above = node.parent
    while above is not None:
        scope = above.args.get("with_") or above.args.get("with")
        if isinstance(scope, exp.With):
            found.append(scope)
        above = above.parent
    return found
