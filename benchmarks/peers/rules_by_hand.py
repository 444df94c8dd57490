"""Fifty of the pack's rules about persons written by hand for other validators, and run by each of them.

Runs in an environment of its own (``peers/rules.txt``) and knows nothing of our code. ``NAME FOLDER`` reads
``person.parquet`` and ``lists.json`` (labels of the code lists, the day), prints its seconds and the rows that broke
each rule as JSON. A row breaks a rule where the condition is true; where it is unknown, it does not.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl

Failed = dict[str, int]
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
SONS = ["之子", "之女婿", "之孙子", "之外孙子", "之父", "之岳父", "之公公", "之祖父", "之外祖父", "之曾孙子", "之侄儿"]
DAUGHTERS = [
    "之女", "之儿媳", "之孙女", "之外孙女", "之母", "之岳母", "之婆婆", "之祖母", "之外祖母", "之曾孙女", "之侄女",
    "之兄弟媳妇",
]  # fmt: skip
ABLE, UNABLE = ["普通劳动力", "技能劳动力"], ["无劳动力", "丧失劳动力"]
BLANKS = [
    "speaks_mandarin",
    "commercial_medical",
    "works_abroad",
    "medical_aid",
    "other_health_help",
    "tekun",
    "lowins",
]
c = pl.col


def facts(rows: pl.LazyFrame, day: int) -> pl.LazyFrame:
    """What several rules ask, worked out once: parts of the number, ages on the day and on the first of September."""
    number = c("id_number")
    rows = rows.with_columns(
        id_length=number.str.len_chars().cast(pl.Int64),
        id_17=number.str.slice(0, 17).cast(pl.Int64, strict=False),
        born=c("birth_date").dt.year().cast(pl.Int64) * 10000
        + c("birth_date").dt.month().cast(pl.Int64) * 100
        + c("birth_date").dt.day().cast(pl.Int64),
    )
    total = pl.sum_horizontal(c("id_17") // 10 ** (16 - at) % 10 * weight for at, weight in enumerate(WEIGHTS))
    whole = (c("id_length") >= 18) & (c("id_17") >= 10**16)
    return rows.with_columns(
        id_in_digits=pl.when(c("id_length") >= 18).then(c("id_17").is_not_null() & (c("id_17") >= 10**16)),
        id_check_holds=pl.when(whole).then(
            (total % 11).replace_strict(list(range(11)), list("10X98765432"), return_dtype=pl.String)
            == number.str.slice(17, 1)
        ),
        id_birth=pl.when(whole).then(c("id_17") // 1000 % 100000000),
        id_sex=pl.when(whole).then(pl.when(c("id_17") % 2 == 1).then(pl.lit("男")).otherwise(pl.lit("女"))),
        has_disability_card=(c("id_type") == "残疾人证") | (c("id_length") >= 20),
        age=(day - c("born")) // 10000,
        school_age=(day // 10000 * 10000 + 901 - c("born")) // 10000,
    )


def broken(lists: dict[str, list[str]]) -> dict[str, pl.Expr]:
    """Fifty rules: true where a row breaks it."""
    at_work = (c("age") >= 16) & (c("age") < 60) & (c("health") == "健康") & c("in_school").is_null()
    ages = {"小学": (6, 14), "七年级": (12, 17), "八年级": (12, 17), "九年级": (12, 17)}
    junior = [name for name in ages if name != "小学"]
    return {
        "A01": c("id_number").is_null() | c("id_number").str.starts_with("999999"),
        "A02": ~c("id_length").is_in([18, 20, 22]),
        "A03": (c("id_length") == 18) & ~c("id_check_holds"),
        "A06": (c("id_length") >= 18) & ~c("id_in_digits"),
        "A10": c("born") != c("id_birth"),
        "A11": c("sex") != c("id_sex"),
        "A16": c("name").is_null() | c("name").str.contains(r"[0-9０-９\s\x{3000}\x{a0}]"),
        "A17": ((c("id_type") == "残疾人证") & ~c("id_length").is_in([20, 22]))
        | ((c("id_type") == "居民身份证") & (c("id_length") != 18)),
        "A18": c("age") > 120,
        "B04": c("relation").is_null(),
        "B05": ~c("relation").is_in(lists["relation"]),
        "B07": (c("relation").is_in(SONS) & (c("sex") == "女")) | (c("relation").is_in(DAUGHTERS) & (c("sex") == "男")),
        "B10": (c("relation") == "配偶") & (c("age") < pl.when(c("sex") == "男").then(22).otherwise(20)),
        "C01": c("ethnicity").is_null(),
        "C02": c("health").is_null(),
        "C03": c("labour").is_null(),
        "C04": c("serious_illness_insured").is_null(),
        "C05": c("resident_pension").is_null(),
        "C06": c("resident_medical").is_null() & c("employee_medical").is_null(),
        "C07": c("resident_pension").is_null() & c("employee_pension").is_null(),
        "C08": c("education").is_null() & c("in_school").is_null() & c("dropout_reason").is_null(),
        "C09": c("education").is_not_null() & c("in_school").is_not_null(),
        "C10": ~c("education").is_in(lists["education"]),
        "C11": ~c("in_school").is_in(lists["in_school"]),
        "C12": ~c("labour").is_in(lists["labour"]),
        "C13": ~c("political").is_in(lists["political"]),
        "C14": ~c("ethnicity").is_in(lists["ethnic_gb3304"]),
        "C15": pl.any_horizontal(c(name).is_null() for name in BLANKS),
        "D12": (c("work_months") < 0) | (c("work_months") > 12),
        "D13": (c("public_post_months") < 0) | (c("public_post_months") > 12),
        "F01": (c("age") < 16) & (c("labour") != "无劳动力"),
        "F02": c("in_school").is_not_null() & (c("in_school") != "学龄前儿童") & (c("labour") != "无劳动力"),
        "F03": at_work & (c("labour") == "丧失劳动力"),
        "F04": at_work & (c("labour") == "无劳动力"),
        "F06": (c("age") >= 16) & (c("age") < 60) & c("health").is_in(["患有大病", "残疾"]) & c("labour").is_in(ABLE),
        "F07": (c("age") >= 60) & c("labour").is_in([*ABLE, "丧失劳动力"]),
        "F09": (c("health") == "残疾") & ~c("has_disability_card"),
        "F10": c("has_disability_card") & ~c("health").str.contains("残疾", literal=True),
        "F11": c("health").str.contains("健康", literal=True) & (c("health") != "健康"),
        "F15": (c("in_school") == "小学") & ((c("age") < ages["小学"][0]) | (c("age") > ages["小学"][1])),
        "F16": c("in_school").is_in(junior) & ((c("age") < 12) | (c("age") > 17)),
        "F20": (c("age") >= 16) & (c("age") <= 22) & c("education").is_in(["小学", "文盲或半文盲"]),
        "G01": c("resident_medical") & c("employee_medical"),
        "G02": ~c("resident_medical") & ~c("employee_medical"),
        "G04": c("serious_illness_insured") & ~c("resident_medical"),
        "G05": ~c("serious_illness_insured") & c("exit_status").is_in(["已脱贫", "稳定脱贫"]),
        "G06": c("resident_pension") & c("employee_pension"),
        "I16": c("public_post").is_null() & (c("public_post_months") > 0),
        "I18": (c("age") >= 70) & c("public_post").is_not_null(),
        "I20": c("labour").is_in(UNABLE) & c("public_post").is_not_null(),
    }


def made_ready(folder: Path) -> tuple[pl.LazyFrame, dict[str, pl.Expr]]:
    lists = json.loads((folder / "lists.json").read_text("utf-8"))
    return facts(pl.scan_parquet(folder / "person.parquet"), lists["day"]), broken(lists)


def by_polars(folder: Path) -> Failed:
    """One lazy query: the rows that break a rule, whole, with a column for each rule."""
    rows, rules = made_ready(folder)
    judged = rows.with_columns(condition.fill_null(False).alias(f"breaks_{rule}") for rule, condition in rules.items())
    failing = judged.filter(pl.any_horizontal(f"breaks_{rule}" for rule in rules)).collect()
    return {rule: int(failing[f"breaks_{rule}"].sum()) for rule in rules}


def by_dataframely(folder: Path) -> Failed:
    import dataframely as dy

    rows, rules = made_ready(folder)
    frame = rows.collect()

    def holds(condition: pl.Expr) -> Any:
        return dy.rule()(lambda cls: ~condition.fill_null(False))

    columns = {name: dy.Any() for name in frame.columns}
    schema = type("Persons", (dy.Schema,), {**columns, **{rule: holds(one) for rule, one in rules.items()}})
    counts = schema.filter(frame).failure.counts()
    return {rule: counts.get(rule, 0) for rule in rules}


def by_pandera(folder: Path) -> Failed:
    import pandera.polars as pa
    from pandera.errors import SchemaErrors

    rows, rules = made_ready(folder)

    def holds(rule: str, condition: pl.Expr) -> pa.Check:
        return pa.Check(lambda data: data.lazyframe.select(~condition.fill_null(False)), name=rule, error=rule)

    schema = pa.DataFrameSchema(checks=[holds(rule, condition) for rule, condition in rules.items()])
    try:
        schema.validate(rows.collect(), lazy=True)
    except SchemaErrors as error:
        counts = dict(error.failure_cases.group_by("check").len().iter_rows())
        return {rule: counts.get(rule, 0) for rule in rules}
    return dict.fromkeys(rules, 0)


def by_pointblank(folder: Path) -> Failed:
    import pointblank as pb

    rows, rules = made_ready(folder)
    validation = pb.Validate(data=rows.collect())
    for condition in rules.values():
        validation = validation.col_vals_expr(expr=~condition.fill_null(False))
    failed = validation.interrogate(get_first_n=0, collect_extracts=False).n_failed()
    return {rule: failed[number] for number, rule in enumerate(rules, start=1)}


def by_great_expectations(folder: Path) -> Failed:
    """The rules that its own expectations can say, on pandas; ages are worked out before."""
    import great_expectations as gx
    import pandas as pd

    logging.disable(logging.WARNING)
    lists = json.loads((folder / "lists.json").read_text("utf-8"))
    rows = pd.read_parquet(folder / "person.parquet")
    day, born = lists["day"], rows["birth_date"]
    born = pd.to_datetime(born)
    rows["age"] = (day - (born.dt.year * 10000 + born.dt.month * 100 + born.dt.day)) // 10000
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    batch = (
        context.data_sources.add_pandas("pandas")
        .add_dataframe_asset("person")
        .add_batch_definition_whole_dataframe("all")
    )
    suite = gx.ExpectationSuite(name="rules")
    for rule, expectation in _expectations(gx.expectations, lists).items():
        expectation.meta = {"rule": rule}
        suite.add_expectation(expectation)
    told = batch.get_batch({"dataframe": rows}).validate(suite, result_format="BASIC")
    return {one.expectation_config.meta["rule"]: int(one.result["unexpected_count"]) for one in told.results}


def _expectations(gxe: Any, lists: dict[str, list[str]]) -> dict[str, Any]:
    def listed(column: str, values: list[Any], when: str = "") -> Any:
        chosen = {"row_condition": when, "condition_parser": "pandas"} if when else {}
        return gxe.ExpectColumnValuesToBeInSet(column=column, value_set=values, **chosen)

    def between(column: str, least: float | None, most: float | None) -> Any:
        return gxe.ExpectColumnValuesToBeBetween(column=column, min_value=least, max_value=most)

    filled = {"B04": "relation", "C01": "ethnicity", "C02": "health", "C03": "labour", "C04": "serious_illness_insured",
              "C05": "resident_pension"}  # fmt: skip
    coded = {"B05": ("relation", "relation"), "C10": ("education", "education"), "C11": ("in_school", "in_school"),
             "C12": ("labour", "labour"), "C13": ("political", "political"),
             "C14": ("ethnicity", "ethnic_gb3304")}  # fmt: skip
    return {
        **{rule: gxe.ExpectColumnValuesToNotBeNull(column=column) for rule, column in filled.items()},
        **{rule: listed(column, lists[name]) for rule, (column, name) in coded.items()},
        "A02": gxe.ExpectColumnValuesToMatchRegex(column="id_number", regex=r"(?s)^(.{18}|.{20}|.{22})$"),
        "A18": between("age", None, 120),
        "D12": between("work_months", 0, 12),
        "D13": between("public_post_months", 0, 12),
        "F01": listed("labour", ["无劳动力"], "age < 16"),
        "F11": gxe.ExpectColumnValuesToNotMatchRegex(column="health", regex="(?s)(.健康|健康.)"),
        "G01": listed("resident_medical", [False], "employee_medical == True"),
        "G02": listed("resident_medical", [True], "employee_medical == False"),
        "G04": listed("resident_medical", [True], "serious_illness_insured == True"),
        "G06": listed("resident_pension", [False], "employee_pension == True"),
    }


PEERS: dict[str, tuple[str, Callable[[Path], Failed]]] = {
    "polars": ("polars", by_polars),
    "dataframely": ("dataframely", by_dataframely),
    "pandera": ("pandera.polars", by_pandera),
    "pointblank": ("pointblank", by_pointblank),
    "great_expectations": ("great_expectations", by_great_expectations),
}

if __name__ == "__main__":
    name, folder = sys.argv[1:]
    module, check = PEERS[name]
    import_module(module)
    began = time.perf_counter()
    failed = check(Path(folder))
    print(json.dumps({"seconds": time.perf_counter() - began, "failed": failed}))
