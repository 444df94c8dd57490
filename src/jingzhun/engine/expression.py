"""Policy expressions: SQL scalar expressions in DuckDB's dialect, parsed, limited to an allow-list, typed and bound.

Policy people write text such as ``net_income_per_head >= p.exit_line * 100``. Nothing of that text reaches an engine
before it is parsed here: only columns of the table contract, names of the given spaces (``p`` for parameters), and
the functions listed below may occur; statements, sub-queries and unknown functions are refused with their position.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Literal, cast

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError

from jingzhun.engine.pattern import explodes
from jingzhun.model import Table

Want = Literal["boolean", "number", "text", "date", "any"]
Value = Decimal | int | str | date | bool | None

MOMENTS: dict[str, str] = {"as_of": "DATE", "period_from": "DATE", "period_to": "DATE"}
"""Names that every expression may use beside its columns."""

FUNCTIONS: frozenset[str] = frozenset(
    {
        "abs",
        "array_contains",
        "ceil",
        "coalesce",
        "concat",
        "contains",
        "date_diff",
        "date_part",
        "date_trunc",
        "day",
        "ends_with",
        "floor",
        "greatest",
        "if",
        "ifnull",
        "least",
        "left",
        "length",
        "levenshtein",
        "lower",
        "make_date",
        "month",
        "nullif",
        "regexp_matches",
        "replace",
        "right",
        "round",
        "sign",
        "split_part",
        "starts_with",
        "str_split",
        "strftime",
        "string_split",
        "substr",
        "substring",
        "trim",
        "upper",
        "year",
    }
)
"""Functions that policy text may call; docs/reference lists them. Each exists in DuckDB and has a Spark counterpart."""

_NODES: tuple[type[exp.Expression], ...] = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.Tuple, exp.Array,
    exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In, exp.Between,
    exp.Like, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Neg, exp.DPipe,
    exp.Case, exp.If, exp.Cast, exp.DataType, exp.DataTypeParam, exp.Interval, exp.Var,
)  # fmt: skip
_MATCHES: tuple[type[exp.Expression], ...] = (exp.RegexpLike, exp.RegexpILike)
_CASTS = frozenset({"DATE", "BIGINT", "INT", "VARCHAR", "TEXT", "DECIMAL", "BOOLEAN", "DOUBLE"})
_FAMILY: dict[str, Want] = {"BOOLEAN": "boolean", "DATE": "date", "VARCHAR": "text"}


@dataclass(frozen=True, slots=True)
class Names:
    """What an expression may speak of: columns and spaces of names, each with its SQL type."""

    columns: Mapping[str, str]
    spaces: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Table, spaces: Mapping[str, Mapping[str, str]]) -> Names:
        return cls({column.name: column.sql_type for column in table.all_columns} | MOMENTS, spaces)


class ExpressionError(ValueError):
    """An expression that may not be used. ``zh`` and ``en`` say why and what to do."""

    def __init__(self, text: str, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en} [{text}]")
        self.text, self.zh, self.en = text, zh, en


def parse_expression(text: str, names: Names, want: Want = "any") -> exp.Expression:
    """Parse ``text`` and check it against ``names`` and the wanted type.

    Returns the syntax tree. Raises ``ExpressionError`` for anything that is not an allowed scalar expression.
    """
    try:
        tree = _parse(text)
        for node in tree.walk():
            _allow(text, cast(exp.Expression, node), names)
        for node in tree.find_all(*_MATCHES):
            _check_pattern(text, node)
        found = _type_of(text, tree, names)
    except RecursionError as error:
        raise ExpressionError(
            f"{text[:60]}…",
            "表达式嵌套太深；请拆成几条，或去掉多余的括号。",
            "the expression is nested too deeply; split it, or take needless parentheses away.",
        ) from error
    if want != "any" and found != want:
        raise ExpressionError(
            text,
            f"这里需要{_ZH[want]}，表达式给出的是{_ZH[found]}；请改写表达式。",
            f"a {want} is needed here, the expression gives a {found}; rewrite it.",
        )
    return tree


_ZH: dict[Want, str] = {"boolean": "是否判断", "number": "数值", "text": "文字", "date": "日期", "any": "其他类型"}


def _parse(text: str) -> exp.Expression:
    try:
        statements = sqlglot.parse(f"SELECT {text}", dialect="duckdb")
    except (ParseError, TokenError) as error:
        detail = str(error).splitlines()[0]
        raise ExpressionError(
            text, f"表达式写法有误：{detail}。", f"the expression cannot be read: {detail}."
        ) from error
    select = statements[0] if len(statements) == 1 else None
    plain = isinstance(select, exp.Select) and {key for key, value in select.args.items() if value} <= {
        "expressions",
        "kind",
    }
    if not plain or select is None or len(select.expressions) != 1 or isinstance(select.expressions[0], exp.Alias):
        raise ExpressionError(
            text,
            "只能写一个标量表达式，不能写语句、子查询或别名。",
            "write one scalar expression: no statement, sub-query or alias.",
        )
    tree: exp.Expression = select.expressions[0]
    tree.pop()
    return tree


def _allow(text: str, node: exp.Expression, names: Names) -> None:
    if isinstance(node, exp.Column):
        _known(text, node, names)
    elif isinstance(node, exp.Cast) and node.to.this.name not in _CASTS:
        raise ExpressionError(
            text, f"不能转换为类型 {node.to.sql()}。", f"casting to {node.to.sql()} is not allowed here."
        )
    elif isinstance(node, _NODES):
        return
    elif isinstance(node, exp.Func):
        name = _function_name(node)
        if name not in FUNCTIONS:
            raise ExpressionError(
                text,
                f"不能使用函数 {name}；可用函数见 docs/reference/expressions.md。",
                f"function {name} is not allowed; docs/reference/expressions.md lists those that are.",
            )
    else:
        raise ExpressionError(
            text,
            f"不能使用 {node.key}（不是标量表达式的一部分）。",
            f"{node.key} is not allowed in a policy expression.",
        )


def _check_pattern(text: str, node: exp.Expression) -> None:
    """A regular expression must be written out, known to the engine, and quick whatever text it is held against."""
    written = node.args.get("expression")
    if not isinstance(written, exp.Literal) or not written.is_string:
        raise ExpressionError(
            text,
            "正则表达式要直接写成文字，不能取自列或算出来；请写成 regexp_matches(列, '文字')。",
            "a regular expression must be written out, not taken from a column or computed: "
            "regexp_matches(column, 'text').",
        )
    if wrong := _misread(written.name):
        raise ExpressionError(
            text,
            f"正则表达式 {written.name[:60]} 写法有误（{wrong}）；请按 RE2 的写法改正，不支持回溯引用和环视。",
            f"the regular expression {written.name[:60]} cannot be read ({wrong}); write it as RE2 does, without "
            "back references or look-around.",
        )
    if explodes(written.name):
        raise ExpressionError(
            text,
            f"正则表达式 {written.name[:60]} 遇到某些文字会永远算不完：重复的括号里又有重复，或几个选项开头相同；"
            "请去掉一层重复，或合并开头相同的选项。",
            f"the regular expression {written.name[:60]} may never end on some texts: within a repeated group is "
            "another repetition, or alternatives that begin alike; take one repetition away or merge them.",
        )


@lru_cache(maxsize=4096)
def _misread(pattern: str) -> str:
    """What the engine says against a regular expression; nothing where it can read it."""
    try:
        _scratch().execute("SELECT regexp_matches('', ?)", [pattern]).fetchall()
    except duckdb.Error as error:
        return str(error).splitlines()[0].rpartition("Error: ")[2]
    return ""


def _function_name(node: exp.Func) -> str:
    if isinstance(node, exp.Anonymous):
        return node.name.lower()
    written = node.sql(dialect="duckdb").split("(", 1)[0].strip().lower()
    return written if written.isidentifier() else node.key


def _known(text: str, node: exp.Column, names: Names) -> None:
    space, name = node.table, node.name
    known = names.spaces.get(space, {}) if space else names.columns
    if name in known:
        return
    shown = f"{space}.{name}" if space else name
    near = _nearest(name, known)
    raise ExpressionError(
        text,
        f"没有“{shown}”这个名称{f'；是否为“{near}”？' if near else '，请检查拼写。'}",
        f"there is no {shown!r} here{f'; did you mean {near!r}?' if near else '; check its spelling.'}",
    )


def _nearest(name: str, known: Mapping[str, str]) -> str:
    return next(iter(get_close_matches(name, known, n=1)), "")


def _type_of(text: str, tree: exp.Expression, names: Names) -> Want:
    """Ask the engine itself for the type of the expression over an empty row of the right types."""
    name = _described(text, tree, names)
    if name in _FAMILY:
        return _FAMILY[name]
    is_number = name.startswith(("DECIMAL", "BIGINT", "INTEGER", "HUGEINT", "DOUBLE", "SMALLINT", "TINYINT", "FLOAT"))
    return "number" if is_number else "any"


def result_type(text: str, names: Names) -> str:
    """The SQL type that an expression gives. Raises ``ExpressionError`` for one that may not be used."""
    return _described(text, parse_expression(text, names), names)


def _described(text: str, tree: exp.Expression, names: Names) -> str:
    bound = tree.transform(lambda node: _typed_null(node, names), copy=True)
    try:
        described = _scratch().execute(f"DESCRIBE SELECT {bound.sql(dialect='duckdb')} AS x").fetchall()
    except duckdb.Error as error:
        detail = str(error).splitlines()[0]
        raise ExpressionError(
            text,
            f"表达式类型不符（{detail}）；请对照 docs/reference/tables.md 核对列的类型，或用 CAST 转换。",
            f"types do not fit ({detail}); compare the columns' types in docs/reference/tables.md, or use CAST.",
        ) from error
    return str(described[0][1])


def _typed_null(node: exp.Expression, names: Names) -> exp.Expression:
    if not isinstance(node, exp.Column):
        return node
    known = names.spaces[node.table] if node.table else names.columns
    return _null_of(known[node.name]).copy()


@cache
def _null_of(sql_type: str) -> exp.Cast:
    return exp.cast(exp.Null(), sql_type, dialect="duckdb")


@cache
def _scratch() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"enable_external_access": "false", "threads": "1"})


def used_names(tree: exp.Expression, space: str) -> Iterator[str]:
    """Names of one space that the expression uses, such as its parameters, in order and once each."""
    seen = dict.fromkeys(column.name for column in tree.find_all(exp.Column) if column.table == space)
    return iter(seen)


def used_columns(tree: exp.Expression) -> set[str]:
    """Columns of the table that the expression reads."""
    return {column.name for column in tree.find_all(exp.Column) if not column.table and column.name not in MOMENTS}


def bind(tree: exp.Expression, values: Mapping[str, Value], prefix: str = "") -> exp.Expression:
    """Replace names by values: ``p.exit_line`` or ``as_of`` by what ``values`` holds; other columns get ``prefix``."""

    def replace(node: exp.Expression) -> exp.Expression:
        if not isinstance(node, exp.Column):
            return node
        name = f"{node.table}.{node.name}" if node.table else node.name
        if name in values:
            return literal(values[name])
        return exp.column(node.name, table=prefix) if prefix else node

    return tree.transform(replace, copy=True)


def literal(value: Value) -> exp.Expression:
    """A value as a typed SQL literal; decimals stay exact."""
    match value:
        case None:
            return exp.Null()
        case bool():
            return exp.Boolean(this=value)
        case int() | Decimal():
            exact = Decimal(value)
            plain = exp.Literal.number(format(exact, "f"))
            # A bare whole number is 32 bits wide to the engine, and products of two would overflow.
            whole = exact == int(exact) and exact.adjusted() < 18
            return exp.cast(plain, "bigint") if whole else exp.paren(plain)
        case date():
            return exp.cast(exp.Literal.string(value.isoformat()), "date")
        case str():
            return exp.Literal.string(value)


def to_sql(tree: exp.Expression, dialect: str = "duckdb") -> str:
    return tree.sql(dialect=dialect)


def readable_sql(sql: str) -> str:
    """A statement of ours in lines, for people; unchanged where the formatter does not know a construct."""
    try:
        return sqlglot.transpile(sql, read="duckdb", write="duckdb", pretty=True)[0]
    except (ParseError, TokenError):
        return sql
