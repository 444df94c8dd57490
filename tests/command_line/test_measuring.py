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


def test_a_standard_of_the_pack_is_asked_for_by_its_name(asked: Command, tmp_path: Path) -> None:
    (tmp_path / "checks.csv").write_text(
        "food,clothing,education,medical,housing,water\n" + "true,true,true,true,true,true\n" * 3
        + "true,true,true,true,false,false\n", "utf-8"
    )  # fmt: skip
    (tmp_path / "request.yaml").write_text(
        "data: checks.csv\nestimates:\n  - {id: g, measure: af, standard: two_worries_three_guarantees}\n", "utf-8"
    )
    entries = {
        entry["component"]: entry["estimate"] for entry in asked("measure", "request.yaml", "--json").json["estimates"]
    }
    assert (entries["H@1"], entries["H@2"], entries["H@3"]) == (0.25, 0.25, 0.0)
    assert entries["censored.water@1"] == 0.25
    assert entries["M0@1"] == 0.25 * 2 / 6


def test_the_global_index_weighs_as_it_was_published(asked: Command, tmp_path: Path) -> None:
    names = "nutrition,child_mortality,years_of_schooling,school_attendance,cooking_fuel,sanitation,drinking_water"
    names += ",electricity,housing,assets"
    # One of education and two living standards: 1/6 + 2/18 = 5/18, below a third; with a third one, just there.
    rows = ["0,0,1,0,1,1,0,0,0,0", "0,0,1,0,1,1,1,0,0,0", "0,0,0,0,0,0,0,0,0,0", "1,1,1,1,1,1,1,1,1,1"]
    (tmp_path / "households.csv").write_text(
        f"{names}\n" + "\n".join(row.replace("1", "true").replace("0", "false") for row in rows) + "\n", "utf-8"
    )
    (tmp_path / "request.yaml").write_text(
        "data: households.csv\nestimates:\n  - {id: mpi, measure: af, standard: global_mpi}\n", "utf-8"
    )
    entries = {
        entry["component"]: entry["estimate"] for entry in asked("measure", "request.yaml", "--json").json["estimates"]
    }
    assert (entries["H@1/3"], entries["H@1/2"], entries["H@1/5"]) == (0.5, 0.25, 0.75)
    assert abs(entries["M0@1/3"] - (1 / 3 + 1) / 4) < 1e-12
