"""A request in YAML: its estimates are those of the functions, and what cannot be meant is said by its name."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from jingzhun.measurement.answering import answer_request
from jingzhun.measurement.fault import NotMeasurable
from jingzhun.measurement.measures import MEASURES
from tests.measurement.published import FOLDER, published

DESIGN = {"data": "apiclus2.csv", "weights": "pw", "psu": ["dnum", "snum"], "fpc": ["fpc1", "fpc2"]}
Answered = list[dict[str, Any]]


def answered(folder: Path, *estimates: dict[str, Any], **keys: Any) -> Answered:
    request = {**DESIGN, **keys, "estimates": list(estimates)}
    shutil.copy(FOLDER / "data" / "apiclus2.csv", folder)
    (folder / "request.yaml").write_text(yaml.safe_dump(request), "utf-8")
    return answer_request(folder / "request.yaml")


def test_what_was_published_is_answered(tmp_path: Path) -> None:
    mean, total = answered(
        tmp_path,
        {"id": "m", "measure": "mean", "y": "api00"},
        {"id": "t", "measure": "total", "y": "enroll"},
    )
    wanted = {one.id: one for one in published() if one.set == "api"}
    wanted["clus2_mean_api00_est"].check(mean["estimate"])
    wanted["clus2_mean_api00_se"].check(mean["se"])
    wanted["clus2_total_enroll_est"].check(total["estimate"])
    wanted["clus2_total_enroll_se"].check(total["se"])
    assert (mean["n"], mean["df"], mean["left_out"]) == (126, 39, {})
    assert (total["n"], total["left_out"]) == (120, {"missing": 6})


def test_every_group_is_told_by_its_values(tmp_path: Path) -> None:
    one = answered(tmp_path, {"id": "m", "measure": "mean", "y": "api00", "by": "stype"})
    assert [entry["group"] for entry in one] == ["E", "H", "M"]
    two = answered(tmp_path, {"id": "m", "measure": "mean", "y": "api00", "by": ["stype", "awards"]})
    assert ["E", "Yes"] in [entry["group"] for entry in two]
    assert sum(entry["n"] for entry in one) == sum(entry["n"] for entry in two) == 126


def test_a_condition_keeps_the_other_rows_in_the_variance(tmp_path: Path) -> None:
    asked = {"id": "m", "measure": "mean", "y": "api00"}
    [inside] = answered(tmp_path, {**asked, "where": "stype = 'E'"})
    grouped = answered(tmp_path, {**asked, "by": "stype"})
    [whole] = answered(tmp_path, asked, where="stype = 'E'")
    assert inside["se"] == grouped[0]["se"] == whole["se"]


def test_true_and_false_are_conditions_and_yes_and_no_are_words(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("y,registered,awards\n1,TRUE,Yes\n2,false,No\n3,,Yes\n", "utf-8")
    estimates = [
        {"id": "a", "measure": "total", "y": "y", "where": "registered"},
        {"id": "b", "measure": "total", "y": "y", "where": "awards = 'Yes'"},
    ]
    (tmp_path / "request.yaml").write_text(yaml.safe_dump({"data": "data.csv", "estimates": estimates}), "utf-8")
    assert [entry["estimate"] for entry in answer_request(tmp_path / "request.yaml")] == [1, 4]


WRONG = {
    "a column that is none": ({"id": "m", "measure": "mean", "y": "apo00"}, {}, "m.y：没有“apo00”", "api00"),
    "a measure that is none": ({"id": "m", "measure": "meen", "y": "api00"}, {}, "m：没有“meen”", "mean"),
    "an argument too few": ({"id": "m", "measure": "ratio", "y": "api00"}, {}, "m：ratio 缺少参数 x", "lacks x"),
    "an argument too many": ({"id": "m", "measure": "mean", "y": "api00", "z": 1}, {}, "没有参数 z", "no argument z"),
    "a sub-query": ({"id": "m", "measure": "mean", "y": "(SELECT 1)"}, {}, "m.y：", "not allowed"),
    "a key that is none": ({"id": "m", "measure": "mean", "y": "api00"}, {"weight": "pw"}, "weight", "weights"),
    "weights that are missing": (
        {"id": "m", "measure": "mean", "y": "api00"},
        {"weights": "target"},
        "27 行缺权重",
        "12",
    ),
    "a level that is none": ({"id": "m", "measure": "mean", "y": "api00"}, {"ci": 95}, "95.0 应在 0 和 1 之间", "0.95"),
    "no such file": ({"id": "m", "measure": "mean", "y": "api00"}, {"data": "x.csv"}, "没有文件", "no file"),
    "an empty group": (
        {"id": "m", "measure": "mean", "y": "api00", "where": "api00 < 0"},
        {},
        "没有可用的行",
        "no row",
    ),
    "groups of nobody": (
        {"id": "m", "measure": "mean", "y": "api00", "where": "api00 < 0", "by": "stype"},
        {},
        "m：没有一行符合条件，无从分组",
        "no row fulfils the condition",
    ),
    "a condition that is a number": (
        {"id": "m", "measure": "mean", "y": "api00", "where": "api00"},
        {},
        "m.where：",
        "m.where: ",
    ),
    "an unknown stratum": (
        {"id": "m", "measure": "mean", "y": "api00"},
        {"strata": "region"},
        "strata：没有“region”",
        "region",
    ),
    "a list for an expression": (
        {"id": "m", "measure": "mean", "y": ["api00"]},
        {},
        "m.y：“['api00']”应为列名或表达式",
        "must be a column or an expression",
    ),
    "a line that is a word": (
        {"id": "m", "measure": "fgt", "y": "api00", "line": {"median": "half"}},
        {},
        "m.line：“half”应为一个数",
        "'half' must be one number",
    ),
    "no cut-off": (
        {"id": "m", "measure": "af", "indicators": {"low": "api00 < 500"}, "k": []},
        {},
        "m.k：没有给出临界值",
        "m.k: there is no cut-off",
    ),
    "a cut-off out of reach": (
        {"id": "m", "measure": "af", "indicators": {"low": "api00 < 500"}, "k": 2},
        {},
        "k：2 应在 0 和权重之和 1 之间",
        "k: 2 must lie between 0 and the sum of the weights, 1",
    ),
    "an indicator that is neither true nor false": (
        {"id": "m", "measure": "af", "indicators": {"low": "api00"}, "k": 1},
        {},
        "indicators.low：126 行既不是真也不是假（行 0、1、2、3、4……",
        "indicators.low: 126 rows are neither true nor false (rows 0, 1, 2, 3, 4 …",
    ),
    "poor by a number": (
        {"id": "m", "measure": "targeting", "poor": "api00", "beneficiary": "awards = 'Yes'"},
        {},
        "poor：126 行既不是真也不是假",
        "poor: 126 rows are neither true nor false",
    ),
    "incomes that are all 0": (
        {"id": "m", "measure": "gini", "y": "api00 * 0"},
        {},
        "收入合计不大于 0",
        "add up to nothing",
    ),
    "a negative weight": (
        {"id": "m", "measure": "mean", "y": "api00"},
        {"weights": "api00 - 900"},
        "行权重为负（行 0、1、",
        "rows have a negative weight (rows 0, 1,",
    ),
    "a stratum with one unit": (
        {"id": "m", "measure": "mean", "y": "api00"},
        {"strata": "dnum", "psu": "dnum", "fpc": "fpc1"},
        "层只抽了一个抽样单元（如第 0 行所在的层）",
        "join them with strata like them",
    ),
    "a stage too many": ({"id": "m", "measure": "mean", "y": "api00"}, {"psu": "dnum"}, "psu 只有 1 级", "1"),
    "fewer units than drawn": (
        {"id": "m", "measure": "mean", "y": "api00"},
        {"fpc": ["fpc1 / 100", "fpc2"]},
        "总体单元数小于样本单元数",
        "fewer units",
    ),
}


@pytest.mark.parametrize(("asked", "keys", "zh", "en"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_meant_is_said(
    tmp_path: Path, asked: dict[str, Any], keys: dict[str, Any], zh: str, en: str
) -> None:
    with pytest.raises(NotMeasurable) as refused:
        answered(tmp_path, asked, **keys)
    assert zh in refused.value.zh and en in refused.value.en


def test_a_request_for_nothing_and_one_of_two_things_of_a_name_are_told(tmp_path: Path) -> None:
    asked = {"id": "m", "measure": "mean", "y": "api00"}
    for estimates, zh, en in (
        ([], "estimates：一项也没有", "estimates: there is none"),
        ([asked, asked], "编号 m 出现不止一次", "the id m stands more than once"),
    ):
        with pytest.raises(NotMeasurable) as refused:
            answered(tmp_path, *estimates)
        assert zh in refused.value.zh and en in refused.value.en


def test_yaml_that_is_none_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "request.yaml").write_text("data: a.csv\nestimates: [\n", "utf-8")
    with pytest.raises(NotMeasurable, match="第 3 行"):
        answer_request(tmp_path / "request.yaml")


def test_every_measure_says_what_it_is_in_both_languages() -> None:
    assert all(one.zh and one.en and one.required for one in MEASURES.values())


def test_small_areas_are_told_one_by_one_as_published(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "data" / "sae_milk.csv", tmp_path)
    majors = [f"MajorArea = {number}" for number in (2, 3, 4)]
    asked = {"id": "a", "measure": "fay_herriot", "y": "yi", "variance": "SD * SD", "x": majors, "area": "SmallArea"}
    (tmp_path / "r.yaml").write_text(yaml.safe_dump({"data": "sae_milk.csv", "estimates": [asked]}), "utf-8")
    entries = answer_request(tmp_path / "r.yaml")
    areas = {entry["group"]: entry for entry in entries if entry["component"] is None}
    betas = [entry["estimate"] for entry in entries if entry["component"]]
    for one in published():
        if one.measure == "fh_reml_beta":
            one.check(betas[int(one.id[-1])])
        elif one.set == "fh_milk":
            found = areas[int(one.id.rpartition("_")[2])]
            one.check(found["estimate"] if one.measure == "fh_reml_eblup" else found["se"] ** 2)


@pytest.mark.parametrize("method", ["brewer", "overton", "hartley_rao"])
def test_units_of_equal_chances_are_a_simple_sample_whatever_the_method(tmp_path: Path, method: str) -> None:
    (tmp_path / "data.csv").write_text("y,chance,size\n" + "".join(f"{y},0.25,40\n" for y in range(10)), "utf-8")
    answers = []
    for design in ({"pps": {"method": method, "prob": "chance"}}, {"fpc": "size"}):
        request = {"data": "data.csv", **design, "estimates": [{"id": "m", "measure": "mean", "y": "y"}]}
        (tmp_path / "r.yaml").write_text(yaml.safe_dump(request), "utf-8")
        answers += answer_request(tmp_path / "r.yaml")
    assert answers[0]["estimate"] == answers[1]["estimate"] == 4.5
    assert answers[0]["se"] == pytest.approx(answers[1]["se"], rel=1e-9 if method == "brewer" else 0.05)


def test_a_standard_stands_for_its_arguments_and_what_is_written_beside_it_counts(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("food,water\nTRUE,TRUE\nFALSE,TRUE\nFALSE,FALSE\nTRUE,\n", "utf-8")
    standard = {
        "indicators": {"food": "NOT food", "water": "NOT water"},
        "weights": {"food": "1/2", "water": "1/2"},
        "k": ["1/2", "1"],
        "missing": "drop",
    }

    def asked(**beside: Any) -> dict[str, float]:
        estimate = {"id": "m", "measure": "af", "standard": "two", **beside}
        (tmp_path / "request.yaml").write_text(yaml.safe_dump({"data": "data.csv", "estimates": [estimate]}), "utf-8")
        entries = answer_request(tmp_path / "request.yaml", {"two": standard}.get)
        return {entry["component"]: entry["estimate"] for entry in entries}

    found = asked()
    assert (found["H@1/2"], found["H@1"]) == (pytest.approx(2 / 3), pytest.approx(1 / 3))
    assert asked(k=1)["H"] == pytest.approx(1 / 3)
    with pytest.raises(NotMeasurable, match="there is no standard 'three'"):
        asked(standard="three")
