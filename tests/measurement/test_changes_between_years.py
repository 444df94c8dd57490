"""A change of multidimensional poverty has the error of its design, and a group's part of it the one it should."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingzhun.measurement.changes import Changes, changed, changed_apart
from jingzhun.measurement.deprivation import alkire_foster, profile, subgroup_contributions
from jingzhun.measurement.design import Design, survey_design
from jingzhun.measurement.estimate import estimated
from jingzhun.measurement.fault import NotMeasurable
from jingzhun.measurement.measured import Floats, Measured
from tests.measurement.samples import quick

K, WEIGHTS = "1/2", {"a": "1/2", "b": "1/4", "c": "1/4"}


class TwoYears:
    """People of two years in 12 villages of 3 townships, who lack more where their village does."""

    def __init__(self, seed: int) -> None:
        draw = np.random.default_rng(seed)
        n = 240
        self.year = np.repeat([2014, 2018], n // 2)
        self.village = np.tile(np.arange(n // 2) % 12, 2)
        depth = np.clip(0.5 + draw.normal(0, 0.15, 12)[self.village] - 0.1 * (self.year == 2018), 0.1, 0.9)
        self.lacks = {name: (draw.random(n) < depth).astype(np.float64) for name in WEIGHTS}
        self.weights = draw.integers(1, 9, n).astype(np.float64)

    def measure(self, name: str, year: int, weights: Floats | None = None) -> Measured:
        of = profile(self.lacks, WEIGHTS)
        return alkire_foster(of, self.weights if weights is None else weights, K, self.year == year)[name]

    def change(self, name: str, weights: Floats | None = None) -> Changes:
        return changed(self.measure(name, 2014, weights), self.measure(name, 2018, weights), 4)

    def together(self) -> Design:
        """The same villages in both years."""
        return survey_design(self.weights, strata=self.village % 3, psu=self.village)

    def apart(self) -> Design:
        """Other villages every year: strata and numbers of their own."""
        return survey_design(self.weights, strata=self.year * 10 + self.village % 3, psu=self.village, nest=True)

    def of_year(self, year: int) -> tuple[Measured, Design]:
        inside = self.year == year
        of = profile({name: values[inside] for name, values in self.lacks.items()}, WEIGHTS)
        village = self.village[inside]
        design = survey_design(self.weights[inside], strata=village % 3, psu=village)
        return alkire_foster(of, self.weights[inside], K)["M0"], design


@pytest.mark.parametrize("name", ["H", "A", "M0", "headcount.a", "censored.b", "contribution.a"])
def test_every_change_moves_with_a_weight_as_its_influence_says(name: str) -> None:
    people, step = TwoYears(1), 1e-5
    found = people.change(name)
    for row in range(0, 240, 17):
        by = np.zeros(240)
        by[row] = step
        above, below = people.change(name, people.weights + by), people.change(name, people.weights - by)
        for part in ("absolute", "relative", "annual"):
            slope = (getattr(above, part).value - getattr(below, part).value) / (2 * step)
            influence = getattr(found, part).influence
            assert influence is not None
            assert influence[row] == pytest.approx(slope, rel=1e-4, abs=1e-8)


@quick
@given(seed=st.integers(0, 10_000))
def test_two_samples_apart_are_one_design_whose_strata_are_of_a_year(seed: int) -> None:
    people = TwoYears(seed)
    apart = changed_apart(*people.of_year(2014), *people.of_year(2018), 4)
    design = people.apart()
    for part in ("absolute", "relative", "annual"):
        one, other = getattr(apart, part), estimated(getattr(people.change("M0"), part), design)
        assert one.estimate == pytest.approx(other.estimate, rel=1e-12)
        assert one.se == pytest.approx(other.se, rel=1e-9)
        assert one.df == other.df
        assert one.ci == pytest.approx(other.ci, rel=1e-9)


def test_what_a_village_has_in_common_in_both_years_is_no_change() -> None:
    """Nothing changed and nobody moved: the change is 0 without doubt where villages are the same, and with it where
    they were drawn anew."""
    people = TwoYears(2)
    half = len(people.year) // 2
    people.lacks = {name: np.tile(values[:half], 2) for name, values in people.lacks.items()}
    people.weights = np.tile(people.weights[:half], 2)
    absolute = people.change("M0").absolute
    same, anew = estimated(absolute, people.together()), estimated(absolute, people.apart())
    assert (same.estimate, same.se) == (0, pytest.approx(0, abs=1e-12))
    assert anew.se is not None and anew.se > 0.01
    one, _ = people.of_year(2014)
    alone = estimated(*people.of_year(2014)).se
    assert alone is not None and one.value > 0
    assert anew.se == pytest.approx(math.sqrt(2) * alone, rel=1e-9)


def test_where_nothing_is_left_the_yearly_rate_has_no_error() -> None:
    before, after = Measured(0.2, np.array([0.1, -0.1]), {}), Measured(0.0, np.zeros(2), {"missing": 1})
    found = changed(before, after, 2)
    assert found.annual.value == -1 and found.annual.influence is None
    assert found.relative.influence is not None
    assert found.absolute.left_out == {"missing": 1}


def test_what_has_no_change_is_refused() -> None:
    some, none = Measured(0.2, np.zeros(2), {}), Measured(0.0, np.zeros(2), {})
    with pytest.raises(NotMeasurable, match="起始值和年数应大于 0"):
        changed(none, some, 2)
    with pytest.raises(NotMeasurable, match="use changed_apart"):
        changed(some, Measured(0.1, np.zeros(3), {}), 2)


@quick
@given(seed=st.integers(0, 10_000))
def test_parts_of_groups_add_up_and_follow_from_each_groups_index(seed: int) -> None:
    people = TwoYears(seed)
    of, group = profile(people.lacks, WEIGHTS), people.village % 3
    parts = subgroup_contributions(of, people.weights, K, group, 3)
    whole = alkire_foster(of, people.weights, K)["M0"].value
    assert sum(part.value for part in parts) == pytest.approx(1, rel=1e-12)
    assert sum(part.influence for part in parts if part.influence is not None) == pytest.approx(
        np.zeros(240), abs=1e-15
    )
    for at, part in enumerate(parts):
        own = alkire_foster(of, people.weights, K, group == at)["M0"].value
        share = people.weights[group == at].sum() / people.weights.sum()
        assert part.value == pytest.approx(share * own / whole, rel=1e-12)


def test_a_groups_part_moves_with_a_weight_as_its_influence_says() -> None:
    people, step = TwoYears(4), 1e-5
    of, group = profile(people.lacks, WEIGHTS), people.village % 3
    found = subgroup_contributions(of, people.weights, K, group, 3)
    for row in range(0, 240, 13):
        by = np.zeros(240)
        by[row] = step
        above, below = (subgroup_contributions(of, people.weights + sign * by, K, group, 3) for sign in (1, -1))
        for at, part in enumerate(found):
            assert part.influence is not None
            slope = (above[at].value - below[at].value) / (2 * step)
            assert part.influence[row] == pytest.approx(slope, rel=1e-4, abs=1e-9)


def test_parts_of_what_is_not_there_are_refused() -> None:
    of = profile({"a": [0, 0], "b": [0, 1]})
    with pytest.raises(NotMeasurable, match="nobody is poor"):
        subgroup_contributions(of, [1, 1], 2, np.array([0, 1]), 2)
    with pytest.raises(NotMeasurable, match="groups：应为 2 个小于 2 的整数"):
        subgroup_contributions(of, [1, 1], 1, np.array([0, 2]), 2)
