"""Eurostat's indicators of the Austrian sample come out as published: for all, by province, and by age and sex."""

from __future__ import annotations

import re

import numpy as np
import pytest

from jingzhun.measurement.inequality import gini, quintile_share_ratio
from jingzhun.measurement.measured import Flags
from jingzhun.measurement.poverty import fgt, median_line, relative_median_gap
from jingzhun.measurement.quantiles import quantile
from tests.measurement.published import Published, columns, numbers, of_sets

FILE = "eusilc.csv"


def domain(params: str) -> Flags:
    """The rows that the published value is about."""
    if by := re.search(r"db040=([^;]+)", params):
        return columns(FILE)["db040"] == by[1]
    if by := re.search(r"\[(-?\d+),(\d+|Inf)\):(\w+)", params):
        age = numbers(FILE, "age")
        return (age >= float(by[1])) & (age < float(by[2])) & (columns(FILE)["rb090"] == by[3])
    return np.ones(len(columns(FILE)["age"]), np.bool_)


def found(one: Published) -> float:
    y, weights, inside = numbers(FILE, "eqincome"), numbers(FILE, "rb050"), domain(one.params)
    fraction = float(share[1]) if (share := re.search(r"p=(0?\.\d+)", one.params)) else 0.6
    match one.measure:
        case "weighted_quantile":
            return quantile(y, weights, fraction).value
        case "arpt":
            return float(median_line(y, weights, fraction).value[0])
        case "arpr_pct":
            return 100 * fgt(y, weights, median_line(y, weights, fraction), domain=inside).value
        case "rmpg_pct":
            return 100 * relative_median_gap(y, weights, median_line(y, weights, fraction), inside).value
        case "qsr":
            return quintile_share_ratio(y, weights, inside).value
        case "gini_pct":
            return 100 * gini(y, weights, inside).value
        case _:
            raise AssertionError(one.measure)


@pytest.mark.parametrize("one", of_sets("eusilc"))
def test_it_is_as_published(one: Published) -> None:
    one.check(found(one))
