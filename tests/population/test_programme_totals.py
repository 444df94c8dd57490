"""What the rows of the whole area add up to. Programme tables keep their size at any scale of the population."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.population.conftest import Made

TOTALS = {
    "SELECT count(*) FROM responsibility_letter WHERE year = 2018": 3216,
    "SELECT count(DISTINCT holder_level) FROM responsibility_letter WHERE party_secretary": 4,
    "SELECT count(*) FROM leading_group WHERE kind = '督查组' AND level = '市'": 4,
    "SELECT count(*) FROM work_team": 1951,
    "SELECT count(*) FROM team_member": 6091,
    "SELECT count(*) FROM team_member WHERE role = '第一书记'": 1833,
    "SELECT count(DISTINCT enterprise_code) FROM enterprise_pairing": 351,
    "SELECT count(DISTINCT region_code) FROM enterprise_pairing": 540,
    "SELECT count(*) FROM target WHERE kind = '贫困县摘帽' AND year = 2018": 5,
    "SELECT count(*) FROM target WHERE kind = '贫困县摘帽' AND year = 2019": 3,
    "SELECT sum(value)::INT FROM target WHERE kind = '减贫人口'": 127_000,
    "SELECT sum(amount)::BIGINT FROM fund_allotment": 285_900_000_000,
    "SELECT sum(amount)::BIGINT FROM fund_allotment WHERE level = '市' AND kind = '财政专项扶贫资金'": 18_000_000_000,
    "SELECT count(*) FROM cooperative WHERE kind = '造林合作社'": 1121,
    "SELECT count(*) FROM cooperative_member WHERE poor": 28_000,
    "SELECT count(*) FROM county_industry": 6,
    "SELECT count(*) FROM fair": 2,
    "SELECT sum(amount)::BIGINT FROM agreement WHERE kind = '招商引资'": 2_236_200_000_000,
    "SELECT sum(amount)::BIGINT FROM agreement WHERE kind = '贸易销售'": 791_500_000_000,
    "SELECT count(started_on) FROM relocation_site": 87,
    "SELECT count(completed_on) FROM relocation_site": 77,
    "SELECT count(services_on) FROM relocation_site": 65,
    "SELECT count(industry_on) FROM relocation_site": 64,
    "SELECT sum(persons)::INT FROM relocation_household WHERE moved_on IS NOT NULL": 72_600,
    "SELECT sum(filed_mu)::INT FROM land_reclamation": 8100,
    "SELECT sum(reclaimed_mu)::INT FROM land_reclamation": 3148,
    "SELECT count(*) FROM training_base": 10,
    "SELECT count(*) FROM liaison_office": 52,
    "SELECT count(*) FROM training_round": 21,
    "SELECT count(*) FROM training_round WHERE year = 2018": 7,
    "SELECT count(*) FROM trainee": 36_376,
    "SELECT count(*) FROM trainee WHERE employed": 18_961,
    "SELECT count(*) FROM trainee WHERE year = 2018": 13_262,
    "SELECT count(*) FROM trainee WHERE year = 2018 AND employed": 7739,
    "SELECT sum(capacity_kw)::INT FROM pv_station": 416_680,
    "SELECT count(*) FROM pv_station WHERE kind = '联村电站'": 285,
    "SELECT count(*) FROM pv_station WHERE kind = '地面集中电站'": 5,
    "SELECT count(DISTINCT region_code) FROM pv_village WHERE poor_village": 1026,
    "SELECT count(DISTINCT household_code) FROM pv_household": 48_000,
    "SELECT sum(amount)::BIGINT FROM loan": 1_827_300_000_000,
    "SELECT sum(amount)::BIGINT FROM loan WHERE year(issued_on) = 2018": 632_000_000_000,
    "SELECT count(DISTINCT enterprise_code) FROM loan WHERE kind = '吕梁模式贷款'": 57,
    "SELECT sum(amount)::BIGINT FROM loan WHERE kind = '吕梁模式贷款'": 40_500_000_000,
    "SELECT count(DISTINCT household_code) FROM loan WHERE kind = '扶贫小额信贷'": 61_000,
    "SELECT count(DISTINCT household_code) FROM loan WHERE kind = '扶贫小额信贷' AND year(issued_on) = 2018": 23_000,
    "SELECT sum(amount)::BIGINT FROM loan WHERE kind = '扶贫小额信贷' AND year(issued_on) = 2018": 119_000_000_000,
    "SELECT max(amount) FROM loan WHERE kind = '扶贫小额信贷'": 5_000_000,
    "SELECT count(*) FROM education_aid": 200_000,
    "SELECT sum(amount)::BIGINT FROM donation WHERE region_code = '141123000000'": 108_000_000,
}


@pytest.mark.parametrize("question", TOTALS)
def test_a_programme_adds_up_to_its_printed_total(area: Made, question: str) -> None:
    assert area.value(question) == TOTALS[question]


def test_afforestation_falls_short_of_one_target_and_passes_the_others(area: Made) -> None:
    found = dict(area.rows("SELECT kind, sum(area_mu) FROM afforestation GROUP BY kind"))
    assert found == {"荒山造林": Decimal(938_000), "退耕还林": Decimal(1_010_000), "经济林提质增效": Decimal(1_170_000)}


def test_stated_means_are_reached(area: Made) -> None:
    assert 4000 <= float(str(area.value("SELECT avg(wage + dividend) / 100 FROM cooperative_member WHERE poor"))) < 4100
    pay = "SELECT avg(monthly_income) / 100 FROM trainee WHERE year = 2018 AND employed"
    assert 4000 <= float(str(area.value(pay))) < 4100
    assert float(str(area.value("SELECT count(*) FILTER (treated) / count(*) FROM treatment"))) >= 0.997


def test_every_poor_village_has_a_team_and_some_teams_are_too_small(area: Made) -> None:
    without = "SELECT count(*) FROM village ANTI JOIN work_team USING (region_code) WHERE attribute <> '非贫困村'"
    assert area.value(without) == 0
    sizes = "SELECT min(n), count(*) FILTER (n < 3) > 0 FROM (SELECT count(*) AS n FROM team_member GROUP BY team_no)"
    assert area.row(sizes) == (2, True)


def test_helpers_from_another_county_are_enterprises_of_that_county(area: Made) -> None:
    helped = "FROM enterprise_pairing WHERE enterprise_county = '柳林县' AND region_code LIKE '141123%'"
    assert area.row(f"SELECT count(DISTINCT enterprise_code), count(DISTINCT region_code) {helped}") == (16, 24)
    unknown = "SELECT count(*) FROM enterprise_pairing ANTI JOIN enterprise USING (enterprise_code)"
    assert area.value(unknown) == 0


def test_one_plan_for_each_village_and_one_set_for_each_household(area: Made) -> None:
    assert area.value("SELECT count(*) = count(DISTINCT region_code) FROM village_plan") is True
    assert area.value("SELECT count(DISTINCT set_no) = count(DISTINCT household_code) FROM assistance_measure") is True


def test_five_counties_due_this_year_are_equipped(area: Made) -> None:
    equipped = """SELECT count(*) FROM target t WHERE kind = '贫困县摘帽' AND year = 2018 AND NOT EXISTS (
        SELECT 1 FROM village v WHERE v.region_code LIKE left(t.region_code, 6) || '%'
        AND NOT (road_hardened AND bus AND broadband AND clinic_qualified))"""
    assert area.value(equipped) == 5
