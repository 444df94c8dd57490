"""``jingzhun evaluate``: from the snapshot, the sample and what came back to verdicts and a report, or a refusal."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from jingzhun.evaluation import read_sample
from jingzhun.policy import Pack
from jingzhun.snapshot import read_manifest, seal
from tests.command_line.asking import CODES
from tests.command_line.conftest import Command
from tests.evaluation.conftest import COUNTY, YEAR_END
from tests.small import table_of

Row = dict[str, Any]
REFUSING, UNHEARD = 11, 17
"""Every so many-th household refuses, and every so many-th has no opinion."""


def answers(sample: Path) -> tuple[list[Row], list[Row]]:
    """Visits to everybody drawn, and a case for the first exited and the first household outside the register."""
    drawn = [row for row in pq.read_table(sample / "sampled_household.parquet").to_pylist() if row["role"] == "样本"]
    visits = [_visit(number, row) for number, row in enumerate(drawn)]
    done = {visit["household_key"] for visit in visits if visit["outcome"] == "完成"}
    first = {row["subject"]: row for row in reversed(drawn) if row["household_key"] in done}
    cases = [
        _case("C1", first["脱贫户"], "疑似错退", "属实"),
        _case("C2", first["非建档立卡户"], "疑似漏评", None),
    ]
    return visits, cases


def _visit(number: int, row: Row) -> Row:
    refused = number % REFUSING == 0
    return {
        "visit_no": f"V{number:05d}",
        "household_key": row["household_key"],
        "region_code": row["region_code"],
        "subject": row["subject"],
        "outcome": "拒访" if refused else "完成",
        "visited_on": date(2019, 3, 1),
        "acknowledged": None if refused or number % UNHEARD == 0 else number % 50 != 1,
    }


def _case(number: str, row: Row, doubt: str, verdict: str | None) -> Row:
    known = {"case_no": number, "household_key": row["household_key"], "region_code": row["region_code"]}
    return known | {"doubt": doubt, "persons": row["members"], "verdict": verdict, "raised_on": date(2019, 3, 2)}


@pytest.fixture(scope="module")
def surveyed(sampled: Path, pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a survey leaves: frozen answers, and an account that names sample and snapshot; nobody may change it."""
    out = tmp_path_factory.mktemp("surveyed")
    folder = out / "snapshot"
    folder.mkdir()
    for name, rows in zip(("survey_visit", "doubtful_case"), answers(sampled), strict=True):
        pq.write_table(table_of(name, rows), folder / f"{name}.parquet")
    manifest = seal(folder, pack, YEAR_END, region=COUNTY, synthetic=True, source="synthetic")
    account = {"sample": read_sample(sampled).fingerprint, "snapshot": manifest.fingerprint, "findings": {}}
    (out / "survey.json").write_text(json.dumps(account), "utf-8")
    return out


def test_the_report_is_written_and_the_verdicts_are_told(
    asked: Command, county: Path, sampled: Path, surveyed: Path, tmp_path: Path
) -> None:
    ended = asked("evaluate", county, sampled, surveyed, "--out", tmp_path / "report")
    assert ended.code == CODES["done"], ended.err
    assert "错退率" in ended.out and "综合贫困发生率" in ended.out and "合成数据" in ended.out
    assert {path.suffix for path in (tmp_path / "report").iterdir()} == {".html", ".pdf", ".xlsx", ".json"}
    assert "wrong-exit" in asked("evaluate", county, sampled, surveyed, "--lang", "en").out.lower()


def test_programs_read_the_same_figures(asked: Command, county: Path, sampled: Path, surveyed: Path) -> None:
    report = asked("evaluate", county, sampled, surveyed, "--json").json
    visits, cases = answers(sampled)
    results = {one["rate"]: one for one in report["areas"][0]["results"]}
    [approval] = results["approval"]["official"]
    told = [visit["acknowledged"] for visit in visits if visit["acknowledged"] is not None]
    assert (approval["above"], approval["below"]) == (sum(told), len(told))
    [wrong] = results["wrong_exit"]["official"]
    assert wrong["above"] == cases[0]["persons"]
    assert (results["omission"]["found"], results["omission"]["pending"]) == (0, 1)
    assert report["sample"] == read_sample(sampled).fingerprint
    assert report["snapshot"] == read_manifest(county).fingerprint


def test_weights_meet_what_the_frame_of_the_snapshot_knows(
    asked: Command, county: Path, sampled: Path, surveyed: Path
) -> None:
    report = asked("evaluate", county, sampled, surveyed, "--json").json
    strata = read_sample(sampled).counties[0].strata
    known = {line["names"][0]["zh"]: line for line in report["margins"]}
    assert all(line["after"] == pytest.approx(line["known"], rel=1e-6) for line in known.values())
    outside = sum(line["known"] for name, line in known.items() if "非建档立卡户" in name)
    assert outside == sum(stratum.outside_persons for stratum in strata)


def test_the_same_evaluation_gives_the_same_files(
    asked: Command, county: Path, sampled: Path, surveyed: Path, tmp_path: Path
) -> None:
    for folder in ("one", "two"):
        assert asked("evaluate", county, sampled, surveyed, "--out", tmp_path / folder).code == CODES["done"]
    one, two = (sorted((tmp_path / folder).iterdir()) for folder in ("one", "two"))
    assert len(one) == 6
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_a_sample_of_another_snapshot_is_refused(
    asked: Command, county: Path, sampled: Path, surveyed: Path, pack: Pack, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(county, tmp_path / "other"))
    seal(other, pack, YEAR_END, region=COUNTY, synthetic=True, source="another delivery")
    ended = asked("evaluate", other, sampled, surveyed, "--json")
    assert ended.code == CODES["usage"]
    assert "不是从这个快照抽的" in ended.json["error"]["zh"]


def test_a_sample_that_was_changed_is_refused(asked: Command, county: Path, drawn: Path, surveyed: Path) -> None:
    with (drawn / "sampled_household.parquet").open("ab") as file:
        file.write(b"x")
    ended = asked("evaluate", county, drawn, surveyed, "--json")
    assert ended.code == CODES["not found"]
    assert "sampled_household.parquet" in ended.json["error"]["zh"]


def test_answers_that_were_changed_are_refused(
    asked: Command, county: Path, sampled: Path, surveyed: Path, tmp_path: Path
) -> None:
    changed = Path(shutil.copytree(surveyed, tmp_path / "changed"))
    with (changed / "snapshot" / "survey_visit.parquet").open("ab") as file:
        file.write(b"x")
    ended = asked("evaluate", county, sampled, changed, "--json")
    assert ended.code == CODES["not found"]
    assert "survey_visit.parquet" in ended.json["error"]["zh"]


def test_the_survey_of_another_sample_is_refused(
    asked: Command, county: Path, sampled: Path, surveyed: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(surveyed, tmp_path / "other"))
    account = json.loads((other / "survey.json").read_text("utf-8")) | {"sample": "0" * 64}
    (other / "survey.json").write_text(json.dumps(account), "utf-8")
    ended = asked("evaluate", county, sampled, other, "--json")
    assert ended.code == CODES["usage"]
    assert "另一个样本" in ended.json["error"]["zh"]


def test_an_account_that_does_not_fit_its_answers_is_refused(
    asked: Command, county: Path, sampled: Path, surveyed: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(surveyed, tmp_path / "other"))
    account = json.loads((other / "survey.json").read_text("utf-8")) | {"snapshot": "0" * 64}
    (other / "survey.json").write_text(json.dumps(account), "utf-8")
    assert asked("evaluate", county, sampled, other).code == CODES["not found"]
    (other / "survey.json").write_text("{", "utf-8")
    assert asked("evaluate", county, sampled, other).code == CODES["not found"]


def test_a_folder_that_is_no_survey_is_refused(asked: Command, county: Path, sampled: Path, tmp_path: Path) -> None:
    ended = asked("evaluate", county, sampled, tmp_path, "--json")
    assert ended.code == CODES["not found"]
    assert "survey.json" in ended.json["error"]["zh"]


def test_findings_of_the_survey_are_said_before_the_verdict(
    asked: Command, county: Path, sampled: Path, surveyed: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(surveyed, tmp_path / "other"))
    account = json.loads((other / "survey.json").read_text("utf-8")) | {"findings": {"visited_twice": 3}}
    (other / "survey.json").write_text(json.dumps(account), "utf-8")
    assert "3 条问题" in asked("evaluate", county, sampled, other).out
    assert "3 条问题" not in asked("evaluate", county, sampled, surveyed).out


def test_the_whole_way_of_an_invented_survey_counts_what_was_planted(
    asked: Command, county: Path, sampled: Path, tmp_path: Path
) -> None:
    assert asked("synth-survey", sampled, county, "--out", tmp_path / "sent").code == CODES["done"]
    assert asked("survey", sampled, tmp_path / "sent" / "files", "--out", tmp_path / "survey").code == CODES["done"]
    report = asked("evaluate", county, sampled, tmp_path / "survey", "--json").json
    results = {one["rate"]: one for one in report["areas"][0]["results"]}
    with (tmp_path / "sent" / "truth" / "cases.csv").open(encoding="utf-8-sig") as file:
        upheld = [row for row in csv.DictReader(file) if row["verdict"] == "属实"]
    assert upheld
    for rate, doubt in (("wrong_exit", "疑似错退"), ("omission", "疑似漏评")):
        planted = [int(row["persons"]) for row in upheld if row["doubt"] == doubt]
        assert results[rate]["official"][0]["above"] == sum(planted)
        assert results[rate]["found"] == len(planted)
