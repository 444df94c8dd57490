"""A shelf of broken packs, one mistake each: the report says what is wrong, where, and what to do."""

from pathlib import Path

import pytest

from jingzhun.policy import PackFaults, find_pack, load_pack
from jingzhun.policy.check import check_pack
from tests.policy.packs import SHELF, Mistake, make_mistake, mistakes, sound_pack


def test_the_base_pack_has_no_faults(tmp_path: Path) -> None:
    assert check_pack(sound_pack(tmp_path)) == []


@pytest.mark.parametrize("mistake", mistakes(), ids=lambda mistake: mistake.name)
def test_the_mistake_is_reported_with_file_line_and_words(mistake: Mistake, tmp_path: Path) -> None:
    root = sound_pack(tmp_path)
    make_mistake(root, mistake)
    faults = check_pack(root)
    said = [(fault.file, fault.line, fault.zh, fault.en) for fault in faults]
    assert any(
        file == mistake.found_in and line == mistake.line and mistake.zh in zh and mistake.en in en
        for file, line, zh, en in said
    ), said
    assert len(faults) == mistake.faults, said
    assert all(zh.endswith(("。", "？", ".")) and en.endswith((".", "?", "]")) for _, _, zh, en in said), said


def test_the_shelf_holds_at_least_twenty_five_mistakes() -> None:
    assert len(list(SHELF.glob("*.yaml"))) >= 25


def test_several_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    root = sound_pack(tmp_path)
    chosen = {"empty_unit", "orphan_division", "subquery", "layout_header_twice"}
    for mistake in mistakes():
        if mistake.name in chosen:
            make_mistake(root, mistake)
    files = {fault.file for fault in check_pack(root)}
    assert {"parameters/notice_days.yaml", "regions/divisions.csv", "indicators/people.yaml"} <= files


def test_an_unreadable_pack_file_does_not_hide_the_other_faults(tmp_path: Path) -> None:
    root = sound_pack(tmp_path)
    (root / "pack.yaml").write_text("id: [", "utf-8")
    (root / "schemes" / "two_worries.yaml").write_text("id: two_worries\n", "utf-8")
    with pytest.raises(PackFaults) as caught:
        load_pack(root)
    assert {fault.file for fault in caught.value.faults} == {"pack.yaml", "schemes/two_worries.yaml"}
    assert "pack.yaml:2" in str(caught.value)


def test_the_shipped_pack_has_no_faults() -> None:
    assert check_pack(find_pack("luliang_2018")) == []
