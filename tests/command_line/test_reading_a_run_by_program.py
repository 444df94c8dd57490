"""``run`` and ``intake`` for programs: one document on standard output, whatever became of the files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line.asking import CODES
from tests.command_line.conftest import Command

RUN = {
    "snapshot", "fingerprint", "synthetic", "accounting", "refused", "earlier_files", "read_again", "outputs",
    "answers", "checks",
}  # fmt: skip
PARTS = ("accepted", "warned", "quarantined", "rejected", "ignored")


def test_a_run_is_one_document_with_everything_that_was_written(asked: Command, delivery: Path, tmp_path: Path) -> None:
    ended = asked("run", delivery, "--json")
    assert (ended.code, ended.err) == (CODES["done"], "")
    said = ended.json
    assert set(said) == RUN
    assert said["refused"] == said["earlier_files"] == []
    assert {"json", "xlsx", "html_zh", "html_en", "pdf_zh", "pdf_en"} == set(said["outputs"])
    assert all((tmp_path / path).is_file() for path in said["outputs"].values())
    assert said["accounting"]["rows"] == 3 == sum(said["accounting"][part] for part in PARTS)


def test_the_answers_of_a_run_are_those_of_its_snapshot(asked: Command, delivery: Path) -> None:
    said = asked("run", delivery, "--json").json
    assert asked("answers", said["snapshot"], "--json").json == said["answers"]
    assert {entry["snapshot"] for entry in said["answers"]} == {said["fingerprint"]}


def test_a_refused_file_is_named_in_a_document_that_is_whole(asked: Command, delivery: Path) -> None:
    (delivery / "x.csv").write_text("a,b\n1,2\n")
    ended = asked("run", delivery, "--json")
    assert ended.code == CODES["refused"]
    assert set(ended.json) == RUN
    assert ended.json["refused"] == ["x.csv"]


def test_a_run_of_which_nothing_could_be_used_is_one_document_too(asked: Command, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    ended = asked("run", "x.csv", "--json")
    assert ended.code == CODES["refused"]
    assert ended.json["error"]["exit_code"] == CODES["refused"]


@pytest.mark.parametrize("command", ["run", "intake"])
def test_a_folder_that_is_not_there_or_is_empty_is_a_wrong_argument(
    asked: Command, tmp_path: Path, command: str
) -> None:
    (tmp_path / "空").mkdir()
    for folder in ("没有", "空"):
        ended = asked(command, folder, "--json")
        assert ended.code == CODES["usage"]
        assert ended.json["error"]["zh"] and ended.json["error"]["en"]
    assert [path.name for path in tmp_path.iterdir()] == ["空"]


def test_a_store_that_cannot_be_written_is_told_in_words(asked: Command, delivery: Path, tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file where a folder should be")
    ended = asked("intake", delivery, "--json")
    assert ended.code == CODES["usage"]
    assert "store" in ended.json["error"]["zh"]


def test_every_row_of_every_sheet_has_one_outcome(asked: Command, delivery: Path) -> None:
    [file] = asked("intake", delivery, "--json").json["files"]
    assert {"file", "sha256", "bytes", "refused", "sheets"} <= set(file)
    for sheet in file["sheets"]:
        assert sheet["rows"] == sum(sheet[part] for part in PARTS)
