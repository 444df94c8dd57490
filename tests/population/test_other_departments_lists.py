"""The departments' lists of the invented county: what a comparison must find in them is known beforehand."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from jingzhun.policy import Pack
from jingzhun.policy.comparison import lead_number
from jingzhun.population.calibration import Comparison, read_calibration
from tests.population.conftest import Made

FAMILY_CARS = ("分户子女有车", "分户子女识别后购车")


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


def test_family_elsewhere_is_on_the_roster_and_in_the_register_only_where_a_family_was_split(county: Made) -> None:
    assert int(str(county.value("SELECT count(*) FROM family_tie"))) > 0
    assert county.value("SELECT count(*) FROM family_tie ANTI JOIN resident USING (id_number)") == 0
    registered = "SELECT household_code FROM family_tie SEMI JOIN person USING (id_number) ORDER BY 1"
    labelled_homes = f"SELECT household_code FROM read_csv('{findings(county)}', all_varchar=true) ORDER BY 1"
    assert county.rows(registered) == county.rows(labelled_homes)


def test_the_number_of_a_lead_is_made_as_the_comparison_makes_it() -> None:
    assert lead_number("X07", "P1", "机动车|V1").startswith("X07-")
    assert lead_number("X07", "P1", "机动车|V1") != lead_number("X07", "P1", "机动车|V2")


def findings(county: Made) -> Path:
    """What a screening must find that is in no ledger."""
    return county.folder / "truth" / "findings.csv"


def labelled(county: Made) -> str:
    """Records with their labels: whom each is about, as leads are numbered, and what is wrong with how it says so."""
    path = county.folder / "truth" / "records.csv"
    return (
        f"(SELECT t.kind, t.about, r.* FROM read_csv('{path}', header=true, all_varchar=true) t "
        "JOIN department_record r ON r.source = t.source AND r.record_no = t.record_no)"
    )


def test_every_record_is_labelled_with_the_person_it_is_about(county: Made) -> None:
    counted = county.row(f"SELECT count(*), count(DISTINCT source || '|' || record_no) FROM {labelled(county)}")
    assert counted == county.row("SELECT count(*), count(*) FROM department_record")
    members = "SELECT person_code FROM person WHERE data_year = 2018"
    ties = "SELECT household_code || '|' || name FROM family_tie"
    strangers = f"WHERE about IS NOT NULL AND about NOT IN ({members} UNION ALL {ties})"
    assert county.value(f"SELECT count(*) FROM {labelled(county)} {strangers}") == 0
    assert county.value(f"SELECT count(*) FROM {labelled(county)} WHERE about IN ({members})") != 0
    assert county.value(f"SELECT count(*) FROM {labelled(county)} WHERE about IN ({ties})") != 0


@pytest.mark.parametrize(
    ("kind", "so"),
    [
        ("number_missing", "r.id_number IS NULL"),
        ("digit_mistyped", "hamming(left(r.id_number, 18), left(p.id_number, 18)) = 1"),
        ("fifteen_digits", "r.id_number = left(p.id_number, 6) || substr(p.id_number, 9, 9)"),
        ("homophone", "r.name <> p.name AND left(r.id_number, 18) = left(p.id_number, 18)"),
        ("digits_swapped", "hamming(left(r.id_number, 18), left(p.id_number, 18)) = 2 AND r.name = p.name"),
        ("character_lost", "r.name = left(p.name, 1) || substr(p.name, 3) AND length(r.name) = length(p.name) - 1"),
        ("number_of_a_relative", "r.name = p.name AND left(r.id_number, 18) <> left(p.id_number, 18)"),
        ("disability_card", "length(r.id_number) = 20 AND left(r.id_number, 18) = left(p.id_number, 18)"),
    ],
)
def test_a_label_says_what_is_wrong_with_the_record(county: Made, kind: str, so: str) -> None:
    pairs = f"FROM {labelled(county)} r JOIN person p ON p.person_code = r.about AND p.data_year = 2018"
    mine = f"{pairs} WHERE r.kind = '{kind}'"
    assert county.value(f"SELECT count(*) {mine}") != 0
    assert county.value(f"SELECT count(*) {mine} AND NOT ({so})") == 0


def test_a_record_without_a_label_of_wrong_is_the_person_to_the_digit(county: Made) -> None:
    pairs = f"FROM {labelled(county)} r JOIN person p ON p.person_code = r.about AND p.data_year = 2018"
    clean = f"{pairs} WHERE r.kind IS NULL"
    assert county.value(f"SELECT count(*) {clean}") != 0
    assert (
        county.value(f"SELECT count(*) {clean} AND NOT (r.name = p.name AND left(p.id_number, 18) = r.id_number)") == 0
    )


def test_a_borrowed_number_is_a_members_and_the_record_is_about_nobody_of_them(county: Made) -> None:
    borrowed = f"FROM {labelled(county)} r WHERE r.kind = 'borrowed_number'"
    assert county.value(f"SELECT count(*) {borrowed}") != 0
    held = "SELECT 1 FROM person p WHERE p.data_year = 2018 AND p.id_number = r.id_number AND p.name <> r.name"
    assert county.value(f"SELECT count(*) {borrowed} AND NOT EXISTS ({held})") == 0
    assert county.value(f"SELECT count(*) {borrowed} AND r.about IN (SELECT person_code FROM person)") == 0


def enrolled_twice(county: Made) -> set[object]:
    """Members of whom the school list holds records of two schools, as a hand would count them: by their labels."""
    schools = f"SELECT about FROM {labelled(county)} WHERE source = '学籍' GROUP BY about HAVING"
    return {who for (who,) in county.rows(f"{schools} count(DISTINCT object) > 1")}


def test_pupils_enrolled_twice_are_those_with_a_verdict_and_no_others(county: Made) -> None:
    twice = enrolled_twice(county)
    records = f"SELECT about, '学籍|' || max(record_no) FROM {labelled(county)} WHERE source = '学籍' GROUP BY about"
    later = {lead_number("X34C", str(who), str(key)) for who, key in county.rows(records) if who in twice}
    assert later == {lead for (lead,) in county.rows("SELECT lead_no FROM lead_verdict WHERE note = '双重学籍'")}
    assert len(twice) > 3
    assert enrolled_twice(without_schools_names(county)) == set()


def without_schools_names(county: Made) -> Made:
    """The sabotaged twin: a list that does not say which school it is cannot show a second one."""
    blank = duckdb.connect()
    records = county.folder / "truth" / "department_record.parquet"
    blank.execute(f"CREATE VIEW department_record AS SELECT * REPLACE (NULL AS object) FROM '{records}'")
    return Made(county.folder, county.report, blank)


def test_what_family_elsewhere_bought_lies_before_or_after_the_household_was_identified(county: Made) -> None:
    identified = "SELECT household_code, min(identified) AS identified FROM person WHERE data_year = 2018 GROUP BY 1"
    bought = (
        f"SELECT strftime(r.starts_on, '%Y-%m') > h.identified, count(*) FROM {labelled(county)} r "
        f"JOIN ({identified}) h ON h.household_code = split_part(r.about, '|', 1) WHERE r.source = '机动车' "
        "AND contains(r.about, '|') GROUP BY 1 ORDER BY 1"
    )
    planted = [county.value(f"SELECT count(*) FROM lead_verdict WHERE note = '{kind}'") for kind in FAMILY_CARS]
    assert county.rows(bought) == [(False, planted[0]), (True, planted[1])]


def of_kind(county: Made, check: str, kind: str) -> list[dict[str, object]]:
    """The records that the verdicts of a kind are about, where the check is about the record alone."""
    verdicts = {lead for (lead,) in county.rows(f"SELECT lead_no FROM lead_verdict WHERE note = '{kind}'")}
    columns = ("source", "record_no", "name", "birth_date", "region_code", "about", "kind")
    rows = county.rows(f"SELECT {', '.join(columns)} FROM {labelled(county)} WHERE source = '农村低保'")
    records = [dict(zip(columns, row, strict=True)) for row in rows]
    return [one for one in records if lead_number(check, "", f"{one['source']}|{one['record_no']}") in verdicts]


def test_namesakes_on_the_list_are_nobody_of_the_register_and_have_no_birth_date(county: Made) -> None:
    found = of_kind(county, "X24", "同村同名低保未建档")
    assert len(found) == county.value("SELECT count(*) FROM lead_verdict WHERE note = '同村同名低保未建档'") != 0
    assert {(one["about"], one["birth_date"]) for one in found} == {(None, None)}
    registered = set(county.rows("SELECT region_code, name FROM person WHERE data_year = 2018"))
    plain = [one for one in found if one["kind"] is None and not str(one["region_code"]).endswith("000000")]
    assert {(one["region_code"], one["name"]) for one in plain} <= registered
    strangers = [one for one in of_kind(county, "X24", "低保未建档") if one["kind"] is None]
    assert not {(one["region_code"], one["name"]) for one in strangers} <= registered


def test_family_elsewhere_on_the_list_is_left_out_by_a_number_that_names_nobody(county: Made) -> None:
    found = of_kind(county, "X24", "分户子女低保未建档")
    ties = {f"{home}|{name}" for home, name in county.rows("SELECT household_code, name FROM family_tie")}
    assert found and {one["about"] for one in found} <= ties
