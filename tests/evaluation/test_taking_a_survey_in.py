"""``jingzhun synth-survey`` and ``jingzhun survey``: an invented survey is sent and held against its sample."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.command_line.conftest import Command
from tests.evaluation.conftest import COUNTY


def told(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def sent(sampled: Path, county: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What evaluators sent, with the truth; nobody may change it."""
    folder = tmp_path_factory.mktemp("sent") / "survey"
    words = ("synth-survey", sampled, county, "--out", folder)
    subprocess.run([sys.executable, "-m", "jingzhun_cli.main", *map(str, words)], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def taken(sampled: Path, sent: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """The folder of the survey as it was taken in, and what the command said."""
    folder = tmp_path_factory.mktemp("taken") / "out"
    words = ("survey", sampled, sent / "files", "--out", folder, "--json")
    done = subprocess.run([sys.executable, "-m", "jingzhun_cli.main", *map(str, words)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder, json.loads(done.stdout)


def test_every_row_has_a_receipt(taken: tuple[Path, Any], sent: Path) -> None:
    rows = taken[1]["accounting"]
    assert rows["rows"] == sum(rows[part] for part in ("accepted", "warned", "quarantined", "rejected", "ignored"))
    impossible = [row for row in told(sent / "truth" / "dirt.csv") if row["kind"] == "impossible_date"]
    assert rows["quarantined"] + rows["rejected"] == len(impossible) == 1
    assert rows["warned"] > 0, "dates and flags in other notations are read and said"


def test_everything_planted_is_found(taken: tuple[Path, Any], sent: Path) -> None:
    planted = {(row["check"], row["household_key"]) for row in told(sent / "truth" / "planted.csv")}
    found = {(row["check"], row["household_key"]) for row in taken[1]["findings"]}
    assert len(planted) >= 6
    assert planted <= found


def test_nothing_is_found_that_was_not_planted_or_soiled(taken: tuple[Path, Any], sent: Path) -> None:
    planted = {row["household_key"] for row in told(sent / "truth" / "planted.csv")}
    back = {row["household_key"] for row in told(sent / "truth" / "dirt.csv") if row["kind"] == "impossible_date"}
    stray = [
        row["zh"] for row in taken[1]["findings"] if row["household_key"] and row["household_key"] not in planted | back
    ]
    assert stray == []


def test_verdicts_are_the_truth_of_what_was_noticed(sent: Path) -> None:
    truth = {row["household_key"]: row["wrong"] == "True" for row in told(sent / "truth" / "households.csv")}
    cases = told(sent / "truth" / "cases.csv")
    assert cases and all((case["verdict"] == "属实") == truth[case["household_key"]] for case in cases)


def test_the_truth_is_that_of_the_whole_county(sent: Path, county: Path, sampled: Path) -> None:
    rates = json.loads((sent / "truth" / "rates.json").read_text("utf-8"))
    frame = json.loads((sampled / "sample.json").read_text("utf-8"))["counties"][0]["strata"]
    [own] = rates["counties"]
    assert own["county_code"] == COUNTY
    assert own["exited_persons"] == sum(one["exited_persons"] for one in frame)
    assert own["outside_persons"] == sum(one["outside_persons"] for one in frame)
    assert rates["whole"]["omission"] == own["omitted_persons"] / own["outside_persons"]


def test_what_was_found_lies_in_a_table_and_the_survey_in_a_snapshot(taken: tuple[Path, Any]) -> None:
    folder, said = taken
    assert len(told(folder / "findings.csv")) == len(said["findings"])
    account = json.loads((folder / "survey.json").read_text("utf-8"))
    assert account["snapshot"] == json.loads((folder / "snapshot" / "manifest.json").read_text("utf-8"))["fingerprint"]
    assert account["synthetic"] is True
    assert (folder / "snapshot" / "survey_visit.parquet").is_file()


def test_invented_answers_are_said_to_be(sent: Path) -> None:
    assert "nobody was visited" in (sent / "SYNTHETIC.txt").read_text("utf-8")


def test_the_same_seed_invents_the_same_survey(
    asked: Command, sampled: Path, county: Path, sent: Path, tmp_path: Path
) -> None:
    assert asked("synth-survey", sampled, county, "--out", tmp_path / "again").code == 0
    for path in sorted(one for one in sent.rglob("*") if one.is_file()):
        assert (tmp_path / "again" / path.relative_to(sent)).read_bytes() == path.read_bytes(), path.name


def test_people_are_told_what_became_of_the_households(
    asked: Command, sampled: Path, sent: Path, tmp_path: Path
) -> None:
    shown = asked("survey", sampled, sent / "files", "--out", tmp_path / "out")
    assert shown.code == 0
    for words in ("无人在家", "未访问", "T08", "没有给地方申诉举证的机会", "findings.csv"):
        assert words in shown.out


def test_no_survey_is_made_up_about_real_people(asked: Command, tmp_path: Path, county: Path) -> None:
    real = tmp_path / "real"
    shutil.copytree(county, real)
    for name in ("manifest.json", "SYNTHETIC.txt", "region.parquet", "region_closure.parquet", "policy_item.parquet"):
        (real / name).unlink(missing_ok=True)
    reseal(real)
    assert asked("sample", real, "--out", tmp_path / "sample", "--seed", 1).code == 0
    ended = asked("synth-survey", tmp_path / "sample", real, "--out", tmp_path / "made", "--json")
    assert ended.code == 2 and "不能替真实的人编造" in ended.json["error"]["zh"]
    assert not (tmp_path / "made").exists()


def reseal(folder: Path) -> None:
    from jingzhun.policy import load_pack
    from jingzhun.snapshot import seal
    from tests.evaluation.conftest import YEAR_END

    seal(folder, load_pack("luliang_2018"), YEAR_END, region=COUNTY, synthetic=False, source="real")


def test_another_snapshot_than_was_drawn_from_is_refused(asked: Command, sampled: Path, tmp_path: Path) -> None:
    from tests.command_line.asking import small_snapshot

    ended = asked("synth-survey", sampled, small_snapshot(tmp_path / "s"), "--out", tmp_path / "o", "--json")
    assert ended.code == 2 and "不是从这个快照抽的" in ended.json["error"]["zh"]


def test_two_samples_do_not_meet_in_one_folder(
    asked: Command, county: Path, taken: tuple[Path, Any], sent: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(taken[0], tmp_path / "out"))
    assert asked("sample", county, "--out", tmp_path / "other", "--seed", 99).code == 0
    ended = asked("survey", tmp_path / "other", sent / "files", "--out", folder, "--json")
    assert ended.code == 2 and "另一个样本的调查" in ended.json["error"]["zh"]


def test_a_sample_that_was_changed_takes_nothing_in(asked: Command, drawn: Path, sent: Path, tmp_path: Path) -> None:
    (drawn / "sampled_household.parquet").write_bytes(b"PAR1")
    ended = asked("survey", drawn, sent / "files", "--out", tmp_path / "out", "--json")
    assert ended.code == 5 and "样本被改动过" in ended.json["error"]["zh"]
    assert not (tmp_path / "out").exists()


def test_the_output_may_not_lie_among_what_is_taken_in(asked: Command, drawn: Path) -> None:
    ended = asked("survey", drawn, drawn / "visit_lists", "--out", drawn / "visit_lists" / "out", "--json")
    assert ended.code == 2 and "--out" in ended.json["error"]["zh"]


def test_lists_that_nobody_filled_in_are_nothing(asked: Command, drawn: Path, tmp_path: Path) -> None:
    ended = asked("survey", drawn, drawn / "visit_lists", "--out", tmp_path / "out", "--json")
    assert ended.code == 3 and "没有接收到任何一行数据" in ended.json["error"]["zh"]
