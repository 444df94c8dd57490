"""People who stand in the register twice are kept beside it, labelled, and move none of its counts."""

from __future__ import annotations

import pytest

from jingzhun.policy import Pack
from jingzhun.policy.comparison import lead_number
from jingzhun.population.calibration import read_calibration
from jingzhun.population.twice_rows import another_number
from tests.comparison.people import number
from tests.population.conftest import Made


def twice(county: Made) -> str:
    return f"read_csv('{county.folder}/truth/twice.csv', header=true, all_varchar=true)"


def pairs(county: Made) -> str:
    """Each second row with the person it is of and the household that it stands in."""
    return (
        f"{twice(county)} t JOIN person p ON p.person_code = t.person_code AND p.data_year = 2018 "
        "JOIN household h ON h.household_code = t.household_code AND h.data_year = 2018"
    )


def of_one_village(county: Made, household: str = "t.household_code") -> int:
    asked = f"p.region_code = h.region_code AND p.household_code <> {household}"
    return int(str(county.value(f"SELECT count(*) FROM {pairs(county)} WHERE {asked}")))


def test_every_second_row_is_of_a_member_in_another_household_of_the_village(county: Made) -> None:
    rows = county.value(f"SELECT count(*) FROM {twice(county)}")
    assert of_one_village(county) == rows != 0
    assert of_one_village(county, "p.household_code") == 0


def test_the_second_rows_are_not_in_the_register(county: Made) -> None:
    assert county.value(f"SELECT count(*) FROM person JOIN {twice(county)} t ON t.twice_code = person.person_code") == 0
    codes = county.row(f"SELECT count(*), count(DISTINCT twice_code), count(DISTINCT lead_no) FROM {twice(county)}")
    assert len(set(codes)) == 1


def test_the_lead_is_numbered_by_both_rows_the_lower_number_first(county: Made, pack: Pack) -> None:
    comparison = read_calibration(pack).comparison
    assert comparison is not None
    for one, other, lead in county.rows(f"SELECT person_code, twice_code, lead_no FROM {twice(county)}"):
        assert lead == lead_number(comparison.twice.check, *sorted((str(one), str(other))))


@pytest.mark.parametrize(
    ("kind", "so"),
    [
        ("digit_mistyped", "hamming(t.id_number, p.id_number) = 1 AND t.name = p.name"),
        ("digits_swapped", "hamming(t.id_number, p.id_number) = 2 AND t.name = p.name"),
        ("fifteen_digits", "t.id_number = left(p.id_number, 6) || substr(p.id_number, 9, 9)"),
        ("homophone", "t.name <> p.name AND t.id_number = p.id_number"),
        ("character_lost", "t.name = left(p.name, 1) || substr(p.name, 3) AND t.id_number = p.id_number"),
        ("number_missing", "t.id_number IS NULL AND t.name = p.name"),
        ("number_of_a_relative", "t.id_number <> p.id_number AND t.name = p.name"),
        ("another_number", "t.id_number <> p.id_number AND left(t.id_number, 14) = left(p.id_number, 14)"),
        ("", "t.id_number = p.id_number AND t.name = p.name"),
    ],
)
def test_a_label_says_what_is_wrong_with_the_second_row(county: Made, kind: str, so: str) -> None:
    mine = f"{pairs(county)} WHERE coalesce(t.kind, '') = '{kind}'"
    assert county.value(f"SELECT count(*) FROM {mine}") != 0
    assert county.value(f"SELECT count(*) FROM {mine} AND coalesce(NOT ({so}), true)") == 0


def test_another_number_is_as_well_formed_and_of_the_same_sex_and_day() -> None:
    assert another_number(number("19500101", 1)) == number("19500101", 3)
    assert another_number(number("19500101", 998)) == number("19500101", 0)
