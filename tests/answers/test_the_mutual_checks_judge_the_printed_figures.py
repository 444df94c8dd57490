"""The 27 mutual checks of the pack, judged on the figures of the source and on spoiled ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jingzhun.engine import DuckDBEngine
from jingzhun.indicators.checks import judge
from tests.answers import printed

FLAGGED = {"C09", "C15", "C25"}


def test_every_printed_figure_has_an_answer_here() -> None:
    assert set(printed.COUNTS) == set(printed.pack().figures)


def test_all_checks_pass_but_the_three_that_a_person_must_explain() -> None:
    outcomes = {check: verdict.outcome for check, verdict in printed.verdicts().items()}
    assert len(outcomes) == 27
    assert {check for check, outcome in outcomes.items() if outcome == "flagged"} == FLAGGED
    assert {outcome for check, outcome in outcomes.items() if check not in FLAGGED} == {"passed"}


def test_every_computed_value_is_the_printed_one_within_its_qualifier() -> None:
    for figure, answer in printed.answers().items():
        if answer.qualifier == "=":
            assert str(answer.value) == str(answer.printed), figure


SAYS = {
    "C01": ("528", "72,400", "0.73%", "525", "532"),
    "C02": ("47", "49", "95.9%"),
    "C08": ("1,753 人次", "没有代入等式"),
    "C09": ("13.9 倍", "佐证"),
    "C11": ("3.12", "逐队"),
    "C12": ("118 支队",),
    "C15": ("93.8%", "101%", "117%", "荒山造林"),
    "C17": ("88.5%", "74.7%", "73.6%", "84.4%", "83.1%"),
    "C18": ("38.9%",),
    "C19": ("58.35%",),
    "C20": ("52.13%",),
    "C21": ("23,114", "11,222", "48.55%"),
    "C22": ("8.68", "1.44"),
    "C23": ("710.5",),
    "C24": ("119.53",),
    "C25": ("51,739", "50,000", "50,426", "53,111", "户贷企用"),
    "C27": ("3.3%", "目标"),
}


@pytest.mark.parametrize("check", SAYS)
def test_the_verdict_shows_the_values_it_rests_on(check: str) -> None:
    message = printed.verdicts()[check].message
    for words in SAYS[check]:
        assert words in message.zh
    assert "{" not in message.zh + message.en


def test_an_impossible_percentage_is_refused() -> None:
    assert printed.verdicts({"F011": (46, 48)})["C02"].outcome == "failed"
    assert printed.verdicts({"F011": (47, 49)})["C02"].outcome == "passed"


def test_a_surplus_of_one_target_never_makes_up_for_another() -> None:
    verdict = printed.verdicts({"F074": (999_999,), "F076": (9_000_000,)})["C15"]
    assert verdict.outcome == "flagged"
    assert "荒山造林" in verdict.message.zh.split("。")[1]
    assert printed.verdicts({"F074": (1_000_000,)})["C15"].outcome == "passed"


def test_micro_credit_within_the_cap_passes() -> None:
    assert printed.verdicts({"F113": (115_000_000_000,)})["C25"].outcome == "passed"
    assert printed.verdicts({"F113": (115_000_000_001,)})["C25"].outcome == "flagged"


def test_a_register_that_does_not_reconcile_fails_the_stock_identity() -> None:
    verdict = printed.verdicts(difference=7)["C08"]
    assert verdict.outcome == "failed"
    assert "1,753 人次不能用来填补差额" in verdict.message.zh


def test_without_an_earlier_register_the_stock_identity_is_not_computable() -> None:
    with DuckDBEngine() as engine:
        found = {v.check: v for v in judge(engine, printed.pack(), printed.AS_OF, dict(printed.answers()), ())}
    assert found["C08"].outcome == "not_computable"


@pytest.mark.parametrize("check", sorted(printed.pack().checks))
def test_a_check_is_not_computable_without_one_of_its_figures(check: str) -> None:
    figure = printed.pack().checks[check].figures[0]
    blank = dict(printed.answers()) | {figure: replace(printed.answers()[figure], value=None)}
    with DuckDBEngine() as engine:
        found = {v.check: v for v in judge(engine, printed.pack(), printed.AS_OF, blank, printed.flows())}
    assert found[check].outcome == "not_computable"
    assert figure in found[check].message.zh


@pytest.mark.parametrize("check", sorted(printed.pack().checks))
def test_a_check_of_figures_that_are_all_elsewhere_is_left_to_their_sheet(check: str) -> None:
    figures = printed.pack().checks[check].figures
    elsewhere = {name: answer for name, answer in printed.answers().items() if name not in figures}
    partly = elsewhere | {figures[-1]: printed.answers()[figures[-1]]}
    with DuckDBEngine() as engine:
        pack, flows = printed.pack(), printed.flows()
        assert check not in {v.check for v in judge(engine, pack, printed.AS_OF, elsewhere, flows)}
        assert check in {v.check for v in judge(engine, pack, printed.AS_OF, partly, flows)}


SPOILED = {
    "C01": {"F010": (1_448, 72_400)},
    "C03": {"F018": (88, 88)},
    "C04": {"F013": (9_000, 10_962)},
    "C05": {"F035": (17_800,)},
    "C06": {"F037": (58,)},
    "C07": {"F039": (530,)},
    "C10": {"F125": (4,)},
    "C11": {"F057": (5_852,)},
    "C12": {"F058": (1_952,)},
    "C13": {"F061": (541,)},
    "C14": {"F065": (285_900_000_001,)},
    "C16": {"F078": (5_604,)},
    "C17": {"F090": (78,)},
    "C18": {"F092": (8_101,)},
    "C19": {"F097": (13_263,)},
    "C20": {"F100": (36_377,)},
    "C21": {"F098": (6,)},
    "C22": {"F106": (4_800,)},
    "C23": {"F108": (2_000_000,)},
    "C24": {"F109": (1,)},
    "C26": {"F112": (5_000,)},
    "C27": {"F048": (12_700,)},
}


@pytest.mark.parametrize("check", SPOILED)
def test_a_spoiled_figure_is_found(check: str) -> None:
    assert printed.verdicts(SPOILED[check])[check].outcome in ("failed", "flagged")
