"""Divisions come from the policy pack with their dates; the same source twice is nothing, a broken one is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jingzhun_web.audit.models import Entry
from jingzhun_web.bridge.divisions import take_in_pack
from jingzhun_web.regions.models import Region
from jingzhun_web.regions.queries import children_of, line_of, path_on, region_on, whole_name
from jingzhun_web.regions.services import BrokenTree, Division, take_in
from tests.people import BEGINNING, EAST, PINE, STAGE, UPPER, Cast

PACK = "luliang_2018"
COUNTY = "141130000000"
TODAY = date(2019, 1, 1)


def test_a_whole_pack_is_one_entry_and_its_tree_is_whole(cast: Cast) -> None:
    before = Entry.objects.count()
    added = take_in_pack(STAGE, PACK)
    assert (Entry.objects.count(), added > 2000) == (before + 1, True)
    county = region_on(COUNTY, TODAY)
    assert county is not None
    assert [one.level for one in line_of(county, TODAY)] == [1, 2, 3]
    townships = list(children_of(county, TODAY))
    assert len(townships) > 5 and {one.parent_code for one in townships} == {COUNTY}
    assert take_in_pack(STAGE, PACK) == 0
    assert Entry.objects.count() == before + 1


def test_a_division_under_one_that_is_not_there_is_refused(cast: Cast) -> None:
    lost = Division("911121100299", "孤村", 5, "999999999999", BEGINNING)
    with pytest.raises(BrokenTree):
        take_in(STAGE, [lost], "test")
    circle = [Division("1", "甲", 4, "2", BEGINNING), Division("2", "乙", 4, "1", BEGINNING)]
    with pytest.raises(BrokenTree):
        take_in(STAGE, circle, "test")
    assert not Region.objects.filter(code__in=["911121100299", "1", "2"]).exists()


def test_a_renamed_division_has_its_name_of_each_day(cast: Cast) -> None:
    renamed = date(2020, 5, 1)
    take_in(STAGE, [
        Division(PINE, "松县", 3, "", BEGINNING), Division(UPPER, "上镇", 4, PINE, BEGINNING),
        Division(EAST, "东村", 5, UPPER, BEGINNING), Division(EAST, "东方村", 5, UPPER, renamed),
    ], "test")  # fmt: skip
    names = [getattr(region_on(EAST, renamed + timedelta(days=days)), "name", None) for days in (-1, 0)]
    assert names == ["东村", "东方村"]
    assert whole_name(EAST, renamed).endswith("东方村")


def test_before_its_first_day_a_division_is_nowhere(cast: Cast) -> None:
    assert path_on(EAST, BEGINNING - timedelta(days=1)) == ""
    assert whole_name("000000000000", TODAY) == "000000000000"
