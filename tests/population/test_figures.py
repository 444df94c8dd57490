"""What the county's rows add up to, against the figures printed of it."""

from __future__ import annotations

from tests.population.conftest import Made

ADULT = "birth_date <= DATE '2002-12-31' AND coalesce(pension_scheme, '') <> '城镇职工'"


def test_the_roster_has_its_residents_and_its_rural_people(county: Made) -> None:
    assert county.row("SELECT count(*), count(*) FILTER (hukou = '农业') FROM resident") == (123_900, 72_400)


def test_those_still_poor_are_as_many_as_printed(county: Made) -> None:
    poor = "SELECT count(*) FROM person WHERE data_year = 2018 AND exit_status IN ('未脱贫', '返贫')"
    assert county.value(poor) == 528


def test_villages_are_exited_and_equipped_as_printed(county: Made) -> None:
    registered = "FILTER (attribute IN ('贫困村', '深度贫困村'))"
    exited = "FILTER (attribute IN ('贫困村', '深度贫困村') AND exited)"
    equipped = "FILTER (road_hardened AND bus AND broadband AND clinic_qualified)"
    found = county.row(f"SELECT count(*), count(*) {registered}, count(*) {exited}, count(*) {equipped} FROM village")
    assert found == (95, 49, 47, 95)


def test_every_eligible_registered_person_is_insured(county: Made) -> None:
    eligible = f"data_year = 2018 AND in_school IS NULL AND {ADULT}"
    pension = f"SELECT count(*) FILTER (pension_scheme = '城乡居民') = count(*) FROM person WHERE {eligible}"
    medical = "SELECT count(*) FILTER (medical_scheme <> '未参保') = count(*) FROM person WHERE data_year = 2018"
    assert county.value(pension) is True
    assert county.value(medical) is True


def test_the_countys_insurance_rates_are_the_printed_ones(county: Made) -> None:
    eligible = f"NOT student AND {ADULT}"
    pension = f"SELECT 100.0 * count(*) FILTER (pension_scheme = '城乡居民') / count(*) FROM resident WHERE {eligible}"
    medical = "SELECT 100.0 * count(*) FILTER (medical_scheme <> '未参保') / count(*) FROM resident"
    assert round(float(str(county.value(pension))), 1) == 95.3
    assert round(float(str(county.value(medical))), 1) == 99.0


def test_adjustment_events_are_as_many_as_printed(county: Made) -> None:
    counted = "SELECT kind, count(*) FILTER (household_event), count(person_code) FROM adjustment_event GROUP BY kind"
    found = {kind: (households, persons) for kind, households, persons in county.rows(counted)}
    assert found["新识别"] == (178, 421)
    assert found["清退"] == (2036, 5858)
    assert found["返贫"] == (18, 53)
    assert int(str(found["自然增加"][1])) + int(str(found["自然减少"][1])) == 1753


def test_responsibility_and_problem_data_are_as_printed(county: Made) -> None:
    assert county.value("SELECT count(*) FROM problem_record WHERE state = '已整改'") == 15_434
    assert county.value("SELECT count(DISTINCT leader) FROM leader_tie WHERE level = '县'") == 29
    assert county.value("SELECT count(*) FROM leading_group WHERE kind = '专项工作组' AND level = '县'") == 13
    assert county.value("SELECT count(*) FROM leading_group WHERE kind = '专项工作组' AND head_two IS NULL") == 0
    assert county.value("SELECT count(DISTINCT level) FROM leading_group WHERE kind = '领导小组'") == 3
    assert county.value("SELECT count(*) FROM relocation_household WHERE moved_on IS NULL") == 0


def test_exited_villages_have_few_poor_people_left(county: Made) -> None:
    above = """SELECT count(*) FROM village v WHERE exited AND
        (SELECT count(*) FROM person p WHERE p.region_code = v.region_code AND data_year = 2018
            AND exit_status IN ('未脱贫', '返贫')) >= 0.02 *
        (SELECT count(*) FROM resident r WHERE r.region_code = v.region_code AND hukou = '农业')"""
    assert county.value(above) == 0
