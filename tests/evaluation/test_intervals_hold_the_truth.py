"""Evaluations of invented counties with known truth: estimates are right on average, intervals as sure as they say."""

from __future__ import annotations

import pytest
from benchmarks.evaluation_coverage import Track, tracked
from benchmarks.evaluation_frame import COUNTIES, frame, in_county

EVALUATIONS = 130
RATES = ("wrong_exit", "omission", "approval", "composite")


@pytest.fixture(scope="module")
def tracks() -> dict[tuple[str, str], Track]:
    whole = frame(7)
    counties = [in_county(whole, number) for number in range(COUNTIES)]
    return tracked(lambda turn: counties[turn % COUNTIES], EVALUATIONS, 7)


@pytest.mark.parametrize("rate", RATES)
def test_the_estimates_are_right_on_average(tracks: dict[tuple[str, str], Track], rate: str) -> None:
    assert abs(tracks[rate, "from the design"].bias) < 3.5


@pytest.mark.parametrize("rate", RATES)
def test_nine_of_ten_intervals_and_more_hold_the_truth(tracks: dict[tuple[str, str], Track], rate: str) -> None:
    assert tracks[rate, "from the design"].covered >= 0.9


def test_intervals_as_if_people_had_been_drawn_singly_do_not(tracks: dict[tuple[str, str], Track]) -> None:
    assert tracks["wrong_exit", "official"].covered < 0.9


def test_the_official_omission_rate_is_too_low_where_villages_are_asked_in_part(
    tracks: dict[tuple[str, str], Track],
) -> None:
    track = tracks["omission", "official"]
    assert track.bias < -10
    assert sum(track.said) < 0.2 * sum(track.true)
