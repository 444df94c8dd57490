"""Alkire and Foster's own example and a published index of two areas come out as printed."""

from __future__ import annotations

import re

import numpy as np
import pytest

from jingzhun.measurement.deprivation import Profile, alkire_foster, m_alpha, profile
from tests.measurement.published import Published, columns, numbers, of_sets

MATRIX = "mpindex_deprivation_matrix.csv"
SIXTH, EIGHTEENTH = ("nutrition", "child_mortality", "year_schooling", "school_attendance"), (
    "cooking_fuel", "sanitation", "drinking_water", "electricity", "housing", "assets",
)  # fmt: skip
GLOBAL_MPI = dict.fromkeys(SIXTH, "1/6") | dict.fromkeys(EIGHTEENTH, "1/18")
ACHIEVED = np.array([[13.1, 14, 4, 1], [15.2, 7, 5, 0], [12.5, 10, 1, 0], [20, 11, 3, 1]])
CUT_OFFS = np.array([13, 12, 3, 1])
FOUR = ("income", "schooling", "health", "water")


def of_areas() -> Profile:
    return profile({name: numbers(MATRIX, name) for name in GLOBAL_MPI}, GLOBAL_MPI)


@pytest.mark.parametrize("one", of_sets("mpindex"))
def test_the_index_of_an_area_is_as_published(one: Published) -> None:
    area = re.search(r"class=(\w+)", one.params)
    assert area
    found = alkire_foster(of_areas(), np.ones(len(numbers(MATRIX, "assets"))), "1/3", columns(MATRIX)["cls"] == area[1])
    indicator = one.params.partition(";")[0]
    name = {
        "uncensored_headcount": f"headcount.{indicator}",
        "censored_headcount": f"censored.{indicator}",
        "contribution_pct": f"contribution.{indicator}",
    }.get(one.measure, one.measure)
    one.check(found[name].value * (100 if one.measure.endswith("pct") else 1))


@pytest.mark.parametrize("one", of_sets("af2011"))
def test_the_example_of_four_people_is_as_published(one: Published) -> None:
    lacks = ACHIEVED < CUT_OFFS
    of = profile({name: lacks[:, at] for at, name in enumerate(FOUR)})
    everybody = np.ones(4)
    if one.measure in ("M1", "M2"):
        gaps = {name: 1 - ACHIEVED[:, at] / CUT_OFFS[at] for at, name in enumerate(FOUR)}
        one.check(m_alpha(of, gaps, everybody, 2, int(one.measure[1])).value)
        return
    one.check(alkire_foster(of, everybody, 2)[one.measure].value)
