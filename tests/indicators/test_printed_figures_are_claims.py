"""A printed figure stands beside the computed one as a claim: a bound is a bound, an impossible share is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from jingzhun.adjustment import flow_steps
from jingzhun.exits import exit_steps, fact_steps
from jingzhun.indicators import answer_sheet, figure_steps
from jingzhun.model.answers import Answer, AnswerSheet
from jingzhun.policy import Pack
from jingzhun.reporting.figures import agrees
from tests.indicators.shipped import shipped_pack
from tests.small import AS_OF, COUNTY, PREFECTURE, Row, household, person, registry, resident, run, small_pack

Tables = Mapping[str, Iterable[Row]]
ONE_OF_THREE: Tables = {
    "person": [person("P1", exit_status="未脱贫"), person("P2")],
    "resident": [resident(str(number)) for number in range(3)],
}


def sheet(tables: Tables, pack: Pack | None = None, region: str = COUNTY, *, printed: bool = True) -> AnswerSheet:
    pack = pack or small_pack()
    with registry(tables) as engine:
        run(engine, fact_steps(AS_OF, region))
        run(engine, exit_steps(pack, AS_OF))
        run(engine, flow_steps(AS_OF))
        run(engine, figure_steps(pack, AS_OF))
        return answer_sheet(engine, pack, AS_OF, region, snapshot="s", synthetic=True, printed=printed)


def claiming(figure: str, **changes: Any) -> Pack:
    """The small pack whose source printed something else."""
    figures = small_pack().figures
    return replace(small_pack(), figures={**figures, figure: figures[figure].model_copy(update=changes)})


def figure(found: AnswerSheet, name: str) -> Answer:
    return next(answer for answer in found.answers if answer.figure == name)


def outcomes(found: AnswerSheet) -> dict[str, str]:
    return {verdict.check: verdict.outcome for verdict in found.verdicts}


def given(yuan: int) -> Tables:
    gift = {"donation_no": "1", "donor": "甲", "donated_on": AS_OF, "amount": yuan * 100, "region_code": COUNTY}
    return {"donation": [gift]}


def test_one_of_three_is_a_third_and_possible() -> None:
    found = sheet(ONE_OF_THREE)
    answer = figure(found, "F001")
    assert (answer.value, answer.numerator, answer.denominator) == (Decimal("33.33"), 1, 3)
    assert agrees(answer) is True
    assert outcomes(found)["C01"] == "passed"


@pytest.mark.parametrize("printed", ["33.34", "40.00", "0.01", "99.99"])
def test_a_share_that_no_whole_numbers_give_is_refused(printed: str) -> None:
    found = sheet(ONE_OF_THREE, claiming("F001", printed=Decimal(printed)))
    assert outcomes(found)["C01"] == "failed"
    assert agrees(figure(found, "F001")) is False


@pytest.mark.parametrize("printed", ["100.01", "117.00", "-1.00"])
def test_a_share_of_more_than_all_is_refused_in_words_and_not_by_a_crash(printed: str) -> None:
    assert outcomes(sheet(ONE_OF_THREE, claiming("F001", printed=Decimal(printed))))["C01"] == "failed"


@pytest.mark.parametrize("printed", ["0.00", "50.00", "66.67", "100.00"])
def test_another_share_of_the_same_people_is_possible_and_yet_not_the_computed_one(printed: str) -> None:
    found = sheet(ONE_OF_THREE, claiming("F001", printed=Decimal(printed)))
    assert outcomes(found)["C01"] == "passed"
    assert agrees(figure(found, "F001")) is False


def test_a_rate_without_its_denominator_is_empty_and_its_checks_say_which_figure_is_missing() -> None:
    found = sheet({"person": ONE_OF_THREE["person"]})
    answer = figure(found, "F001")
    assert (answer.value, answer.numerator, answer.denominator) == (None, 1, None)
    verdict = next(verdict for verdict in found.verdicts if verdict.check == "C01")
    assert verdict.outcome == "not_computable"
    assert "F001" in verdict.message.zh and "F001" in verdict.message.en


def test_a_rate_whose_denominator_is_all_unknown_is_empty_and_counts_the_unknown() -> None:
    found = sheet({**ONE_OF_THREE, "resident": [resident(str(number), hukou=None) for number in range(4)]})
    answer = figure(found, "F001")
    assert (answer.value, answer.denominator, answer.denominator_unknown) == (None, None, 4)
    assert outcomes(found)["C01"] == "not_computable"


def test_a_rate_of_nobody_is_empty_and_not_a_division_by_zero() -> None:
    answer = figure(sheet({**ONE_OF_THREE, "resident": [resident("1", hukou="非农业")]}), "F001")
    assert (answer.value, answer.denominator, answer.denominator_unknown) == (None, 0, 0)


def test_no_poor_person_is_a_rate_of_zero_and_not_an_empty_one() -> None:
    answer = figure(sheet({**ONE_OF_THREE, "person": [person("P1")]}), "F001")
    assert (answer.value, answer.numerator) == (0, 0)


def test_a_figure_rounds_half_up_as_people_do() -> None:
    eighth = {"person": [person("P1", exit_status="未脱贫")], "resident": [resident(str(n)) for n in range(8)]}
    assert figure(sheet(eighth, claiming("F001", decimals=0)), "F001").value == 13
    assert figure(sheet(eighth, claiming("F001", decimals=1)), "F001").value == Decimal("12.5")


@pytest.mark.parametrize(
    ("qualifier", "yuan", "shown", "fits"),
    [
        (">=", 1_000, "≥", True),
        (">=", 1_001, "≥", True),
        (">=", 999, "≥", False),
        ("<=", 1_000, "≤", True),
        ("<=", 999, "≤", True),
        ("<=", 1_001, "≤", False),
        ("=", 1_000, "=", True),
        ("=", 1_001, "=", False),
        ("=", 999, "=", False),
    ],
)
def test_more_than_and_nearly_are_bounds_of_one_side(qualifier: str, yuan: int, shown: str, fits: bool) -> None:
    answer = figure(sheet(given(yuan), claiming("F002", qualifier=qualifier)), "F002")
    assert (answer.qualifier, answer.value, answer.printed) == (shown, yuan, 1_000)
    assert agrees(answer) is fits


def test_a_claim_never_replaces_what_was_counted() -> None:
    answer = figure(sheet(given(7)), "F002")
    assert (answer.value, answer.numerator, answer.printed) == (7, 700, 1_000)


def test_a_bound_that_does_not_hold_is_flagged_with_both_amounts() -> None:
    verdict = next(verdict for verdict in sheet(given(999)).verdicts if verdict.check == "C02")
    assert verdict.outcome == "flagged"
    assert "999" in verdict.message.zh and "1,000" in verdict.message.zh
    assert outcomes(sheet(given(1_000)))["C02"] == "passed"


def test_without_any_delivery_a_claim_stands_beside_an_empty_value() -> None:
    answer = figure(sheet({}), "F002")
    assert (answer.value, answer.numerator, answer.printed) == (None, None, 1_000)
    assert agrees(answer) is None


def test_in_another_year_nothing_printed_is_shown_and_no_check_is_judged() -> None:
    found = sheet(ONE_OF_THREE, printed=False)
    assert {(answer.figure, answer.printed) for answer in found.answers} == {(None, None)}
    assert found.verdicts == ()


def test_a_claim_about_the_prefecture_is_not_on_the_sheet_of_a_county() -> None:
    assert "F003" not in {answer.figure for answer in sheet(ONE_OF_THREE).answers}
    assert "F003" in {answer.figure for answer in sheet(ONE_OF_THREE, region=PREFECTURE).answers}


def test_without_an_earlier_register_the_balance_cannot_be_judged() -> None:
    assert outcomes(sheet(ONE_OF_THREE))["C05"] == "not_computable"


def test_a_register_that_does_not_balance_fails_however_the_rest_agrees() -> None:
    homes = [household("H1", year=2016), household("H1"), household("H2")]
    people = [person("P1", year=2016), person("P1", exit_status="未脱贫"), person("P2", "H2")]
    found = outcomes(sheet({**ONE_OF_THREE, "household": homes, "person": people}))
    assert (found["C05"], found["C01"]) == ("failed", "passed")


AREAS = {"F071": "F074", "F072": "F075", "F073": "F076"}
"""Target and result of barren hills, of farmland returned to forest, of economic forest."""
KINDS = ("荒山造林", "退耕还林", "经济林提质增效")


def three_targets() -> Pack:
    """The shipped targets of afforestation and their check, claimed of the small county."""
    wanted = [*AREAS, *AREAS.values()]
    figures = {name: shipped_pack().figures[name].model_copy(update={"region": COUNTY}) for name in wanted}
    indicators = {item.indicator: shipped_pack().indicators[item.indicator] for item in figures.values()}
    checks = {"C15": shipped_pack().checks["C15"]}
    return replace(small_pack(), figures=figures, indicators=indicators, checks=checks)


def planted(*areas: int) -> Tables:
    """A target of a hundred mu each, and what was planted of each kind."""
    targets = [
        {"target_no": kind, "kind": kind, "year": 2018, "value": 100, "unit": "亩", "region_code": COUNTY}
        for kind in KINDS
    ]
    plots = [
        {"plot_no": kind, "kind": kind, "year": 2018, "area_mu": area, "accepted_on": AS_OF, "region_code": COUNTY}
        for kind, area in zip(KINDS, areas, strict=True)
    ]
    return {"target": targets, "afforestation": plots}


def test_each_target_that_is_met_passes() -> None:
    assert outcomes(sheet(planted(100, 100, 100), three_targets()))["C15"] == "passed"


@pytest.mark.parametrize("short", range(3))
def test_more_than_enough_of_the_others_never_makes_up_for_one_target(short: int) -> None:
    areas = [99 if kind == short else 10_000 for kind in range(3)]
    verdict = sheet(planted(*areas), three_targets()).verdicts[0]
    assert verdict.outcome == "flagged"
    assert [kind for kind in KINDS if kind in verdict.message.zh.split("。")[1]] == [KINDS[short]]
