"""``jingzhun measure``: a request gives a table for people and JSON for programs; a wrong one a sentence."""

from __future__ import annotations

from pathlib import Path

from tests.command_line.asking import CODES
from tests.command_line.conftest import Command

REQUEST = """
data: sample.csv
weights: weight
estimates:
  - {id: poor, measure: mean, y: "income < 3200", by: village}
"""


def asked_of(folder: Path, request: str = REQUEST) -> str:
    (folder / "sample.csv").write_text(
        "village,weight,income\n东村,2,3000\n东村,2,4000\n西村,1,5000\n西村,3,\n", "utf-8"
    )
    (folder / "request.yaml").write_text(request, "utf-8")
    return "request.yaml"


def test_the_estimates_are_told_to_people_and_to_programs(asked: Command, tmp_path: Path) -> None:
    name = asked_of(tmp_path)
    shown = asked("measure", name)
    assert shown.code == CODES["done"] and "标准误" in shown.out and "东村" in shown.out
    assert "std" not in asked("measure", name, "--lang", "en").out
    entries = asked("measure", name, "--json").json["estimates"]
    assert [(entry["group"], entry["estimate"], entry["n"]) for entry in entries] == [
        ("东村", 0.5, 2),
        ("西村", 0.0, 1),
    ]
    assert entries[1]["left_out"] == {"missing": 1}


def test_a_column_that_is_none_is_a_wrong_argument(asked: Command, tmp_path: Path) -> None:
    ended = asked("measure", asked_of(tmp_path, REQUEST.replace("income", "incom")), "--json")
    assert ended.code == CODES["usage"]
    assert "是否为“income”" in ended.json["error"]["zh"]


def test_a_request_that_is_not_there_is_a_wrong_argument(asked: Command) -> None:
    assert asked("measure", "none.yaml").code == CODES["usage"]
