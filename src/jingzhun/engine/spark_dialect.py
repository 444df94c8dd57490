"""From DuckDB's SQL to Spark's: every difference between the two is in this file, and nowhere else.

sqlglot knows the spelling of both; what is here are differences of *meaning*. DuckDB is the definition: Spark is made
to answer as DuckDB does. What has no equal is refused with a reason, never approximated. Known limits: text is read as
a whole number in decimal or exponent form only (not ``0x1F``), as a date only with a year of four digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, ParseError, TokenError, UnsupportedError

from jingzhun.engine.spark_kinds import Held, Kind, Kinds


class NotTranslatable(ValueError):
    """SQL that says something for which Spark has no equal."""


@dataclass(frozen=True, slots=True)
class SparkSQL:
    """A query for Spark, and the parts that have to be stored first: each a name that the query uses, and its SQL."""

    sql: str
    parts: tuple[tuple[str, str], ...] = ()


def to_spark(sql: str, held: Held = lambda _: {}, name: str = "query") -> SparkSQL:
    """Translate one query. ``held`` tells the columns of stored tables; ``name`` makes names of parts unique.

    Raises ``NotTranslatable``.
    """
    try:
        trees = sqlglot.parse(sql, read="duckdb")
    except (ParseError, TokenError) as error:
        raise NotTranslatable(str(error).splitlines()[0]) from error
    tree = trees[0]
    if len(trees) != 1 or not isinstance(tree, exp.Query):
        raise NotTranslatable("only a query can be translated")
    _rewrite(tree, Kinds(held))
    parts = [(part, _written(query)) for part, query in _stored_parts(tree, name)]
    return SparkSQL(_written(tree), tuple(parts))


def created(sql: str) -> tuple[str, str, bool] | None:
    """Name, query and whether it is a view of a ``CREATE TABLE`` or ``VIEW … AS`` statement; None for any other."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    if not isinstance(tree, exp.Create) or tree.expression is None or not isinstance(tree.this, exp.Table):
        return None
    return tree.this.name, tree.expression.sql(dialect="duckdb"), tree.kind == "VIEW"


def _written(tree: exp.Expr) -> str:
    try:
        return tree.sql(dialect="spark", identify=True, unsupported_level=ErrorLevel.RAISE)
    except UnsupportedError as error:
        raise NotTranslatable(str(error)) from error


Change = Callable[[exp.Expr, Kinds], exp.Expr | None]


def _rewrite(tree: exp.Expr, kinds: Kinds) -> None:
    """Change every node that means something else in Spark, the innermost first, with the kinds of the old tree."""
    nodes = list(tree.walk(bfs=False))
    for node in nodes:
        kinds.of(node)
    for node in reversed(nodes):
        change = _CHANGES.get(type(node))
        changed = change(node, kinds) if change else None
        if changed is not None and changed is not node:
            node.replace(changed)


# Materialised parts. Spark would work them out again for every place that names them.


def _stored_parts(tree: exp.Expr, name: str) -> Iterator[tuple[str, exp.Expr]]:
    """Take ``AS MATERIALIZED`` out of the query: each becomes a table of its own, made before it."""
    for scope in list(tree.find_all(exp.With)):
        before: list[exp.CTE] = []
        for cte in list(scope.expressions):
            if not cte.args.get("materialized"):
                before.append(cte)
                continue
            cte.set("materialized", None)
            stored = f"{name}__{cte.alias}"
            assert scope.parent is not None
            for table in list(scope.parent.find_all(exp.Table)):
                if table.name == cte.alias and not table.db:
                    table.replace(exp.alias_(exp.to_table(stored), table.alias or cte.alias, table=True))
            query = cte.this.copy()
            if before:
                query.set("with_", exp.With(expressions=[one.copy() for one in before]))
            cte.pop()
            yield stored, query
        if not scope.expressions:
            scope.pop()


# Numbers


def _division(node: exp.Expr, kinds: Kinds) -> exp.Expr:
    """``/`` is always a division of doubles, and by zero it is infinite."""
    assert isinstance(node, exp.Div)
    over, under = node.this, node.expression
    safe = isinstance(_bare(under), exp.Nullif) or (isinstance(_bare(under), exp.Literal) and float(_bare(under).name))
    if safe:
        return _spark("(CAST(:a AS DOUBLE) / CAST(:b AS DOUBLE))", a=over, b=under)
    return _spark(
        "IF(CAST(:b AS DOUBLE) = 0, CAST(:a AS DOUBLE) * CAST('Infinity' AS DOUBLE), "
        "CAST(:a AS DOUBLE) / CAST(:b AS DOUBLE))",
        a=over,
        b=under,
    )


def _whole_division(node: exp.Expr, kinds: Kinds) -> exp.Expr | None:
    """``//`` cuts whole numbers towards zero; of other numbers it is a plain division."""
    return _division(exp.Div(this=node.this, expression=node.expression), kinds) if _exact(node, kinds) else None


def _exact(node: exp.Expr, kinds: Kinds) -> bool:
    return kinds.of(node) in ("decimal", "double")


def _round(node: exp.Expr, kinds: Kinds) -> exp.Expr | None:
    """Doubles are rounded as they are stored: 0.285 lies below its last digit."""
    digits = node.args.get("decimals")
    if kinds.of(node.this) != "double" or digits is None:
        return None
    if not isinstance(digits, exp.Literal):
        raise NotTranslatable("round() of a double needs its number of digits as a plain number")
    return _rounded(node.this, int(digits.name))


def _rounded(value: exp.Expr, digits: int) -> exp.Expr:
    scale = exp.cast(exp.Literal.number(10**digits), "double")
    return _spark("(ROUND(:x * :scale) / :scale)", x=value, scale=scale)


def _cast(node: exp.Expr, kinds: Kinds) -> exp.Expr | None:
    assert isinstance(node, exp.Cast)
    value, kind, name = node.this, kinds.of(node.this), node.to.this.name
    if isinstance(value, (exp.Literal, exp.Null)) and name != "DECIMAL":
        return None
    match name:
        case "BIGINT" | "INT" | "SMALLINT" | "TINYINT" | "INT128":
            return _to_whole(node, kind)
        case "DECIMAL":
            return _to_decimal(node, kind)
        case "TEXT" | "VARCHAR":
            return _spark(_DOUBLE_TEXT, x=exp.cast(value.copy(), "double")) if kind == "double" else None
        case "DATE":
            return _to_date(node, kind)
    return None


def _to_whole(node: exp.Cast, kind: Kind) -> exp.Expr | None:
    """Decimals round half away from zero, doubles half to even; text may have decimals or an exponent."""
    value = node.this
    if kind == "double" and not isinstance(value, (exp.Floor, exp.Ceil)):
        return _same_cast(node, _spark("RINT(:x)", x=value))
    if kind == "decimal" and not isinstance(value, (exp.Floor, exp.Ceil)):
        return _same_cast(node, _spark("ROUND(:x)", x=value))
    if kind == "text":
        number = _same_cast(node, value, "DECIMAL(38, 10)")
        plain = _spark("TRY_CAST(:x AS BIGINT)", x=value)
        return exp.Coalesce(this=plain, expressions=[_same_cast(node, _spark("ROUND(:x)", x=number))])
    return None


def _to_decimal(node: exp.Cast, kind: Kind) -> exp.Expr | None:
    if not node.to.expressions:
        node.to.set("expressions", [exp.DataTypeParam(this=exp.Literal.number(digits)) for digits in (18, 3)])
    if kind != "double":
        return None
    scale = int(node.to.expressions[1].name) if len(node.to.expressions) > 1 else 0
    return _same_cast(node, _rounded(node.this, scale))


def _to_date(node: exp.Cast, kind: Kind) -> exp.Expr | None:
    """Text is a date when year, month and day stand in it; Spark would also read a year alone."""
    value = node.this
    if isinstance(value, exp.Anonymous) and value.name.lower() == "try_strptime":
        return _eight_digits(value)
    if kind != "text":
        return None
    if isinstance(node, exp.TryCast):
        return _spark(f"TRY_CAST(IF(:x RLIKE '{_DAY}', REPLACE(:x, '/', '-'), NULL) AS DATE)", x=value)
    return _spark(f"CAST(IF(:x RLIKE '{_DAY}', REPLACE(:x, '/', '-'), CONCAT('no date: ', :x)) AS DATE)", x=value)


_DAY = "^ *[0-9]{4}([-/])[0-9]{1,2}[-/][0-9]{1,2}( .*)?$"


def _eight_digits(value: exp.Anonymous) -> exp.Expr:
    text, pattern = value.expressions
    if pattern.name != "%Y%m%d":
        raise NotTranslatable(f"try_strptime is known with %Y%m%d only, not {pattern.name}")
    return _spark(
        "TRY_CAST(IF(:x RLIKE '^[0-9]{8}$', "
        "CONCAT(SUBSTRING(:x, 1, 4), '-', SUBSTRING(:x, 5, 2), '-', SUBSTRING(:x, 7, 2)), NULL) AS DATE)",
        x=text,
    )


def _same_cast(node: exp.Cast, value: exp.Expr, to: str = "") -> exp.Cast:
    """A cast that fails, or gives nothing, as ``node`` does."""
    changed = node.copy()
    changed.set("this", value.copy())
    if to:
        changed.set("to", exp.DataType.build(to, dialect="duckdb"))
    return changed


_PLAIN = "REGEXP_REPLACE(CAST(CAST(:x AS DECIMAL(38, 21)) AS STRING), '([.][0-9]+?)0*$', '$1')"
_POWER = (
    "REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(CAST(:x AS STRING), '([.]0)?E', 'e'), 'e([0-9])', 'e+$1'), "
    "'e([-+])([0-9])$', 'e$10$2')"
)
_DOUBLE_TEXT = (
    "CASE WHEN ISNAN(:x) THEN 'nan' WHEN ABS(:x) = CAST('Infinity' AS DOUBLE) THEN IF(:x > 0, 'inf', '-inf') "
    f"WHEN :x = 0 OR (ABS(:x) >= 1e-4 AND ABS(:x) < 1e16) THEN {_PLAIN} ELSE {_POWER} END"
)
"""How a double is written: 5.0, 0.001, 1e-05, 1e+16; Spark would write 5.0, 0.001, 1.0E-5, 1.0E16."""


# Dates


def _sum(node: exp.Expr, kinds: Kinds) -> exp.Expr | None:
    """Two dates are a number of days apart; a date and an interval are a moment."""
    left, right = kinds.of(node.this), kinds.of(node.expression)
    if left != "date":
        return None
    if isinstance(node.expression, exp.Interval):
        node.set("this", exp.cast(node.this.copy(), "timestamp"))
        return None
    if right == "date":
        return _spark("DATEDIFF(:a, :b)", a=node.this, b=node.expression)
    return None


def _date_diff(node: exp.Expr, kinds: Kinds) -> exp.Expr:
    """``date_diff(unit, from, to)`` counts the boundaries between two days, not the whole units."""
    later, earlier, unit = node.this, node.expression, node.text("unit").lower()
    match unit:
        case "day" | "":
            return _spark("DATEDIFF(:a, :b)", a=later, b=earlier)
        case "month":
            return _spark("((YEAR(:a) - YEAR(:b)) * 12 + MONTH(:a) - MONTH(:b))", a=later, b=earlier)
        case "year":
            return _spark("(YEAR(:a) - YEAR(:b))", a=later, b=earlier)
    raise NotTranslatable(f"date_diff by {unit}: use day, month or year")


# Text


def _bytes_apart(node: exp.Expr, kinds: Kinds) -> exp.Expr:
    """``levenshtein`` counts bytes of UTF-8, not characters."""
    one = "DECODE(ENCODE(:{}, 'UTF-8'), 'ISO-8859-1')"
    return _spark(f"LEVENSHTEIN({one.format('a')}, {one.format('b')})", a=node.this, b=node.expression)


def _concat(node: exp.Expr, kinds: Kinds) -> exp.Expr:
    """``concat`` leaves out what is empty."""
    parts = [_spark("COALESCE(CAST(:x AS STRING), '')", x=part) for part in node.expressions]
    return exp.Anonymous(this="CONCAT", expressions=parts)


def _end_of_text(node: exp.Expr, kinds: Kinds) -> None:
    if isinstance(node.expression, exp.Neg):
        raise NotTranslatable("left() and right() with a negative length")


def _substring(node: exp.Expr, kinds: Kinds) -> None:
    start = node.args.get("start")
    if isinstance(start, exp.Literal) and start.name == "0":
        raise NotTranslatable("substr() from place 0")


def _like(node: exp.Expr, kinds: Kinds) -> None:
    """A backslash is a character like any other, not a sign that frees the next one."""
    pattern = node.expression
    if not isinstance(pattern, exp.Literal):
        raise NotTranslatable("LIKE needs its pattern as plain text")
    node.set("expression", exp.Literal.string(pattern.name.replace("\\", "\\\\")))


def _trim(node: exp.Expr, kinds: Kinds) -> exp.Expr | None:
    """``trim`` takes every space that Unicode has, also the wide one of Chinese text, but no tabs."""
    if node.expression is not None or node.text("position"):
        return None
    return _spark("REGEXP_REPLACE(:x, '^\\\\p{Zs}+|\\\\p{Zs}+$', '')", x=node.this)


# Aggregates, windows, lists, structures


def _at_largest(node: exp.Expr, kinds: Kinds) -> exp.Expr | None:
    """``arg_max`` passes over rows whose value is empty, ``max_by`` only over those whose measure is."""
    there = exp.Not(this=exp.Is(this=node.this.copy(), expression=exp.Null()))
    parent = node.parent
    if isinstance(parent, exp.Filter):
        where = parent.expression
        where.set("this", exp.and_(where.this.copy(), there))
        return None
    return exp.Filter(this=node.copy(), expression=exp.Where(this=there))


def _window(node: exp.Expr, kinds: Kinds) -> None:
    if isinstance(node.this, exp.RowNumber) and node.args.get("order") is None:
        raise NotTranslatable("row_number() without ORDER BY depends on who counts; order by a key")


def _function(node: exp.Expr, kinds: Kinds) -> exp.Expr | None:
    assert isinstance(node, exp.Anonymous)
    name = node.name.lower()
    if name == "list_extract":
        array, place = node.expressions
        return _spark("TRY_ELEMENT_AT(:a, :n)", a=array, n=exp.cast(place.copy(), "int"))
    if name == "to_json":
        return _to_json(node.expressions[0])
    if name == "try_strptime" and isinstance(node.parent, exp.Cast):
        return None
    if name not in _AS_THEY_ARE:
        raise NotTranslatable(f"Spark has no counterpart for the function {name}() in this product")
    return None


_AS_THEY_ARE = {"date_part"}
"""Functions that sqlglot has no word for and both engines have under one name with one meaning."""


def _to_json(value: exp.Expr) -> exp.Expr:
    """Empty fields are written as null, not left out."""
    if not isinstance(value, exp.Struct):
        raise NotTranslatable("to_json() of anything but struct_pack()")
    fields: list[exp.Expr] = []
    for field in value.expressions:
        fields += [exp.Literal.string(field.this.name), field.expression.copy()]
    struct = exp.Anonymous(this="NAMED_STRUCT", expressions=fields)
    return _spark("TO_JSON(:s, MAP('ignoreNullFields', 'false'))", s=struct)


def _bare(node: exp.Expr) -> exp.Expr:
    while isinstance(node, (exp.Paren, exp.Cast)):
        node = node.this
    return node


@cache
def _template(text: str) -> exp.Expr:
    return sqlglot.parse_one(text, read="spark")


def _spark(text: str, **values: exp.Expr) -> exp.Expr:
    """An expression of Spark with values put in for ``:name``."""
    copies = {name: exp.paren(value.copy()) for name, value in values.items()}
    return exp.replace_placeholders(_template(text).copy(), **copies)


_CHANGES: dict[type[exp.Expr], Change] = {
    exp.Div: _division,
    exp.IntDiv: _whole_division,
    exp.Round: _round,
    exp.Cast: _cast,
    exp.TryCast: _cast,
    exp.Add: _sum,
    exp.Sub: _sum,
    exp.DateDiff: _date_diff,
    exp.Levenshtein: _bytes_apart,
    exp.Concat: _concat,
    exp.Left: _end_of_text,
    exp.Right: _end_of_text,
    exp.Substring: _substring,
    exp.Like: _like,
    exp.Trim: _trim,
    exp.ArgMax: _at_largest,
    exp.ArgMin: _at_largest,
    exp.Window: _window,
    exp.Anonymous: _function,
}
"""What is changed, by kind of node. Everything else means the same in both or is sqlglot's to spell."""
