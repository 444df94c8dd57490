"""Divisions as they were on a day: mergers, predecessors, and names that several places share."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingzhun.policy import Divisions, Found, Pack
from jingzhun.policy.divisions import name_forms
from jingzhun.policy.schema import DivisionRow

JIAOKOU = "141130000000"
THEN, NOW = date(2018, 12, 31), date(2023, 6, 30)


def villages(pack: Pack, day: date, county: str = JIAOKOU) -> list[str]:
    tree = pack.divisions.on(day)
    return [code for code in tree.under(county, 5) if tree.get(code).kind == "村委会"]


def test_the_county_has_95_villages_at_the_end_of_2018_and_88_in_2023(pack: Pack) -> None:
    assert len(villages(pack, THEN)) == 95
    assert len(villages(pack, NOW)) == 88


def test_the_seven_villages_that_are_gone_are_marked_synthetic_and_name_their_successor(pack: Pack) -> None:
    then, now = pack.divisions.on(THEN), pack.divisions.on(NOW)
    gone = set(villages(pack, THEN)) - set(villages(pack, NOW))
    assert len(gone) == 7
    for code in gone:
        row = then.get(code)
        assert row.synthetic and "合成前身" in row.name and "合成前身村" in row.source
        heir = now.get(row.successor_code)
        assert heir.parent_code == row.parent_code and not heir.synthetic


def test_only_the_predecessors_are_synthetic(pack: Pack) -> None:
    assert sum(row.synthetic for row in pack.divisions.rows) == 7


def test_a_merger_happens_on_its_day(pack: Pack) -> None:
    merged = next(row for row in pack.divisions.rows if row.synthetic)
    assert merged.valid_to is not None
    assert merged.region_code in pack.divisions.on(merged.valid_to - timedelta(days=1))
    assert merged.region_code not in pack.divisions.on(merged.valid_to)


def test_the_whole_prefecture_is_there(pack: Pack) -> None:
    tree = pack.divisions.on(NOW)
    counts = [len(tree.under("140000000000", level)) for level in range(1, 6)]
    assert counts == [1, 1, 13, 154, 2456]


def test_six_villages_of_one_name_are_candidates_and_never_a_guess(pack: Pack) -> None:
    tree = pack.divisions.on(THEN)
    found = tree.find(("", "", "", "", "马家山村"))
    assert found.code is None and len(found.candidates) == 6
    within = tree.find(("", "", "临县", "", "马家山村"))
    assert within.code is None and len(within.candidates) == 3
    assert tree.find(("", "", "石楼县", "裴沟乡", "马家山")) == Found("141126204211")


def test_the_two_villages_called_shikou_are_told_apart_by_their_township(pack: Pack) -> None:
    tree = pack.divisions.on(THEN)
    assert set(tree.find(("", "", "交口县", "", "石口村")).candidates) == {"141130102207", "141130104200"}
    assert tree.find(("", "", "交口", "双池", "石口")) == Found("141130102207")
    assert tree.find(("山西省", "吕梁市", "交口县", "石口镇", "石口村民委员会")) == Found("141130104200")


def test_a_search_within_a_county_does_not_leave_it(pack: Pack) -> None:
    tree = pack.divisions.on(THEN)
    assert tree.find(("", "", "", "", "马家山村"), within="141126000000") == Found("141126204211")
    assert tree.find(("", "", "", "", "马家山村"), within=JIAOKOU) == Found(None)


def test_names_that_fit_nothing_or_are_not_given_find_nothing(pack: Pack) -> None:
    tree = pack.divisions.on(THEN)
    assert tree.find(("", "", "", "", "")) == Found(None)
    assert tree.find(("", "", "交口县", "水头镇", "不存在村")) == Found(None)
    assert tree.find(("", "", "兴县", "水头镇", "交口村")) == Found(None)


@pytest.mark.parametrize("suffix", ["村委会", "村民委员会", "村", ""])
def test_a_village_is_found_however_its_suffix_is_written(pack: Pack, suffix: str) -> None:
    tree = pack.divisions.on(THEN)
    assert tree.find(("", "", "交口县", "桃红坡镇", f"大麦郊{suffix}")) == Found("141130103200")


def test_a_one_character_village_keeps_its_suffix(pack: Pack) -> None:
    tree = pack.divisions.on(THEN)
    assert name_forms("赵村村委会", 5) == ("赵村村委会", "赵村")
    assert tree.find(("", "", "交口县", "水头镇", "赵村")) == Found("141130100212")


def test_every_village_is_found_by_its_full_names(pack: Pack) -> None:
    tree = pack.divisions.on(THEN)
    for code, row in tree.rows.items():
        if row.level == 5:
            names = tuple(tree.get(above).name for above in tree.ancestors(code))[::-1]
            assert tree.find(names) == Found(code), names


def test_a_community_never_answers_for_the_village_of_its_name() -> None:
    def row(code: str, name: str, level: int, parent: str) -> DivisionRow:
        return DivisionRow(
            region_code=code,
            name=name,
            level=level,
            kind="其他",
            valid_from=date(2001, 1, 1),
            parent_code=parent,
            source="test",
        )

    tree = Divisions(
        [
            row("990000000000", "云山省", 1, ""),
            row("990101100001", "河口社区居委会", 5, "990000000000"),
            row("990101100200", "河口村委会", 5, "990000000000"),
        ]
    ).on(THEN)
    assert tree.find(("", "", "", "", "河口村")) == Found("990101100200")
    assert tree.find(("", "", "", "", "河口社区")) == Found("990101100001")
    assert len(tree.find(("", "", "", "", "河口")).candidates) == 2


@given(st.dates(date(2001, 1, 1), date(2040, 1, 1)))
def test_on_any_day_every_parent_is_in_force(pack: Pack, day: date) -> None:
    tree = pack.divisions.on(day)
    assert all(row.parent_code in tree for row in tree.rows.values() if row.level > 1)
    assert len(tree.under("140000000000")) == len(tree.rows)
