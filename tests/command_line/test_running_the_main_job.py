"""``jingzhun run``: again and again into one folder, as a clerk does it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from jingzhun.snapshot import held
from tests.command_line.conftest import Command
from tests.intake.making import person, workbook


def test_three_runs_into_one_folder_keep_the_older_snapshot(jingzhun: Command, delivery: Path, tmp_path: Path) -> None:
    first, again = jingzhun("run", delivery, "--json"), jingzhun("run", delivery, "--json")
    assert first.json["fingerprint"] == again.json["fingerprint"]
    workbook(delivery / "更正_2018年.xlsx", [person(2)])
    third = jingzhun("run", delivery, "--json")
    assert (first.code, again.code, third.code) == (0, 0, 0)
    assert third.json["fingerprint"] != first.json["fingerprint"]
    kept = {path.name for path in (tmp_path / "out").glob("snapshot*")}
    assert kept == {"snapshot", f"snapshot-{first.json['fingerprint'][:12]}"}


def test_what_an_interrupted_run_left_does_not_stand_in_the_way(
    jingzhun: Command, delivery: Path, tmp_path: Path
) -> None:
    (tmp_path / "out" / "snapshot.new").mkdir(parents=True)
    assert jingzhun("run", delivery).code == 0


def test_a_file_no_longer_delivered_still_counts_and_is_named(jingzhun: Command, delivery: Path) -> None:
    workbook(delivery / "补充_2018年.xlsx", [person(7)])
    jingzhun("run", delivery)
    (delivery / "补充_2018年.xlsx").unlink()
    ended = jingzhun("run", delivery)
    assert "先前接收的文件仍然计入" in ended.out and "补充_2018年.xlsx" in ended.out


def test_nothing_usable_gives_no_answer_sheet(jingzhun: Command, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    (tmp_path / "空" / "x.csv").write_text("a,b\n1,2\n")
    ended = jingzhun("run", "空")
    assert ended.code == 3
    assert "不生成答卷" in ended.err
    assert not (tmp_path / "out" / "answers").exists()


def test_a_refused_file_is_told_by_the_exit_code_after_all_is_written(
    jingzhun: Command, delivery: Path, tmp_path: Path
) -> None:
    (delivery / "x.csv").write_text("a,b\n1,2\n")
    assert jingzhun("run", delivery).code == 3
    assert list((tmp_path / "out" / "answers").glob("*.pdf"))


def test_invented_people_stay_marked_wherever_the_mark_lies(jingzhun: Command, delivery: Path) -> None:
    assert jingzhun("run", delivery, "--json", "--out", "a").json["synthetic"] is False
    (delivery.parent / "SYNTHETIC.txt").write_text("invented")
    assert jingzhun("run", delivery / "扶贫办", "--json", "--out", "b").json["synthetic"] is True


def test_invented_people_stay_marked_when_more_is_sent_later(jingzhun: Command, delivery: Path, tmp_path: Path) -> None:
    (delivery / "SYNTHETIC.txt").write_text("invented")
    jingzhun("run", delivery)
    later = tmp_path / "退回"
    later.mkdir()
    workbook(later / "更正_2018年.xlsx", [person(2)])
    assert jingzhun("run", later, "--json").json["synthetic"] is True


def test_several_folders_are_taken_in_the_order_they_are_named(jingzhun: Command, tmp_path: Path) -> None:
    for folder, sex in (("甲", "男"), ("乙", "女")):
        (tmp_path / folder).mkdir()
        workbook(tmp_path / folder / f"{folder}_2018年.xlsx", [person(1, 性别=sex)])
    ended = jingzhun("run", "乙", "甲", "--json")
    assert ended.json["accounting"]["rows"] == 2
    row = jingzhun("explain", "乙_2018年.xlsx:人员:2", "--snapshot", "out/snapshot", "--json").json
    assert "甲_2018年.xlsx" in str(row)


def test_a_list_that_nobody_delivered_is_not_nobody_insured(jingzhun: Command, delivery: Path) -> None:
    answers = {entry["figure"]: entry for entry in jingzhun("run", delivery, "--json").json["answers"]}
    rate = answers["F014"]
    assert (rate["value"], rate["numerator"], rate["denominator"], rate["unknown"]) == (None, None, 2, 2)


def test_a_returned_workbook_follows_what_it_corrects(jingzhun: Command, delivery: Path, tmp_path: Path) -> None:
    workbook(delivery / "000001-人员_2018年_退回.xlsx", [person(1, 姓名="改正")])
    snapshot = Path(jingzhun("run", delivery, "--json").json["snapshot"])
    row = jingzhun("explain", "000001-人员_2018年_退回.xlsx:人员:2", "--snapshot", tmp_path / snapshot, "--json")
    assert row.json["rows"][0]["shown"][0]["name"] == "改正"


@pytest.mark.parametrize("damage", [lambda it: it / "manifest.json", lambda it: it / "person.parquet"])
def test_a_damaged_snapshot_does_not_stand_in_the_way_of_its_repair(
    jingzhun: Command, delivery: Path, tmp_path: Path, damage: Callable[[Path], Path]
) -> None:
    first = jingzhun("run", delivery, "--json").json["fingerprint"]
    damage(tmp_path / "out" / "snapshot").write_text("{")
    again = jingzhun("run", delivery, "--json")
    assert again.code == 0 and again.json["fingerprint"] == first
    [aside] = (tmp_path / "out").glob("snapshot-*")
    assert aside.name.startswith("snapshot-damaged-") and aside.name in again.err
    assert jingzhun("answers", "out/snapshot", "--json").code == 0


def test_two_runs_at_once_into_one_folder_are_one_run_and_one_refusal(
    jingzhun: Command, delivery: Path, tmp_path: Path
) -> None:
    with held(tmp_path / "out"):
        ended = jingzhun("run", delivery, "--json")
    assert ended.code == 2
    assert "正被另一个任务使用" in ended.json["error"]["zh"]
    assert not (tmp_path / "out" / "store").exists()
    assert jingzhun("run", delivery).code == 0
