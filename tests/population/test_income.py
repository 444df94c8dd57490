"""Income accounts add up to the fen."""

from __future__ import annotations

from tests.population.conftest import Made

PIVOT = """(SELECT household_code, map_from_entries(list((item, amount))) AS of FROM income_item
    WHERE data_year = 2018 GROUP BY household_code)"""


def test_leaves_add_up_to_their_parents(county: Made) -> None:
    parents = {
        "工资性收入": ("务工收入", "乡镇公益岗收入", "村级公益岗收入"),
        "生产经营性收入": ("种植业收入", "养殖业收入", "林果业收入"),
        "财产性收入": ("资产收益扶贫分红收入", "土地流转收入"),
        "转移性收入": ("低保金", "养老保险金", "生态补偿金", "其他转移性收入"),
        "年总收入": ("工资性收入", "生产经营性收入", "财产性收入", "转移性收入"),
        "生产经营性支出": ("种植业支出", "养殖业支出", "林果业支出"),
    }
    for parent, leaves in parents.items():
        total = " + ".join(f"coalesce(of['{leaf}'], 0)" for leaf in leaves)
        assert county.value(f"SELECT count(*) FROM {PIVOT} WHERE of['{parent}'] <> {total}") == 0, parent


def test_net_income_and_income_per_head_are_exact(county: Made) -> None:
    wrong = f"""SELECT count(*) FROM {PIVOT} i JOIN household h ON h.household_code = i.household_code
        WHERE h.data_year = 2018 AND (of['家庭纯收入'] <> of['年总收入'] - of['生产经营性支出']
            OR of['家庭人均纯收入'] * member_count <> of['家庭纯收入']
            OR of['家庭人均纯收入'] <> net_income_per_head)"""
    assert county.value(wrong) == 0
    assert county.value(f"SELECT count(*) FROM {PIVOT}") == 7650


def test_the_exited_are_above_the_line_and_the_poor_below(county: Made) -> None:
    line = 350_000
    income = "SELECT min(net_income_per_head), max(net_income_per_head) FROM household WHERE data_year = 2018"
    least, _ = county.row(f"{income} AND exit_status IN ('已脱贫', '稳定脱贫')")
    _, most = county.row(f"{income} AND exit_status IN ('未脱贫', '返贫')")
    assert int(str(most)) < line < int(str(least))


def test_no_amount_is_negative(county: Made) -> None:
    assert county.value("SELECT min(amount) >= 0 FROM income_item") is True
