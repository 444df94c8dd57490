"""A rule beside another: whom it reaches, whom it misses, and what changes when points, quota, line or money do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from jingzhun.measurement.answering import answer_request
from jingzhun.measurement.design import survey_design
from jingzhun.measurement.estimate import estimated
from jingzhun.measurement.fault import NotMeasurable
from jingzhun.measurement.what_if import Rule, WhatIf, outcome, what_if

INCOME = np.array([10.0, 20, 30, 40, 50, 60, 70, 80])
ILL, ROOF = np.array([1, 0, 1, 0, 1, 0, 0, 0]), np.array([1, 1, 0, 1, 0, 0, 0, 1])
CRITERIA = {"ill": ILL, "roof": ROOF}
ONES = np.ones(8)
NOW = Rule({"ill": 2, "roof": 1}, quota=0.25, line=35.0, transfer=10.0)


def beside(**other: Any) -> WhatIf:
    return what_if(INCOME, CRITERIA, ONES, NOW, replace(NOW, **other))


def test_the_highest_scores_are_helped_up_to_the_quota() -> None:
    """Scores 3, 1, 2, 1, 2, 0, 0, 1: the first and, of two with the same score, the earlier."""
    found = outcome(INCOME, CRITERIA, ONES, NOW)
    assert np.flatnonzero(found.helped).tolist() == [0, 2]
    assert (found.tied, found.cost) == (1, 20)
    assert {name: measured.value for name, measured in found.measures.items()} == pytest.approx(
        {
            "helped": 0.25,
            "poor": 3 / 8,
            "poor_after": 2 / 8,
            "gap": (25 + 15 + 5) / 35 / 8,
            "gap_after": (15 + 15) / 35 / 8,
            "exclusion_error": 1 / 3,
            "inclusion_error": 0,
        }
    )


def test_another_line_changes_who_is_poor_and_not_who_is_helped() -> None:
    found = beside(line=55.0)
    assert not found.entering.any() and not found.leaving.any()
    assert found.change["poor"].value == pytest.approx(2 / 8)
    assert found.change["exclusion_error"].value == pytest.approx(3 / 5 - 1 / 3)


def test_a_larger_quota_lets_people_in_and_nobody_out() -> None:
    found = beside(quota=0.5)
    assert np.flatnonzero(found.entering).tolist() == [1, 4]
    assert not found.leaving.any()
    assert found.change["helped"].value == 0.25
    assert found.change["exclusion_error"].value == pytest.approx(-1 / 3)
    assert found.change["inclusion_error"].value == pytest.approx(1 / 4)


def test_other_points_help_others() -> None:
    found = beside(points={"ill": 1, "roof": 2})
    assert np.flatnonzero(found.entering).tolist() == [1]
    assert np.flatnonzero(found.leaving).tolist() == [2]
    assert found.change["exclusion_error"].value == 0


def test_another_transfer_changes_what_comes_after_only() -> None:
    found = beside(transfer=25.0)
    assert found.change["poor"].value == found.change["exclusion_error"].value == 0
    assert found.change["poor_after"].value == pytest.approx(-1 / 8)
    assert found.then.cost == 50


def test_a_change_has_the_error_of_a_difference_and_not_of_two_samples() -> None:
    draw = np.random.default_rng(3)
    income, seen = draw.lognormal(3, 0.6, 400), draw.integers(0, 3, 400)
    design = survey_design(draw.integers(1, 5, 400), psu=np.arange(400) // 8)
    one = Rule({"seen": 1}, 0.3, 15.0)
    found = what_if(income, {"seen": seen}, design.weights, one, replace(one, line=16.0))
    change = estimated(found.change["poor"], design)
    between = (income >= 15) & (income < 16)
    share = float(design.weights @ between / design.weights.sum())
    assert change.estimate == pytest.approx(share, rel=1e-12)
    first, second = (estimated(rule.measures["poor"], design) for rule in (found.now, found.then))
    assert change.se is not None and first.se is not None and second.se is not None
    assert change.se < 0.7 * np.hypot(first.se, second.se)


REFUSED: dict[str, tuple[Callable[[], object], str, str]] = {
    "a quota above all": (lambda: beside(quota=1.5), "quota：1.5", "quota: 1.5 must be above 0"),
    "a quota of nobody": (lambda: beside(quota=0.01), "没有人受助", "nobody is helped"),
    "points of another name": (lambda: beside(points={"ill": 1}), "分值和评分项对不上：roof", "do not fit: roof"),
    "a criterion that is missing": (
        lambda: what_if(INCOME, {"ill": np.where(ILL == 1, np.nan, 0), "roof": ROOF}, ONES, NOW, NOW),
        "criteria.ill：3 行缺值，无从评分（行 0、2、4，",
        "criteria.ill: 3 rows lack a value and cannot be scored (rows 0, 2, 4,",
    ),
    "a line of nothing": (lambda: beside(line=0), "line：8 行没有大于 0 的贫困线", "line: 8 rows have no line above 0"),
    "a negative transfer": (lambda: beside(transfer=-5), "transfer：8 行为负", "transfer: 8 rows are negative"),
    "nobody poor": (lambda: beside(line=5), "poor：范围内的合计为 0", "poor: its total in the domain is 0"),
}


@pytest.mark.parametrize(("ask", "zh", "en"), REFUSED.values(), ids=REFUSED)
def test_a_rule_that_cannot_be_meant_is_refused(ask: Callable[[], object], zh: str, en: str) -> None:
    with pytest.raises(NotMeasurable) as refused:
        ask()
    assert zh in refused.value.zh
    assert en in refused.value.en


DATA = "y,ill,roof,year,area\n" + "".join(
    f"{y:g},{ill},{roof},{2014 if at % 2 else 2018},{'AB'[at // 4]}\n"
    for at, (y, ill, roof) in enumerate(zip(INCOME, ILL, ROOF, strict=True))
)


def answered(folder: Path, **asked: Any) -> dict[tuple[Any, str], dict[str, Any]]:
    (folder / "data.csv").write_text(DATA, "utf-8")
    (folder / "r.yaml").write_text(yaml.safe_dump({"data": "data.csv", "estimates": [{"id": "m", **asked}]}), "utf-8")
    return {(entry["group"], entry["component"]): entry for entry in answer_request(folder / "r.yaml")}


def test_a_request_asks_what_would_be(tmp_path: Path) -> None:
    rule = {"points": {"ill": 2, "roof": 1}, "quota": 0.25, "line": 35}
    asked = {"measure": "what_if", "y": "y", "criteria": {"ill": "ill", "roof": "roof"}, "now": rule}
    found = answered(tmp_path, **asked, then={"quota": 0.5})
    assert found[None, "exclusion_error.now"]["estimate"] == pytest.approx(1 / 3)
    assert found[None, "exclusion_error.change"]["estimate"] == pytest.approx(-1 / 3)
    assert found[None, "poor.change"]["se"] == 0
    for then, zh in (({"quote": 0.5}, "对不上的有 quote"), ({"quota": "half"}, "quota 应为一个数")):
        with pytest.raises(NotMeasurable, match=zh):
            answered(tmp_path, **asked, then=then)


def test_a_request_asks_for_changes_and_for_the_parts_of_groups(tmp_path: Path) -> None:
    asked = {"indicators": {"ill": "ill = 1", "roof": "roof = 1"}, "k": 1}
    found = answered(tmp_path, measure="af_change", before="year = 2018", after="year = 2014", years=4, **asked)
    assert found[None, "H.absolute"]["estimate"] == pytest.approx(3 / 4 - 3 / 4)
    assert found[None, "headcount.ill.relative"]["estimate"] == pytest.approx(-1)
    assert found[None, "M0.annual"]["se"] > 0
    groups = answered(tmp_path, measure="af_groups", groups="area", **asked)
    assert {group: entry["estimate"] for (group, _), entry in groups.items()} == pytest.approx({"A": 5 / 7, "B": 2 / 7})
