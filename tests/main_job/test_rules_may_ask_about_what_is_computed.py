"""Screening first makes the computed tables that rules in force ask about, and only then."""

from __future__ import annotations

from dataclasses import replace

from jingzhun.pipeline import computed, screened
from jingzhun.policy import load_pack
from tests.main_job.conftest import Done

PACK = load_pack("luliang_2018")


def test_a_village_that_does_not_balance_is_found(county: Done) -> None:
    with computed(county.snapshot, PACK) as (engine, _, _):
        wanted = {
            f"{row['region_code']}|{row['stock']}|{row['counted']}"
            for row in engine.rows("SELECT * FROM flow WHERE difference <> 0 AND right(region_code, 3) <> '000'")
        }
        villages = engine.rows("SELECT count(*) AS n FROM village_facts")
    with screened(county.snapshot, PACK) as (engine, _):
        found = {row["row_key"] for row in engine.rows("SELECT row_key FROM finding WHERE rule = 'K24'")}
        assert engine.rows("SELECT count(*) AS n FROM village_facts") == villages
    assert found == wanted


def test_rules_of_the_register_alone_compute_nothing_before(county: Done) -> None:
    alone = replace(PACK, rules={"A11": PACK.rules["A11"]})
    with screened(county.snapshot, alone) as (engine, _):
        ran = {traced.step.name for traced in engine.trace}
    assert "finding" in ran
    assert not ran & {"flow", "village_facts", "county_facts", "figure"}
