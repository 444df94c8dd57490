"""Identity numbers: well formed, all different, some of people born elsewhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingzhun.population.identity import NumbersUsedUp, Range, number_parts, number_range, numbers
from tests.population.conftest import Made

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def check(number: str) -> str:
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(number[:17], WEIGHTS, strict=True)) % 11]


def test_every_residents_number_is_different_and_has_its_check_digit(county: Made) -> None:
    found = [str(number) for (number,) in county.rows("SELECT id_number FROM resident")]
    assert len(set(found)) == len(found) == 123_900
    assert all(number[17] == check(number) for number in found[::37])


def test_a_number_tells_birth_date_and_sex(county: Made) -> None:
    wrong = """SELECT count(*) FROM resident WHERE strftime(birth_date, '%Y%m%d') <> id_number[7:14]
        OR (id_number[17]::INT % 2 = 1) <> (sex = '男')"""
    assert county.value(wrong) == 0


def test_some_people_were_born_in_other_counties(county: Made) -> None:
    elsewhere = float(str(county.value("SELECT count(*) FILTER (id_number[1:6] <> '141130') / count(*) FROM resident")))
    assert 0.02 < elsewhere < 0.12


def test_registered_people_are_on_the_roster_under_the_same_number(county: Made) -> None:
    listed = "SELECT left(id_number, 18) AS id_number FROM person WHERE data_year = 2018"
    missing = f"SELECT count(*) FROM ({listed}) ANTI JOIN resident USING (id_number)"
    assert county.value(missing) == 0


def test_numbers_stay_different_over_the_whole_area(area: Made) -> None:
    assert area.value("SELECT count(*) = count(DISTINCT id_number) FROM resident") is True


@given(st.integers(0, 2**32 - 1), st.integers(1, 400), st.integers(1, 40))
@settings(max_examples=40, deadline=None)
def test_crowded_birthdays_overflow_into_other_codes_without_a_repeat(seed: int, people: int, days: int) -> None:
    rng = np.random.default_rng(seed)
    span = number_range(("110101", "110102", "110105", "110106", "110107"), ("120101",), (0, 75), (0, 4))
    birth = rng.integers(0, days, people)
    guest = np.where(rng.random(people) < 0.3, 0, -1)
    found = numbers(birth, rng.random(people) < 0.5, guest, span, "测试县").to_pylist()
    assert len(set(found)) == people
    assert all(number[17] == check(number) for number in found)


def test_numbers_that_run_out_are_refused_in_words() -> None:
    span = Range(("110101",), (), 0, 2, 0)
    same_day = np.zeros(9, np.int64)
    with pytest.raises(NumbersUsedUp, match="overflow"):
        numbers(same_day, np.zeros(9, bool), np.full(9, -1), span, "测试县")


def test_townships_draw_from_parts_that_do_not_touch() -> None:
    parts = number_parts(np.array([5, 0, 90_000, 1200, 7, 30_000, 400]))
    spans = [number_range(("110101",), ("120101",), part, (index, 7)) for index, part in enumerate(parts)]
    taken = [set(range(span.first, span.first + span.width)) for span in spans]
    assert len(set().union(*taken)) == sum(len(part) for part in taken)
    assert len({span.guest_slot for span in spans}) == 7
