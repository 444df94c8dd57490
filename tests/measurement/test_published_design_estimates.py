"""Single units, quantiles, design effects and small areas come out as R's survey and sae print them."""

from __future__ import annotations

import re

import numpy as np
import pytest

from jingzhun.measurement.design import Design, survey_design
from jingzhun.measurement.estimate import estimated, mean, simple_variance, total
from jingzhun.measurement.quantile_estimate import quantile_estimate
from jingzhun.measurement.small_area import FayHerriot, fay_herriot
from tests.measurement.published import Published, columns, numbers, of_sets, published

SCHOOLS, FIRMS, MILK = "apiclus1.csv", "kigyo.csv", "sae_milk.csv"


@pytest.mark.parametrize("one", of_sets("lonely"))
def test_a_stratum_with_one_unit_counts_as_its_policy_says(one: Published) -> None:
    district = columns(SCHOOLS)["dnum"]
    policy = re.search(r"lonely=(\w+)", one.params)
    assert policy
    sizes = np.where(district == "413", 1, 1000) if "fpc" in one.params else None
    design = survey_design(numbers(SCHOOLS, "pw"), strata=district, fpc=sizes, lonely_psu=policy[1])  # type: ignore[arg-type]
    found = estimated(mean(numbers(SCHOOLS, "api00"), design), design)
    assert found.se is not None
    one.check(found.se)


@pytest.mark.parametrize("one", of_sets("quantile"))
def test_a_quantile_has_the_interval_of_woodruff(one: Published) -> None:
    p = re.search(r"_q([0-9.]+)", one.id)
    assert p
    design = survey_design(numbers(SCHOOLS, "pw"), psu=columns(SCHOOLS)["dnum"], fpc=numbers(SCHOOLS, "fpc"))
    found = quantile_estimate(numbers(SCHOOLS, "api00"), design, float(p[1]))
    assert found.ci is not None and found.se is not None
    kind = one.measure.removeprefix("quantile").lstrip("_")
    one.check({"": found.estimate, "low": found.ci[0], "high": found.ci[1], "se": found.se}[kind])


@pytest.mark.parametrize("one", of_sets("deff"))
def test_a_design_effect_with_and_without_replacement(one: Published) -> None:
    y, weights = numbers(FIRMS, "uriage"), numbers(FIRMS, f"{one.id.partition('_')[0]}.w")
    design = survey_design(weights)
    measured = mean(y, design) if "mean" in one.id else total(y, design)
    found = estimated(measured, design)
    assert measured.influence is not None and found.se is not None
    if one.measure.endswith("replace"):
        simple = simple_variance(measured.influence, design, replacement=True)
        assert simple is not None
        one.check(found.se**2 / simple)
    else:
        assert found.deff is not None
        one.check(found.deff)


def milk() -> FayHerriot:
    area = columns(MILK)["MajorArea"]
    x = np.stack([np.ones(len(area)), *((area == kind).astype(float) for kind in ("2", "3", "4"))], axis=1)
    return fay_herriot(numbers(MILK, "yi"), x, numbers(MILK, "SD") ** 2)


@pytest.mark.parametrize("one", of_sets("fh_milk"))
def test_small_areas_borrow_strength_as_published(one: Published) -> None:
    found, number = milk(), int(re.findall(r"\d+", one.id)[-1])
    assert found.converged
    if one.measure == "fh_reml_beta":
        one.check(float(found.beta[number]))
        return
    at = int(np.flatnonzero(columns(MILK)["SmallArea"] == str(number))[0])
    one.check(float((found.eblup if one.measure == "fh_reml_eblup" else found.mse)[at]))


def test_every_published_value_of_designs_has_its_test() -> None:
    """A row added to the fixtures under a new set does not go unread."""
    assert {one.set for one in published()} >= {"api", "fpc", "fh_milk", "lonely", "quantile", "deff"}
    assert sum(one.set == "fh_milk" for one in published()) == 48


def test_a_wrong_published_value_would_be_noticed() -> None:
    one = next(one for one in published() if one.id == "reml_mse_1")
    with pytest.raises(AssertionError):
        one.check(one.value + 1.01 * one.tolerance)


def test_the_multistage_weights_follow_from_fpc() -> None:
    file = "apiclus2.csv"
    units, sizes = [columns(file)["dnum"], columns(file)["snum"]], [numbers(file, "fpc1"), numbers(file, "fpc2")]
    design: Design = survey_design(psu=units, fpc=sizes)
    assert design.weights == pytest.approx(numbers(file, "pw"), rel=1e-6)
