"""Weights follow from the draw, stand in for those who did not answer, and meet what the register knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from jingzhun.evaluation.evaluate import weight_rules
from jingzhun.evaluation.fault import NotEvaluable
from jingzhun.evaluation.places import Evidence, Place, arrays, gather
from jingzhun.evaluation.rates import EXITED, OUTSIDE
from jingzhun.evaluation.register import margins
from jingzhun.evaluation.weights import (
    Margins,
    Places,
    Weights,
    calibrated,
    degrees_of_freedom,
    neighbours,
    residuals,
    variance_design,
    weigh,
)
from jingzhun.measurement.variance import variance_of_total
from tests.evaluation import invented
from tests.evaluation.invented import code, evidence, register, report, visit, visits

RULES = weight_rules(invented.pack(), invented.AS_OF)


def weighed(given: Evidence, *, known: bool = False) -> tuple[Places, Weights]:
    places, _ = arrays(gather(given).places)
    _, totals = margins(register(), gather(given).places, frozenset({invented.COUNTY}))
    return places, weigh(places, RULES, totals if known else None)


def weights_of(given: Evidence) -> dict[str, float]:
    """The weight before calibration of each household drawn."""
    gathered = gather(given)
    _, weights = weighed(given)
    keys = [place.drawn["household_key"] for place in gathered.places]
    return dict(zip(keys, weights.responding.tolist(), strict=True))


def test_a_weight_is_one_over_both_chances() -> None:
    weights = weights_of(evidence())
    assert weights["0E00"] == pytest.approx(2 * 12 / 6)
    assert weights["4O03"] == pytest.approx(2 * 24 / 6)


def test_a_replacement_takes_the_place_of_the_household_it_stands_in_for() -> None:
    away = {"0E00": {"outcome": "无人在家", "acknowledged": None}}
    given = evidence(visits(away, [visit("0E06", replaces="0E00", replace_reason="无人在家")]))
    gathered = gather(given)
    place = next(one for one in gathered.places if one.drawn["household_key"] == "0E00")
    assert place.answering is not None and place.answering["household_key"] == "0E06"
    assert weights_of(given) == pytest.approx(weights_of(evidence()))


def test_a_replacement_may_be_replaced_in_its_turn() -> None:
    away = {"0E00": {"outcome": "无人在家", "acknowledged": None}}
    more = [visit("0E06", "拒访", replaces="0E00"), visit("0E07", replaces="0E06")]
    gathered = gather(evidence(visits(away, more)))
    place = next(one for one in gathered.places if one.drawn["household_key"] == "0E00")
    assert place.answering is not None and place.answering["household_key"] == "0E07"


def test_two_households_that_replace_each_other_do_not_hang_the_evaluation() -> None:
    more = [visit("0E06", replaces="0E07"), visit("0E07", replaces="0E06")]
    assert [remark.id for remark in gather(evidence(visits(more=more))).remarks] == ["circle"]


def test_the_order_of_visits_does_not_matter_to_a_chain_of_replacements() -> None:
    away = {"0E00": {"outcome": "无人在家", "acknowledged": None}}
    later = visit("0E06", "拒访", replaces="0E00", visited_on=date(2019, 3, 5))
    gathered = gather(evidence(visits(away, [visit("0E07", replaces="0E06"), later])))
    place = next(one for one in gathered.places if _key(one) == "0E00")
    assert place.answering is not None and place.answering["household_key"] == "0E07"
    assert not gathered.remarks


def test_those_who_answered_stand_for_those_of_their_stratum_who_did_not() -> None:
    refused = {one: {"outcome": "拒访", "acknowledged": None} for one in ("0E00", "1E00")}
    weights = weights_of(evidence(visits(refused)))
    assert weights["0E00"] == 0
    assert weights["0E01"] == pytest.approx(4 * 12 / 10), "poor villages: 12 exited households asked, 10 answered"
    assert weights["4E01"] == pytest.approx(4), "the other stratum answered in full"


def test_a_household_that_does_not_exist_is_no_refusal() -> None:
    weights = weights_of(evidence(visits({"0E00": {"outcome": "查无此户", "acknowledged": None}})))
    assert weights["0E01"] == pytest.approx(4)


def test_a_cell_with_too_few_answers_is_joined_with_the_next() -> None:
    refused = {f"{village}E{n:02d}": {"outcome": "拒访"} for village in (0, 1) for n in range(5)}
    given = evidence(visits(refused))
    weights = weights_of(given)
    assert weights["0E05"] == weights["4E00"] == pytest.approx(4 * 24 / 14)
    [line] = [one for one in report(given).responses if one.subject == "脱贫户"]
    assert (line.strata, line.asked, line.answered) == (("贫困村", "非贫困村"), 24, 14)


def test_neighbours_are_joined_within_their_family_only() -> None:
    counts = np.array([2.0, 9.0, 30.0, 1.0, 1.0, 40.0])
    family = np.array([0, 0, 0, 0, 1, 2])
    assert neighbours(counts, family, 10).tolist() == [0, 0, 1, 1, 2, 3]


def test_calibrated_weights_meet_every_known_total() -> None:
    refused = {f"0O{n:02d}": {"outcome": "拒访", "acknowledged": None} for n in range(3)}
    found = report(evidence(visits(refused)))
    assert len(found.margins) == 5
    for line in found.margins:
        assert line.after == pytest.approx(line.known, rel=1e-6)


def test_totals_that_contradict_the_sample_are_refused_with_the_margin_named() -> None:
    with pytest.raises(NotEvaluable, match="非建档立卡户") as told:
        report(known=register({OUTSIDE: 72 * 5}))
    assert "360" not in told.value.zh and "1,440" in told.value.zh, "the total of four villages"
    assert "persons outside the register" in told.value.en


def test_a_margin_nobody_answered_for_is_joined_with_its_neighbour() -> None:
    known = register()
    late = replace(known.groups[0], year=2017, persons=6)
    report_of = report(known=replace(known, groups=(*known.groups, late)))
    first = report_of.margins[0]
    assert [name.en for name in first.names] == [
        "测试县: persons who left in 2017",
        "测试县: persons who left in 2018",
    ]


def test_a_subject_that_hardly_anybody_answered_for_is_not_calibrated_and_said() -> None:
    away = {f"{village}P{n:02d}": {"outcome": "拒访", "acknowledged": None} for village in (0, 1, 4, 5) for n in (0, 1)}
    found = report(evidence(visits(away)))
    assert found.margins and not [name for line in found.margins for name in line.names if "未脱贫户" in name.zh]
    [remark] = [one for one in found.remarks if one.id == "not_calibrated"]
    assert "未脱贫户人口 贫困村" in remark.zh


def test_weights_stay_within_the_bounds_of_the_pack() -> None:
    people = np.full(40, 5.0)
    columns = np.array([np.repeat([0, 1], 20)])
    ratio = calibrated(people, columns, np.array([100.0 * 0.4, 100.0 * 2.9]), (0.3, 3.0))
    assert ratio.min() == pytest.approx(0.4) and ratio.max() == pytest.approx(2.9)


def test_a_whole_census_that_everybody_answered_has_no_sampling_error() -> None:
    places, weights = census()
    values = np.arange(places.count, dtype=np.float64)
    assert np.allclose(weights.final, 1)
    assert variance_of_total(values, variance_design(places, weights.final)) == pytest.approx(0, abs=1e-18)


def census() -> tuple[Places, Weights]:
    whole = [dict(row, chance_whole=row["chance_part"]) for row in invented.households()]
    all_villages = [dict(row, chance_whole=1, certain=True) for row in invented.villages()]
    return weighed(evidence(villages_=all_villages, households_=whole))


def test_the_variance_of_two_stages_is_that_of_the_textbook() -> None:
    """Cochran (1977) 10.3: villages with equal chances, n of N, and within them m of M, by its own formula."""
    places, weights = weighed(evidence())
    draw = np.random.default_rng(3)
    exited = places.subject == EXITED
    values = np.where(exited, draw.normal(10, 4, places.count), 0.0)
    found = variance_of_total(values, variance_design(places, weights.final))
    expected = 0.0
    for stratum in np.unique(places.stratum):
        totals, within = [], 0.0
        for village in np.unique(places.village[places.stratum == stratum]):
            y = values[exited & (places.village == village)]
            totals.append(12 * y.mean())
            within += 12 * (12 - 6) / 6 * y.var(ddof=1)
        expected += 4 * (4 - 2) / 2 * np.var(totals, ddof=1) + 4 / 2 * within
    assert found == pytest.approx(expected)


def test_calibration_takes_out_of_the_variance_what_known_totals_explain() -> None:
    places, weights = weighed(evidence(), known=True)
    outside = np.where(places.subject == OUTSIDE, places.persons, 0.0)
    assert np.allclose(residuals(outside, places, weights), 0), "a known total has no error"
    noise = np.random.default_rng(1).normal(size=places.count)
    assert residuals(noise, places, weights).std() > 0.5


def test_villages_taken_with_certainty_give_no_degree_of_freedom_beside_drawn_ones() -> None:
    places, _ = weighed(evidence())
    everywhere = np.ones(places.count, np.bool_)
    assert degrees_of_freedom(places, everywhere) == 2
    certain = replace(places, certain=places.village < 2)
    assert degrees_of_freedom(certain, everywhere) == 1
    whole, _ = census()
    assert degrees_of_freedom(whole, everywhere) == whole.count - 12


def test_a_sample_without_margins_keeps_its_weights() -> None:
    places, _ = weighed(evidence())
    empty = Margins(np.zeros((0, places.count), np.int64), np.zeros(0), np.zeros(0, np.int64))
    assert np.array_equal(weigh(places, RULES, empty).final, weigh(places, RULES).final)


def test_villages_of_the_report_are_those_drawn() -> None:
    assert [one.region for one in report().villages] == [code(village) for village in (0, 1, 4, 5)]


def test_a_replacement_that_is_not_there_does_not_make_the_household_drawn_gone() -> None:
    refused = {"0E00": {"outcome": "拒访"}}
    away = invented.visit("0E06", "查无此户", replaces="0E00", visited_on=date(2019, 3, 2))
    place = next(one for one in gather(evidence(visits(refused, [away]))).places if _key(one) == "0E00")
    assert place.answering is None
    assert not place.gone


def _key(place: Place) -> str:
    return str(place.drawn["household_key"])
