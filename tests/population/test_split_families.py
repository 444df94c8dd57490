"""A family that stands in the register as two poor households is labelled, and a screening finds it and no other."""

from __future__ import annotations

import csv

from jingzhun.policy import Pack
from jingzhun.policy.rules import problem_number
from jingzhun.population.calibration import read_calibration
from tests.population.conftest import Made

SPLIT = """
    SELECT t.household_code, t.name, t.relation FROM family_tie t
    JOIN person son ON son.data_year = 2018 AND son.id_number = t.id_number AND son.region_code = t.region_code
        AND son.household_code <> t.household_code
    JOIN (SELECT household_code, max(birth_date) AS youngest FROM {members} WHERE data_year = 2018 GROUP BY 1) old
        ON old.household_code = t.household_code
    WHERE old.youngest <= DATE '1958-12-31'"""
"""Old people on record alone, their son registered in the same village: written apart from the rule of the pack."""


def split_families(county: Made, members: str = "person") -> set[str]:
    """The numbers of the findings that the true tables ask for."""
    found = county.rows(SPLIT.format(members=members))
    return {problem_number("B17", "family_tie", [str(part) for part in key]) for key in found}


def labelled(county: Made) -> list[dict[str, str]]:
    with (county.folder / "truth" / "findings.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_split_family_is_labelled_and_every_label_is_a_split_family(county: Made, pack: Pack) -> None:
    comparison = read_calibration(pack).comparison
    assert comparison is not None
    labels = labelled(county)
    assert len(labels) > 10
    assert {(row["rule"], row["kind"]) for row in labels} == {(comparison.splits.rule, comparison.splits.kind)}
    assert split_families(county) == {row["finding_no"] for row in labels}


def test_a_register_that_lost_the_old_peoples_ages_would_be_caught(county: Made) -> None:
    younger = "(SELECT * REPLACE (birth_date + INTERVAL 40 YEAR AS birth_date) FROM person)"
    assert split_families(county, younger) != {row["finding_no"] for row in labelled(county)}


def test_the_son_of_a_split_family_is_a_son_by_name_and_age(county: Made) -> None:
    sons = f"SELECT household_code, name FROM ({SPLIT.format(members='person')})"
    between = "year(t.birth_date) - year(head.birth_date) BETWEEN 17 AND 60"
    odd = f"""SELECT count(*) FROM ({sons}) s
        JOIN family_tie t USING (household_code, name)
        JOIN person head ON head.data_year = 2018 AND head.household_code = t.household_code AND head.relation = '户主'
        WHERE left(head.name, 1) <> left(t.name, 1) OR NOT ({between})"""
    assert county.value(odd) == 0
