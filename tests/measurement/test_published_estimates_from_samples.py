"""Means, totals and ratios of published samples come out as printed, and so do their standard errors."""

from __future__ import annotations

import re

import numpy as np
import pytest

from jingzhun.measurement.design import Design, survey_design
from jingzhun.measurement.domains import domain_estimates
from jingzhun.measurement.estimate import Estimate, estimated, mean, ratio, total
from jingzhun.measurement.measured import Flags
from tests.measurement.published import Published, columns, numbers, of_sets

SCHOOLS = {"strat": "apistrat.csv", "clus1": "apiclus1.csv", "clus2": "apiclus2.csv", "clus2wr": "apiclus2.csv"}
FPC = "fpc.csv"


def school_design(name: str) -> Design:
    """The samples of Californian schools that R's ``survey`` is explained with."""
    file = SCHOOLS[name]
    match name:
        case "strat":
            return survey_design(numbers(file, "pw"), strata=columns(file)["stype"], fpc=numbers(file, "fpc"))
        case "clus1":
            return survey_design(numbers(file, "pw"), psu=columns(file)["dnum"], fpc=numbers(file, "fpc"))
        case "clus2":
            units = [columns(file)["dnum"], columns(file)["snum"]]
            return survey_design(numbers(file, "pw"), psu=units, fpc=[numbers(file, "fpc1"), numbers(file, "fpc2")])
        case _:
            return survey_design(numbers(file, "pw"), psu=columns(file)["dnum"])


def of_schools(one: Published) -> Estimate:
    found = re.fullmatch(r"(strat|clus1|clus2wr|clus2)_(.+)_(?:est|se)", one.id)
    assert found
    name, what = found.groups()
    file, design = SCHOOLS[name], school_design(name)
    kind = columns(file)["stype"]
    if by := re.fullmatch(r"by_([EHM])_(\w+)", what):
        inside = kind == by[1]
        return estimated(mean(numbers(file, by[2]), design, inside), design, inside)
    if of_kind := re.fullmatch(r"total_stype([EHM])", what):
        return estimated(total(kind == of_kind[1], design), design)
    if what.startswith("ratio"):
        inside = kind == "H" if what.endswith("_H") else np.ones(len(kind), np.bool_)
        return estimated(ratio(numbers(file, "api.stu"), numbers(file, "enroll"), design, inside), design, inside)
    measure = mean if what.startswith("mean") else total
    return estimated(measure(numbers(file, what.partition("_")[2]), design), design)


def of_fpc(one: Published) -> Estimate:
    x = numbers(FPC, "x")
    sizes = numbers(FPC, "Nh") if one.id.startswith("fpc") else None
    design = survey_design(
        numbers(FPC, "weight"), strata=columns(FPC)["stratid"], psu=columns(FPC)["psuid"], fpc=sizes, nest=True
    )
    inside: Flags = x > 4 if "gt4" in one.id else x <= 4 if "le4" in one.id else np.ones(len(x), np.bool_)
    return estimated(mean(x, design, inside), design, inside)


@pytest.mark.parametrize("one", of_sets("api", "fpc"))
def test_it_is_as_printed(one: Published) -> None:
    found = of_schools(one) if one.set == "api" else of_fpc(one)
    one.check(found.se if one.measure.endswith("_se") and found.se is not None else found.estimate)


def test_many_domains_at_once_are_the_same_as_one_after_the_other() -> None:
    design, kind = school_design("clus1"), columns("apiclus1.csv")["stype"]
    names, domains = np.unique(kind, return_inverse=True)
    y = numbers("apiclus1.csv", "meals")
    found = domain_estimates(y, domains, len(names), design)
    for number, name in enumerate(names):
        alone = estimated(mean(y, design, kind == name), design, kind == name)
        assert (found.estimate[number, 0], found.se[number, 0]) == pytest.approx((alone.estimate, alone.se), rel=1e-12)
