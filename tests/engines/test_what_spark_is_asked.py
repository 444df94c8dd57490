"""What DuckDB's words become in Spark: as text, and as answers that are the same on both."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

from jingzhun.engine import StepFailed, spark_dialect
from jingzhun.engine.spark_dialect import NotTranslatable, to_spark
from jingzhun.engine.spark_kinds import Kind
from tests.engines.both import Both

HELD: dict[str, dict[str, Kind]] = {
    "t": {"n": "integer", "q": "decimal", "x": "double", "s": "text", "d": "date", "e": "date"}
}

TEXTS = [
    ("n / 2", "(CAST((`n`) AS DOUBLE) / CAST((2) AS DOUBLE))"),
    ("n // 2", "`n` DIV 2"),
    ("n % 10", "`n` % 10"),
    ("s = 'it''s'", "`s` = 'it\\'s'"),
    ("q::BIGINT", "CAST(ROUND((`q`)) AS BIGINT)"),
    ("x::BIGINT", "CAST(RINT((`x`)) AS BIGINT)"),
    ("x::DECIMAL(9, 2)", "CAST((ROUND((`x`) * (CAST(100 AS DOUBLE))) / (CAST(100 AS DOUBLE))) AS DECIMAL(9, 2))"),
    ("n::DECIMAL", "CAST(`n` AS DECIMAL(18, 3))"),
    ("n::VARCHAR", "CAST(`n` AS STRING)"),
    ("bool_or(n = 1)", "BOOL_OR(`n` = 1)"),
    ("count(*) FILTER (WHERE n = 1)", "COUNT(*) FILTER(WHERE `n` = 1)"),
    ("arg_max(s, n)", "MAX_BY(`s`, `n`) FILTER(WHERE NOT `s` IS NULL)"),
    ("list_extract(['a', 'b'], n)", "TRY_ELEMENT_AT((ARRAY('a', 'b')), (CAST(`n` AS INT)))"),
    ("list_contains([1, 2], n)", "ARRAY_CONTAINS(ARRAY(1, 2), `n`)"),
    ("to_json(struct_pack(a := s))", "TO_JSON((NAMED_STRUCT('a', `s`)), MAP('ignoreNullFields', 'false'))"),
    ("left(s, 2)", "LEFT(`s`, 2)"),
    ("regexp_matches(s, '^\\d+$')", "`s` RLIKE '^\\\\d+$'"),
    ("concat(s, n)", "CONCAT(COALESCE(CAST((`s`) AS STRING), ''), COALESCE(CAST((`n`) AS STRING), ''))"),
    ("d - e", "DATEDIFF((`d`), (`e`))"),
    ("d + INTERVAL 1 YEAR", "CAST(`d` AS TIMESTAMP) + INTERVAL '1' YEAR"),
    ("date_diff('year', e, d)", "(YEAR((`d`)) - YEAR((`e`)))"),
    ("strftime(d, '%Y-%m')", "DATE_FORMAT(`d`, 'yyyy-MM')"),
    ("greatest(n, 1)", "GREATEST(`n`, 1)"),
    ("n & 4 <> 0", "`n` & 4 <> 0"),
    ("row_number() OVER (ORDER BY s)", "ROW_NUMBER() OVER (ORDER BY `s` NULLS LAST)"),
]


@pytest.mark.parametrize(("said", "asked"), TEXTS, ids=[said for said, _ in TEXTS])
def test_an_expression_is_translated(said: str, asked: str) -> None:
    sql = to_spark(f"SELECT {said} AS r FROM t", lambda table: HELD.get(table, {})).sql
    assert sql == f"SELECT {asked} AS `r` FROM `t`"


def test_one_of_several_is_picked_without_qualify() -> None:
    sql = to_spark("SELECT a FROM t QUALIFY row_number() OVER (PARTITION BY a ORDER BY b DESC) = 1").sql
    assert "QUALIFY" not in sql and "WHERE `_w` = 1" in sql


def test_all_columns_but_one() -> None:
    assert to_spark("SELECT * EXCLUDE (a) FROM t").sql == "SELECT * EXCEPT (`a`) FROM `t`"


def test_a_materialised_part_is_stored_before_the_query_that_reads_it() -> None:
    said = (
        "WITH a AS (SELECT 1 AS x), b AS MATERIALIZED (SELECT x FROM a) SELECT b.x FROM b UNION ALL SELECT x FROM b z"
    )
    asked = to_spark(said, name="step")
    assert asked.parts == (("step__b", "WITH `a` AS (SELECT 1 AS `x`) SELECT `x` FROM `a`"),)
    assert "FROM `step__b` AS `b` UNION ALL SELECT `x` FROM `step__b` AS `z`" in asked.sql


def test_what_kind_a_column_is_comes_from_where_it_is_taken() -> None:
    said = "WITH w(a, b) AS (SELECT n, n / 2 FROM t) SELECT u.b::BIGINT AS r FROM (SELECT *, q AS c FROM w, t) u"
    assert "RINT((`u`.`b`))" in to_spark(said, lambda table: HELD.get(table, {})).sql


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("SELECT row_number() OVER () FROM t", "order by a key"),
        ("SELECT list_aggregate([1], 'sum')", "list_aggregate"),
        ("SELECT date_diff('week', d, e) FROM t", "use day, month or year"),
        ("SELECT left(s, -1) FROM t", "negative"),
        ("COPY t TO 'x'", "only a query"),
        ("SELECT (", "Required"),
        ("SELECT substr(s, 0, 1) FROM t", "place 0"),
        ("SELECT right(s, -1) FROM t", "negative"),
        ("SELECT s LIKE z FROM t", "plain text"),
    ],
)
def test_what_has_no_equal_is_refused_with_a_reason(said: str, why: str) -> None:
    with pytest.raises(NotTranslatable, match=why):
        to_spark(said)


VALUES = (
    "(VALUES (1, 7, 2, CAST(2.5 AS DECIMAL(9, 1)), 2.5::DOUBLE, '张建国', '张建', DATE '2017-12-31', '2018-1-5'), "
    "(2, -7, 2, CAST(-2.5 AS DECIMAL(9, 1)), 0.285::DOUBLE, 'a\\b', NULL, DATE '2016-02-29', '2018-01'), "
    "(3, NULL, 5, NULL, 1e-5::DOUBLE, NULL, '\"x\"', NULL, NULL), "
    "(4, 100, 3, CAST(0.4 AS DECIMAL(9, 1)), 1e16::DOUBLE, '1.5', '', DATE '2018-01-01', '2018/02/03')) "
    "AS v(id, n, k, q, x, s, z, d, w)"
)
SAME = {
    exp.Div: "n / k, n / 0, q / 3, CAST(n / k AS VARCHAR)",
    exp.IntDiv: "n // k, q // 2",
    exp.Round: "round(x, 2), round(q), round(q, 0)",
    exp.Cast: "q::BIGINT, x::BIGINT, x::DECIMAL(30, 2), x::VARCHAR, q::VARCHAR, CAST('1.5' || '' AS BIGINT)",
    exp.TryCast: "TRY_CAST(s AS BIGINT), TRY_CAST(w AS DATE), TRY_CAST(TRY_STRPTIME('20180230', '%Y%m%d') AS DATE)",
    exp.Add: "d + n, d + INTERVAL 1 YEAR > DATE '2018-06-01', (d + INTERVAL 1 YEAR)::VARCHAR",
    exp.Sub: "d - DATE '2017-01-01', d - k",
    exp.DateDiff: "date_diff('day', DATE '2017-01-01', d), date_diff('month', d, DATE '2018-02-01'), "
    "date_diff('year', d, DATE '2018-01-01')",
    exp.Levenshtein: "levenshtein(s, z)",
    exp.Concat: "concat(s, '-', n), concat(z, s), s || '-' || z",
    exp.Trim: "trim('　 ' || s || '\t ')",
    exp.Like: "s LIKE 'a\\%', s LIKE '张%'",
    exp.Anonymous: "list_extract(['a', 'b'], k::BIGINT), list_extract(['a'], 9), to_json(struct_pack(a := s, b := z)), "
    "to_json(struct_pack(a := s))",
}
"""Queries over ``VALUES`` that Spark would answer otherwise, by the kind of node whose translation they need."""
GROUPED = {exp.ArgMax: "arg_max(z, -n), arg_max(z, -n) FILTER (WHERE id < 4)", exp.ArgMin: "arg_min(z, n)"}
MORE = (
    "greatest(n, k), least(n, NULL, 3), concat_ws('|', s, z, n), s < z, length(s), md5(s), coalesce(z, s)",
    "n | 5, n & 5, n % k, contains(s, '建'), starts_with(s, z), ends_with(s, '国')",
    "left(s, k::BIGINT), right(s, k::BIGINT), substr(s, k::BIGINT, 1), substr(s, 2)",
    "make_date((n + 2018)::BIGINT, 1, 1), d - 1, d + 1",
    "split_part(w, '-', 2), split_part(w, '-', 9)",
    "regexp_matches(s, '^[0-9.]+$'), regexp_replace(w, '^[0-9]{4}', '')",
    "date_trunc('month', d) = d, year(d) * 10000 + month(d) * 100 + day(d), strftime(d, '%Y-%m-%d'), d = '2018-01-01'",
)


def selected(said: str) -> str:
    return f"SELECT id, {numbered(said)} FROM {VALUES}"


def numbered(said: str) -> str:
    """Every column with a name of its own: engines name expressions each in their way."""
    columns = sqlglot.parse_one(f"SELECT {said}", read="duckdb").expressions
    return ", ".join(f"{column.sql(dialect='duckdb')} AS c{at}" for at, column in enumerate(columns))


@pytest.mark.parametrize("said", [*SAME.values(), *MORE])
def test_both_answer_the_same(both: Both, said: str) -> None:
    assert len(both.answer(selected(said))) == 4


@pytest.mark.parametrize("said", GROUPED.values())
def test_both_aggregate_the_same(both: Both, said: str) -> None:
    both.answer(f"SELECT {numbered(said)}, bool_or(n > 5) AS some, count(DISTINCT k) AS kinds FROM {VALUES}")


def test_a_day_that_is_none_fails_on_both(both: Both) -> None:
    for engine in (both.duckdb, both.spark):
        with pytest.raises(StepFailed, match="2018-01"):
            engine.rows(f"SELECT CAST(w || '' AS DATE) AS day FROM {VALUES} WHERE id = 2")


@pytest.mark.parametrize("kind", [*SAME, *GROUPED], ids=lambda kind: kind.__name__)
def test_without_its_translation_the_answer_would_be_another(
    both: Both, kind: type[exp.Expr], monkeypatch: pytest.MonkeyPatch
) -> None:
    sql = selected(SAME[kind]) if kind in SAME else f"SELECT {numbered(GROUPED[kind])} FROM {VALUES}"
    both.answer(sql)
    monkeypatch.delitem(spark_dialect._CHANGES, kind)
    with pytest.raises((AssertionError, StepFailed)):
        both.answer(sql)


def test_every_translation_is_put_to_the_question() -> None:
    refusing = {exp.Window, exp.Left, exp.Right, exp.Substring}
    assert {*SAME, *GROUPED, *refusing} == set(spark_dialect._CHANGES)
