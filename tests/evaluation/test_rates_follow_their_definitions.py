"""The four rates by the official definitions, worked by hand, and as the design estimates them."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from jingzhun.evaluation.fault import NotEvaluable
from jingzhun.measurement.intervals import clopper_pearson
from tests.evaluation.invented import (
    COUNTY,
    case,
    code,
    evidence,
    households,
    register,
    report,
    result,
    villages,
    visits,
)

WRONG, OMITTED, MISPLACED = "疑似错退", "疑似漏评", "疑似错评"


def test_the_official_wrong_exit_rate_is_persons_upheld_over_persons_of_the_households_asked() -> None:
    found = result(report(evidence(cases=[case(1, "0E00", WRONG)])), "wrong_exit")
    [official] = found.official
    assert (official.above, official.below) == (3, 24 * 3)
    assert official.rate == pytest.approx(3 / 72)


def test_a_case_that_says_how_many_persons_counts_those_only() -> None:
    [official] = result(report(evidence(cases=[case(1, "0E00", WRONG, persons=1)])), "wrong_exit").official
    assert official.above == 1


def test_a_case_counts_no_more_persons_than_its_household_has() -> None:
    found = report(evidence(cases=[case(1, "0E00", WRONG, persons=500)]))
    [official] = result(found, "wrong_exit").official
    assert official.above == 3
    assert any(remark.id == "many" for remark in found.remarks)


def test_where_nobody_outside_the_register_answered_omission_and_composite_are_unknown_and_judged_by_nobody() -> None:
    away = {
        row["household_key"]: {"outcome": "无人在家", "acknowledged": None}
        for row in households()
        if row["subject"] == "非建档立卡户" and row["role"] == "样本"
    }
    found = report(evidence(visits(away)))
    for rate in ("omission", "composite"):
        one = result(found, rate)
        assert one.official[0].rate is None
        assert one.verdict is not None and one.verdict.by_point is None
    assert any(remark.id == "far_from_done" and "判定不能作数" in remark.zh for remark in found.remarks)


def test_a_ledger_of_which_no_row_came_is_said_and_one_that_came_is_not() -> None:
    assert any(remark.id == "no_cases" for remark in report(evidence(cases=[])).remarks)
    sent = report(evidence(cases=[case(1, "0E00", WRONG, "不属实")]))
    assert not any(remark.id == "no_cases" for remark in sent.remarks)


def test_the_official_omission_rate_is_over_all_persons_outside_the_register_of_the_villages_asked() -> None:
    national, surveyed = result(report(evidence(cases=[case(1, "4O00", OMITTED)])), "omission").official
    assert (national.above, national.below) == (3, 4 * 72)
    assert (surveyed.above, surveyed.below) == (3, 24 * 3), "the other reading: over those who were asked"
    assert national.source == "P9" and surveyed.source == "P10"


def test_approval_counts_households_and_leaves_out_who_did_not_answer_the_question() -> None:
    answers = {"0E00": {"acknowledged": False}, "0E01": {"acknowledged": None}}
    found = result(report(evidence(visits(answers))), "approval")
    [official] = found.official
    assert (official.above, official.below) == (58, 59), "60 households answered, one not this question"
    assert found.design is not None and found.design.missing == 1
    assert any("1 户" in remark.zh and "不当作 0" in remark.zh for remark in found.remarks)


def test_the_composite_rate_adds_both_rates_times_the_persons_they_stand_for() -> None:
    cases = [case(1, "0E00", WRONG), case(2, "4O00", OMITTED)]
    found = result(report(evidence(cases=cases)), "composite")
    [official] = found.official
    people = 8 * 12 + 3 / 72 * 8 * 36 + 3 / 288 * 8 * 72
    assert official.above == pytest.approx(people)
    assert official.below == 8 * (36 + 12 + 72)
    assert found.design is not None
    assert found.design.rate == pytest.approx((96 + 12 / 288 * 288 + 3 * 8 / 576 * 576) / 960)


def test_the_estimate_weighs_each_household_by_whom_it_stands_for() -> None:
    """A wrong exit among the half of a village's households that answered counts for those who did not."""
    away = {f"0E{n:02d}": {"outcome": "无人在家", "acknowledged": None} for n in (1, 2)}
    found = result(report(evidence(visits(away), [case(1, "0E00", WRONG)])), "wrong_exit")
    [official] = found.official
    assert official.rate == pytest.approx(3 / 66)
    assert found.design is not None
    assert found.design.rate == pytest.approx(4.8 * 3 / 288), "the poor villages' weight is 48/10, not 4"


def test_only_what_the_final_verdict_upholds_is_counted() -> None:
    cases = [case(1, "0E00", WRONG, "不属实"), case(2, "0E01", WRONG, "属实"), case(3, "0E02", WRONG, None)]
    found = result(report(evidence(cases=cases)), "wrong_exit")
    assert found.official[0].above == 3
    assert (found.found, found.pending) == (1, 1)


def test_open_cases_are_a_range_and_not_a_figure() -> None:
    cases = [case(1, "0E01", WRONG), case(2, "0E02", WRONG, None)]
    found = result(report(evidence(cases=cases)), "wrong_exit")
    assert found.official[0].rate == pytest.approx(3 / 72)
    assert found.official_if_upheld == pytest.approx(6 / 72)
    assert found.design is not None and found.design_if_upheld is not None
    assert found.design_if_upheld.rate == pytest.approx(2 * found.design.rate)
    assert any(remark.id == "pending" and "8.33%" in remark.zh for remark in found.remarks)
    settled = result(report(evidence(cases=cases[:1])), "wrong_exit")
    assert settled.official_if_upheld is None and settled.pending == 0


def test_a_case_about_a_household_that_did_not_answer_is_named_and_not_counted() -> None:
    away = {"0E00": {"outcome": "拒访", "acknowledged": None}}
    found = report(evidence(visits(away), [case(7, "0E00", WRONG)]))
    assert result(found, "wrong_exit").official[0].above == 0
    assert any(remark.id == "silent" and "C7" in remark.zh for remark in found.remarks)


def test_a_doubt_that_does_not_fit_who_was_asked_is_named_and_not_counted() -> None:
    found = report(evidence(cases=[case(8, "0O00", WRONG)]))
    assert result(found, "wrong_exit").official[0].above == 0
    assert any(remark.id == "unfit" and "C8" in remark.en for remark in found.remarks)


def test_a_case_without_a_number_of_persons_means_the_whole_household_and_says_so() -> None:
    found = report(evidence(cases=[case(9, "0E00", WRONG, persons=None)]))
    assert result(found, "wrong_exit").official[0].above == 3
    assert [remark.id for remark in found.remarks] == ["whole"]


def test_a_visit_to_somebody_else_is_named_and_not_counted() -> None:
    stray = {"visit_no": "V?", "household_key": "9E99", "region_code": code(0), "subject": "脱贫户", "outcome": "完成"}
    found = report(evidence(visits(more=[stray])))
    assert any(remark.id == "stranger" and "V?" in remark.zh for remark in found.remarks)
    assert result(found, "approval").official[0].below == 60


def test_without_a_roster_what_needs_it_is_unknown_and_nothing_is_zero() -> None:
    found = report(evidence(cases=[case(1, "0O00", OMITTED)]), register(complete=False))
    national, surveyed = result(found, "omission").official
    assert national.rate is None and national.below is None
    assert surveyed.rate == pytest.approx(3 / 72)
    assert result(found, "composite").official[0].rate is None
    assert result(found, "composite").design is None
    assert {name.id: value for name, value in found.known}["outside"] is None


def test_households_whose_members_nobody_knows_are_left_out_of_both_parts() -> None:
    unknown = [dict(row, members=None) if row["household_key"] == "0E00" else row for row in households()]
    found = result(report(evidence(cases=[case(1, "0E01", WRONG)], households_=unknown)), "wrong_exit")
    assert found.official[0].below == 23 * 3
    assert found.design is not None and found.design.missing == 1


def test_nothing_found_is_not_zero_but_a_bound() -> None:
    found = result(report(), "wrong_exit")
    assert found.design is not None and found.design.rate == 0
    _, high = clopper_pearson(0, 24 / 1.5)
    assert found.design.high == pytest.approx(high)
    assert found.design.most == pytest.approx(1 - 0.05 ** (1 / 16))
    assert any(remark.id == "none_found" and "24 户" in remark.zh for remark in found.remarks)


def test_one_case_found_is_never_surer_than_none() -> None:
    none = result(report(), "wrong_exit").design
    one = result(report(evidence(cases=[case(1, "0E00", WRONG, persons=1)])), "wrong_exit").design
    assert none is not None and one is not None and none.most is not None and one.most is not None
    assert one.rate > 0 and one.most >= none.most


def test_cases_in_one_village_are_surer_of_less_than_cases_apart() -> None:
    together = [case(n, f"0E{n:02d}", WRONG) for n in range(4)]
    apart = [case(n, f"{village}E00", WRONG) for n, village in enumerate((0, 1, 4, 5))]
    clustered, spread = (result(report(evidence(cases=cases)), "wrong_exit").design for cases in (together, apart))
    assert clustered is not None and spread is not None
    assert clustered.rate == pytest.approx(spread.rate)
    assert clustered.se > 1.5 * spread.se
    assert clustered.deff is not None and spread.deff is not None and clustered.deff > spread.deff


def test_inclusion_and_exclusion_errors_are_those_of_the_register() -> None:
    cases = [case(1, "0P00", MISPLACED), case(2, "0E00", WRONG), case(3, "4O00", OMITTED)]
    found = report(evidence(cases=cases))
    inclusion, exclusion = result(found, "inclusion_error").design, result(found, "exclusion_error").design
    assert inclusion is not None and inclusion.rate == pytest.approx(1 / 12)
    missed = 12 + 24
    assert exclusion is not None and exclusion.rate == pytest.approx(missed / (missed + 96 * 11 / 12))
    assert exclusion.low is not None and exclusion.high is not None
    assert 0 <= exclusion.low < exclusion.rate < exclusion.high <= 1


def test_the_interval_of_the_composite_rate_keeps_the_doubt_of_the_rate_of_which_nothing_was_found() -> None:
    found = report(evidence(cases=[case(1, "0E00", WRONG)]))
    wrong, omission, composite = (result(found, name).design for name in ("wrong_exit", "omission", "composite"))
    assert wrong is not None and omission is not None and composite is not None
    assert wrong.high is not None and omission.high is not None and composite.high is not None
    reach = math.hypot(0.3 * (wrong.high - wrong.rate), 0.6 * omission.high)
    assert composite.high - composite.rate == pytest.approx(reach)


def test_a_survey_that_nobody_answered_is_refused() -> None:
    with pytest.raises(NotEvaluable, match="没有一户"):
        report(evidence([]))


def test_a_county_of_several_has_rates_of_its_own() -> None:
    moved = [dict(row, county_code="990102000000") if row["region_code"] >= code(4) else row for row in villages()]
    known = register()
    places = {
        one: place if one < code(4) else replace(place, county="邻县", county_code="990102000000")
        for one, place in known.villages.items()
    }
    groups = tuple(
        group if group.village < code(4) else replace(group, county="990102000000") for group in known.groups
    )
    both = replace(known, villages=places, groups=groups, rural={COUNTY: 480, "990102000000": 480})
    found = report(evidence(cases=[case(1, "0E00", WRONG)], villages_=moved), both)
    assert [area.name for area in found.areas] == ["测试县", "测试县", "邻县"]
    whole, here, there = (
        next(one for one in area.results if one.rate == "wrong_exit").official[0] for area in found.areas
    )
    assert (whole.below, here.above, here.below, there.above, there.below) == (72, 3, 36, 0, 36)
