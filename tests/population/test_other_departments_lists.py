"""The departments' lists of the invented county: what a comparison must find in them is known beforehand."""

from __future__ import annotations

import pytest

from jingzhun.policy import Pack
from jingzhun.policy.comparison import lead_number
from jingzhun.population.calibration import Comparison, read_calibration
from tests.population.conftest import Made


@pytest.fixture(scope="module")
def comparison(pack: Pack) -> Comparison:
    found = read_calibration(pack).comparison
    assert found is not None
    return found


def test_every_planted_kind_occurs_and_has_its_verdict(county: Made, comparison: Comparison) -> None:
    for planted in comparison.planted:
        mine = f"SELECT count(*) FROM lead_verdict WHERE note = '{planted.kind}' AND verdict = '{planted.verdict}'"
        assert int(str(county.value(f"{mine} AND starts_with(lead_no, '{planted.check}-')"))) > 0, planted.kind


def test_checks_sources_and_verdicts_are_those_of_the_pack(pack: Pack, comparison: Comparison) -> None:
    labels = {source.label for source in pack.sources_compared.values()}
    assert {one.source for one in (*comparison.lists, *comparison.planted)} <= labels
    for planted in comparison.planted:
        check = pack.comparison_checks[planted.check]
        assert pack.sources_compared[check.source].label == planted.source, planted.kind
        assert pack.codes["lead_verdict"].canonical(planted.verdict) == planted.verdict


def test_some_records_are_wrong_about_who_they_speak_of(county: Made) -> None:
    records = "department_record r"
    assert int(str(county.value(f"SELECT count(*) FROM {records} WHERE id_number IS NULL"))) > 0
    assert int(str(county.value(f"SELECT count(*) FROM {records} WHERE length(id_number) = 15"))) > 0
    other = f"{records} JOIN resident p USING (id_number) WHERE p.name <> r.name"
    assert int(str(county.value(f"SELECT count(*) FROM {other}"))) > 0


def test_family_elsewhere_is_on_the_roster_and_not_in_the_register(county: Made) -> None:
    assert int(str(county.value("SELECT count(*) FROM family_tie"))) > 0
    assert county.value("SELECT count(*) FROM family_tie ANTI JOIN resident USING (id_number)") == 0
    assert county.value("SELECT count(*) FROM family_tie JOIN person USING (id_number) WHERE data_year = 2018") == 0


def test_the_number_of_a_lead_is_made_as_the_comparison_makes_it() -> None:
    assert lead_number("X07", "P1", "机动车|V1").startswith("X07-")
    assert lead_number("X07", "P1", "机动车|V1") != lead_number("X07", "P1", "机动车|V2")
