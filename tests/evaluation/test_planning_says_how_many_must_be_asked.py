"""What nothing found proves, and how many must be asked: the figures that evaluators know, and their laws."""

from __future__ import annotations

import pytest

from jingzhun.evaluation import NotDrawable, needed, proved
from tests.command_line.conftest import Command

TWO = {"threshold": 0.02, "level": 0.95, "design_effect": 1.0}


@pytest.mark.parametrize(("n", "bound"), [(149, "2.0%"), (300, "1.0%")])
def test_nothing_found_leaves_the_known_bounds(n: int, bound: str) -> None:
    assert f"{proved(n, 0, **TWO).bound:.1%}" == bound


def test_nothing_found_in_675_leaves_under_half_a_percent() -> None:
    assert f"{proved(675, 0, **TWO).bound:.2%}" == "0.44%"


def test_149_are_the_fewest_that_prove_less_than_two_percent() -> None:
    enough = needed(rate=0, **TWO)
    assert (enough.n, enough.found, enough.below) == (149, 0, True)
    assert not proved(148, 0, **TWO).below


@pytest.mark.parametrize("rate", [0.002, 0.005, 0.01, 0.015])
def test_what_is_needed_is_enough_and_one_less_is_not(rate: float) -> None:
    enough = needed(rate=rate, **TWO)
    assert enough.below and enough.found >= rate * enough.n
    assert not proved(enough.n - 1, enough.found, **TWO).below


def test_clusters_need_more() -> None:
    assert needed(rate=0.005, **TWO | {"design_effect": 2.0}).n > needed(rate=0.005, **TWO).n


def test_a_rate_at_the_threshold_cannot_be_proved_below_it() -> None:
    with pytest.raises(NotDrawable, match=r"任何样本都证明不了.*no sample proves"):
        needed(rate=0.02, **TWO)


def test_a_rate_too_near_the_threshold_is_refused_and_does_not_run_for_ever() -> None:
    with pytest.raises(NotDrawable, match=r"离阈值太近.*too near"):
        needed(rate=0.019999, **TWO)


def test_a_threshold_that_is_no_share_is_refused() -> None:
    with pytest.raises(NotDrawable, match=r"阈值 150\.00%"):
        needed(rate=0, **TWO | {"threshold": 1.5})


def test_the_command_plans_without_a_snapshot(asked: Command) -> None:
    shown = asked("sample", "--plan", "--rate", "0.5", "--design-effect", "2")
    assert shown.code == 0 and "0.88%" in shown.out and "至少 550" in shown.out
    told = asked("sample", "--plan", "--json").json
    assert told["needed"]["n"] == 149
    assert [one["n"] for one in told["sizes"]] == [149, 300, 675]
    assert told["threshold"] == 0.02, "the pack's upper limit of the wrong-exit rate"


def test_the_command_refuses_what_no_sample_can_prove(asked: Command) -> None:
    ended = asked("sample", "--plan", "--rate", "3", "--json")
    assert ended.code == 2 and "任何样本" in ended.json["error"]["zh"]
