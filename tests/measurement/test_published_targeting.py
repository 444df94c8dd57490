"""The ten people of the World Bank's book on targeting: errors of four schemes, and what their money does."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from jingzhun.measurement.inequality import gini
from jingzhun.measurement.targeting import exclusion_error, inclusion_error, simulate
from tests.measurement.published import Published, of_sets

INCOME = np.array([6, 8, 11, 15, 21, 25, 30, 40, 50, 100], np.float64)
EVERYBODY = np.ones(10)
LINE = 20.0


def transfer(params: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """What each of the ten is paid."""
    found = re.search(r"transfer (\d+)(?: each)?(?: to persons ([\d,]+))?", params)
    assert found
    paid = np.zeros(10)
    paid[[int(person) - 1 for person in found[2].split(",")] if found[2] else slice(None)] = float(found[1])
    return paid


@pytest.mark.parametrize("one", of_sets("targeting"))
def test_it_is_as_published(one: Published) -> None:
    if "_EE_" in one.id or "_IE_" in one.id:
        poor = INCOME < LINE if one.id.endswith("PL") else np.arange(10) < 2
        helped = np.isin(np.arange(1, 11), json.loads(one.params.partition("=")[2]))
        error = exclusion_error if "_EE_" in one.id else inclusion_error
        one.check(100 * error(poor, helped, EVERYBODY).value)
        return
    if one.id == "income_gap_total":
        one.check(simulate(INCOME, EVERYBODY, EVERYBODY, LINE).gap_before)
        return
    paid = transfer(one.params)
    if "gini" in one.id:
        one.check(100 * (1 - gini(INCOME + paid, EVERYBODY).value / gini(INCOME, EVERYBODY).value))
        return
    effect = simulate(INCOME, paid, EVERYBODY, LINE)
    one.check(100 * effect.gap_reduction if one.measure == "pct" else effect.benefit_per_cost)
