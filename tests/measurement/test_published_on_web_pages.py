"""Standard errors of poverty and inequality, and cells of a table, come out as web pages of R's packages print them."""

from __future__ import annotations

import numpy as np
import pytest

from jingzhun.measurement.design import Design, survey_design
from jingzhun.measurement.estimate import estimated, mean, total
from jingzhun.measurement.inequality import gini, quintile_share_ratio
from jingzhun.measurement.measured import Measured
from jingzhun.measurement.poverty import (
    at_risk_rate,
    at_risk_threshold,
    fgt,
    given_line,
    mean_line,
    median_line,
    median_of_poor,
    relative_median_gap,
)
from tests.measurement.published import Published, columns, numbers, of_sets

PEOPLE, SCHOOLS = "eusilc.csv", "apiclus1.csv"


def measured(name: str) -> Measured:
    """A measure of the Austrian sample as ``convey`` defines it."""
    y, weights = numbers(PEOPLE, "eqincome"), numbers(PEOPLE, "rb050")
    line = median_line(y, weights, 0.6)
    match name.split("."):
        case ["arpt"]:
            return at_risk_threshold(y, weights)
        case ["arpr"]:
            return at_risk_rate(y, weights)
        case ["rmpg"]:
            return relative_median_gap(y, weights, line)
        case ["poormed"]:
            return median_of_poor(y, weights, line)
        case ["qsr"]:
            return quintile_share_ratio(y, weights, form="convey")
        case ["gini"]:
            return gini(y, weights, form="convey")
        case [index, kind]:
            lines = {"abs": given_line(10_000, len(y)), "relq": line, "relm": mean_line(y, weights, 0.6)}
            return fgt(y, weights, lines[kind], int(index[3]))
    raise AssertionError(name)


def sample(params: str) -> Design:
    weights, (_, stratum) = numbers(PEOPLE, "rb050"), np.unique(columns(PEOPLE)["db040"], return_inverse=True)
    return survey_design(
        weights, strata=stratum, fpc=np.bincount(stratum, weights)[stratum] if "fpc" in params else None
    )


@pytest.mark.parametrize("one", of_sets("convey"))
def test_a_measure_and_its_error_are_as_convey_prints_them(one: Published) -> None:
    name, unit = one.measure.removesuffix(".se").rsplit(".", 1)
    found = estimated(measured(name), sample(one.params))
    assert found.se is not None
    one.check((found.se if one.measure.endswith(".se") else found.estimate) * (100 if unit == "pct" else 1))


@pytest.mark.parametrize("one", of_sets("api_pages"))
def test_a_cell_of_a_table_is_as_survey_prints_it(one: Published) -> None:
    design = survey_design(numbers(SCHOOLS, "pw"), psu=columns(SCHOOLS)["dnum"], fpc=numbers(SCHOOLS, "fpc"))
    asked = dict(part.split("=") for part in one.params.split(";"))
    if "y" in asked:
        y = numbers(SCHOOLS, asked["y"])
    else:
        y = np.logical_and.reduce([columns(SCHOOLS)[name] == value for name, value in asked.items()]).astype(np.float64)
    found = estimated((total if one.measure.startswith("total") else mean)(y, design), design)
    assert found.se is not None
    one.check(found.se if one.measure.endswith("_se") else found.estimate)


def test_the_two_forms_of_the_share_ratio_differ_in_the_third_digit_of_the_error() -> None:
    y, weights = numbers(PEOPLE, "eqincome"), numbers(PEOPLE, "rb050")
    one, other = (estimated(quintile_share_ratio(y, weights, form=form), sample("")) for form in ("standard", "convey"))
    assert one.estimate == other.estimate
    assert one.se == pytest.approx(other.se, rel=2e-3)
    assert one.se != pytest.approx(other.se, rel=5e-4)
