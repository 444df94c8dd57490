"""Households have a structure one can believe."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from jingzhun.population import families
from jingzhun.population.families import DAUGHTER, FATHER, HEAD, MOTHER, SON, SON_WIFE, SPOUSE
from tests.population.conftest import Made


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 8), min_size=1, max_size=60), st.floats(0, 3))
@settings(max_examples=60, deadline=None)
def test_members_fit_together(seed: int, sizes: list[int], youngest: float) -> None:
    wanted = np.array(sizes)
    people = families.settle(wanted, np.random.default_rng(seed), np.full(len(wanted), youngest))
    assert np.array_equal(np.bincount(people.household, minlength=len(wanted)), wanted)
    assert np.array_equal(
        np.bincount(people.household[people.role == HEAD], minlength=len(wanted)), np.ones(len(wanted))
    )
    heads = people.role == HEAD
    head_age = people.age[heads][people.household]
    head_sex = people.female[heads][people.household]
    spouse = people.role == SPOUSE
    assert (people.female[spouse] != head_sex[spouse]).all()
    assert (people.age[spouse | heads] >= 20).all()
    child = np.isin(people.role, (SON, DAUGHTER))
    assert (head_age[child] - people.age[child] >= 16).all()
    parent = np.isin(people.role, (FATHER, MOTHER))
    assert (people.age[parent] - head_age[parent] >= 16).all()
    assert (people.age[people.role == SON_WIFE] >= 18).all()
    assert (people.age >= youngest).all()


def test_every_household_of_both_registers_has_one_head(county: Made) -> None:
    heads = "SELECT count(*) FILTER (relation = '户主') AS heads FROM person GROUP BY data_year, household_code"
    assert county.row(f"SELECT min(heads), max(heads) FROM ({heads})") == (1, 1)


def test_stated_members_are_the_members_there_are(county: Made) -> None:
    different = """SELECT count(*) FROM household h JOIN (
        SELECT data_year, household_code, count(*) AS n FROM person GROUP BY ALL) p USING (data_year, household_code)
        WHERE h.member_count <> p.n"""
    assert county.value(different) == 0
    assert county.value("SELECT count(*) FROM person ANTI JOIN household USING (data_year, household_code)") == 0


def test_nobody_of_school_age_is_out_of_school(county: Made) -> None:
    out = """SELECT count(*) FROM person WHERE data_year = 2018 AND in_school IS NULL
        AND birth_date BETWEEN DATE '2003-09-02' AND DATE '2012-08-31'"""
    assert county.value(out) == 0


def test_names_include_some_outside_the_old_character_set(area: Made) -> None:
    names = "".join(str(name) for (name,) in area.rows("SELECT name FROM resident"))
    rare = {character for character in names if not _in_gbk(character)}
    assert rare


def _in_gbk(character: str) -> bool:
    try:
        character.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True
