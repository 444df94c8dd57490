"""Labels, aliases, codes and their mixtures all lead to one canonical label, or to none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingzhun.model import TABLES
from jingzhun.policy import Pack
from jingzhun.policy.schema import CodeItem, CodeList

NATIONAL_LISTS = [
    "identify_standard",
    "household_attribute",
    "household_type",
    "poverty_cause",
    "relation",
    "sex",
    "id_type",
    "education",
    "in_school",
    "dropout_reason",
    "health",
    "labour",
    "political",
    "yes_no",
    "exit_status",
    "monitor_type",
    "risk_type",
    "disaster_subtype",
    "risk_clear_mode",
    "measure_type",
    "dev_measure_state",
    "public_post",
    "lowins",
    "tekun",
    "disability_class",
    "disability_grade",
    "road",
    "fuel",
    "housing_grade",
    "relocation_intent",
    "relocation_mode",
    "valid_flag",
    "person_change_in",
    "person_change_out",
    "village_attr",
    "certificate",
    "ethnic_gb3304",
]
"""The 39 national lists; the two editions of the household attribute and of the exit status are one list each."""


@pytest.mark.parametrize(
    ("codes", "written", "label"),
    [
        ("household_attribute", "一般贫困户", "一般贫困户"),
        ("household_attribute", "2-一般贫困户", "一般贫困户"),
        ("household_attribute", "01", "一般贫困户"),
        ("household_attribute", "1", "一般贫困户"),
        ("household_attribute", "特困供养脱贫户", "五保贫困户"),
        ("exit_status", "已脱贫（享受政策）", "已脱贫"),
        ("exit_status", "脱贫不享受政策户", "稳定脱贫"),
        ("exit_status", " 未脱贫 ", "未脱贫"),
        ("monitor_type", "100A03001", "脱贫不稳定户"),
        ("monitor_type", "100A03002-边缘易致贫户", "边缘易致贫户"),
        ("yes_no", "ｙｅｓ", "是"),
        ("yes_no", "无", "否"),
        ("ethnic_gb3304", "汉", "汉族"),
        ("poverty_cause", "缺劳动力", "缺劳力"),
        ("sex", "1.男", "男"),
        ("income_item", "D5a", "退耕还林补贴"),
        ("health", "残疾，长期慢性病", "残疾,长期慢性病"),
        ("health", "健康", "健康"),
    ],
)
def test_a_spelling_leads_to_its_label(pack: Pack, codes: str, written: str, label: str) -> None:
    assert pack.codes[codes].canonical(written) == label


@pytest.mark.parametrize(
    ("codes", "written"),
    [("sex", "未知"), ("sex", ""), ("village_attr", "9"), ("health", "残疾,未知"), ("poverty_cause", "12")],
)
def test_an_unknown_value_is_none_and_not_the_nearest(pack: Pack, codes: str, written: str) -> None:
    assert pack.codes[codes].canonical(written) is None


def test_yes_to_allowance_does_not_guess_which_allowance(pack: Pack) -> None:
    assert pack.codes["lowins"].canonical("是") == "享受（未分城乡）"
    assert pack.codes["tekun"].canonical("否") == "不享受"


def test_a_spelling_that_two_values_share_means_neither() -> None:
    codes = CodeList(
        id="crop",
        zh="作物",
        en="Crop",
        source="test",
        items=(CodeItem(label="小麦", aliases=("粮",)), CodeItem(label="玉米", aliases=("粮",))),
    )
    assert codes.canonical("粮") is None
    assert codes.canonical("小麦") == "小麦"


def test_no_spelling_of_the_shipped_lists_is_shared(pack: Pack) -> None:
    assert {codes.id: codes.spellings.shared for codes in pack.codes.values() if codes.spellings.shared} == {}


def test_every_national_list_is_there(pack: Pack) -> None:
    assert set(NATIONAL_LISTS) <= set(pack.codes)


def test_every_list_that_a_table_names_is_there(pack: Pack) -> None:
    named = {column.codes for table in TABLES.values() for column in table.all_columns if column.codes}
    assert named <= set(pack.codes)


def test_the_ethnic_groups_are_complete(pack: Pack) -> None:
    groups = pack.codes["ethnic_gb3304"].items
    assert [item.code for item in groups] == [f"{number:02d}" for number in range(1, 57)] + ["97", "98"]


@given(st.data())
def test_every_label_alias_and_code_comes_back_as_its_label(pack: Pack, data: st.DataObject) -> None:
    codes = pack.codes[data.draw(st.sampled_from(sorted(pack.codes)))]
    item = data.draw(st.sampled_from(codes.items))
    written = data.draw(st.sampled_from([item.label, *item.aliases, *([item.code] if item.code else [])]))
    assert codes.canonical(f" {written}\u200b") == item.label


@given(st.data(), st.text(max_size=12))
def test_whatever_is_written_the_answer_is_a_label_or_none(pack: Pack, data: st.DataObject, written: str) -> None:
    codes = pack.codes[data.draw(st.sampled_from(sorted(pack.codes)))]
    found = codes.canonical(written)
    labels = {item.label for item in codes.items}
    assert found is None or set(found.split(",")) <= labels
