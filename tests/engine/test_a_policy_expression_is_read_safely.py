"""Policy text reaches an engine only as an allowed scalar expression of the right type."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import get_args

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from jingzhun.engine import ExpressionError, Names, bind, parse_expression, to_sql, used_columns, used_names
from jingzhun.engine.expression import FUNCTIONS, Value, Want, literal
from jingzhun.model import TABLES

NAMES = Names.of(TABLES["household"], {"p": {"exit_line": "DECIMAL(18, 4)", "kind": "VARCHAR"}})

FORBIDDEN = {
    "a sub-query": "(SELECT 1)",
    "a sub-query inside": "exit_year > (SELECT max(exit_year) FROM household)",
    "exists": "EXISTS (SELECT 1 FROM household)",
    "in a sub-query": "exit_year IN (SELECT 1)",
    "a file": "read_csv('/etc/passwd')",
    "a file read as text": "read_text('/etc/passwd')",
    "the environment": "getenv('HOME')",
    "a setting": "current_setting('memory_limit')",
    "a window": "row_number() OVER ()",
    "a windowed sum": "sum(exit_year) OVER (PARTITION BY region_code)",
    "an aggregate": "count(*)",
    "an aggregate of a column": "sum(exit_year) > 1",
    "a filter": "max(exit_year) FILTER (WHERE true)",
    "a lambda": "list_transform([1], x -> x + 1)",
    "a cast to a nested type": "CAST(exit_year AS INTEGER[])",
    "a cast to a blob": "CAST(address AS BLOB)",
    "a cast to a struct": "CAST(address AS STRUCT(a INT))",
    "a second statement": "true; DROP TABLE household",
    "a second expression": "true, false",
    "an alias": "true AS x",
    "a from clause": "true FROM household",
    "a where clause": "true WHERE false",
    "a union": "true UNION SELECT false",
    "a limit": "true LIMIT 1",
    "a star": "*",
    "a placeholder": "exit_year = ?",
    "a named placeholder": "exit_year = $year",
    "the clock": "current_date",
    "now": "now()",
    "chance": "random() > 0.5",
    "a macro": "pragma_version()",
    "a sequence": "nextval('s')",
    "an unknown function": "evil(exit_year)",
    "a statement": "DROP TABLE household",
    "an open bracket": "(exit_year",
    "nothing": "",
    "a comment and nothing": "-- true",
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in FORBIDDEN.items()])
def test_what_is_not_a_scalar_expression_is_refused_in_two_languages(text: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse_expression(text, NAMES)
    assert refused.value.zh and refused.value.en
    assert refused.value.text == text


@pytest.mark.parametrize(
    "text",
    [
        "exit_year >= 2016 AND exit_status IN ('已脱贫', '稳定脱贫')",
        "net_income_per_head >= p.exit_line * 100",
        "CASE WHEN member_count > 0 THEN net_income_per_head / member_count END > 100",
        "coalesce(dangerous_house, false) OR NOT water_safe",
        "year(as_of) - data_year BETWEEN 0 AND 2",
        "starts_with(household_code, '14') AND length(phone) = 11",
        "exit_year IS NULL AND remark IS NOT NULL",
        "date_diff('day', period_from, period_to) > 30",
        "household_code LIKE '14%'",
        "CAST(household_code AS BIGINT) % 2 = 0",
    ],
)
def test_what_policy_needs_is_allowed(text: str) -> None:
    assert parse_expression(text, NAMES, "boolean") is not None


def test_a_comment_cannot_smuggle_sql_in() -> None:
    for text in ("true -- */ OR true", "true /* */ */ OR evil() /* */", "true /* OR evil() */"):
        try:
            sql = to_sql(parse_expression(text, NAMES))
        except ExpressionError:
            continue
        assert duckdb.sql(f"SELECT count(*) FROM (SELECT 1) WHERE ({sql})").fetchall() == [(1,)]


def test_a_quote_in_a_text_stays_in_the_text() -> None:
    sql = to_sql(parse_expression("remark = 'it''s; DROP TABLE household --'", NAMES))
    assert duckdb.sql(f"SELECT {sql} FROM (SELECT 'it''s; DROP TABLE household --' AS remark)").fetchall() == [(True,)]


@pytest.mark.parametrize(
    ("text", "near"),
    [("exit_yaer > 2016", "exit_year"), ("net_income_per_head > p.exit_lin", "exit_line")],
)
def test_an_unknown_name_gets_the_nearest_known_one(text: str, near: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse_expression(text, NAMES)
    assert near in refused.value.zh and near in refused.value.en


def test_a_name_of_another_table_or_space_is_unknown() -> None:
    for text in ("person_code = '1'", "q.exit_line > 1", "p.exit_year > 1", "household.exit_year > 1"):
        with pytest.raises(ExpressionError):
            parse_expression(text, NAMES)


@pytest.mark.parametrize(
    ("text", "gives"),
    [
        ("exit_year > 2016", "boolean"),
        ("exit_year + 1", "number"),
        ("net_income_per_head / 100.0", "number"),
        ("concat(household_code, remark)", "text"),
        ("make_date(exit_year, 1, 1)", "date"),
    ],
)
def test_the_type_is_checked_when_the_pack_is_read(text: str, gives: Want) -> None:
    for want in get_args(Want):
        if want in (gives, "any"):
            parse_expression(text, NAMES, want)
        else:
            with pytest.raises(ExpressionError):
                parse_expression(text, NAMES, want)


def test_types_that_do_not_fit_each_other_are_refused() -> None:
    with pytest.raises(ExpressionError):
        parse_expression("valid + 1 > as_of", NAMES)


SAMPLES = {
    "abs": "abs(-1)", "array_contains": "array_contains([1, 2], 2)", "ceil": "ceil(1.5)",
    "coalesce": "coalesce(NULL, 1)",
    "concat": "concat('a', 'b')", "contains": "contains('abc', 'b')",
    "date_diff": "date_diff('day', DATE '2018-01-01', as_of)", "date_part": "date_part('year', as_of)",
    "date_trunc": "date_trunc('month', as_of)", "day": "day(as_of)", "ends_with": "ends_with('abc', 'c')",
    "floor": "floor(1.5)", "greatest": "greatest(1, 2)", "if": "if(true, 1, 2)", "ifnull": "ifnull(NULL, 1)",
    "least": "least(1, 2)", "left": "left('abc', 2)", "length": "length('abc')",
    "levenshtein": "levenshtein('abc', 'abd')", "lower": "lower('ABC')",
    "make_date": "make_date(2018, 1, 1)", "month": "month(as_of)", "nullif": "nullif(1, 2)",
    "regexp_matches": "regexp_matches('abc', '^a')", "replace": "replace('abc', 'a', 'b')", "right": "right('abc', 2)",
    "round": "round(1.25, 1)", "sign": "sign(-1)", "split_part": "split_part('a,b', ',', 1)",
    "starts_with": "starts_with('abc', 'a')", "str_split": "str_split('a,b', ',')",
    "strftime": "strftime(as_of, '%Y-%m')", "string_split": "string_split('a,b', ',')", "substr": "substr('abc', 2, 1)",
    "substring": "substring('abc', 2, 1)", "trim": "trim(' a ')", "upper": "upper('abc')", "year": "year(as_of)",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_listed_function_can_be_written_and_run(name: str) -> None:
    text = SAMPLES[name]
    bound = bind(parse_expression(text, NAMES), {"as_of": date(2018, 12, 31)})
    plain = text.replace("as_of", "DATE '2018-12-31'")
    assert duckdb.sql(f"SELECT {to_sql(bound)}").fetchall() == duckdb.sql(f"SELECT {plain}").fetchall()


def test_what_is_used_can_be_listed() -> None:
    tree = parse_expression("net_income_per_head > p.exit_line AND exit_year < year(as_of) AND p.exit_line > 0", NAMES)
    assert list(used_names(tree, "p")) == ["exit_line"]
    assert used_columns(tree) == {"net_income_per_head", "exit_year"}


def test_binding_leaves_the_expression_itself_alone() -> None:
    tree = parse_expression("net_income_per_head > p.exit_line", NAMES)
    before = to_sql(tree)
    bound = to_sql(bind(tree, {"p.exit_line": Decimal("3200.5")}, prefix="t"))
    assert "t.net_income_per_head" in bound and "3200.5" in bound
    assert to_sql(tree) == before


@given(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**62), 2**62),
        st.decimals(min_value=-(10**12), max_value=10**12, places=4),
        st.dates(min_value=date(1, 1, 1)),
        st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40),
    )
)
def test_a_value_put_into_an_expression_comes_out_unchanged(value: Value) -> None:
    sql = to_sql(exp.select(literal(value)))
    found = duckdb.sql(sql).fetchall()[0][0]
    assert found == value


@pytest.mark.parametrize("text", ["(" * 5000 + "1" + ")" * 5000, "NOT " * 5000 + "true", "1" + " + 1" * 5000])
def test_an_expression_without_end_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse_expression(text, Names({}))
    assert refused.value.zh and refused.value.en
