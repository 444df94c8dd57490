"""Outside the store identity numbers are masked, and no character of a delivered name acts on a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jingzhun.intake import receipt_json, shown_path
from jingzhun.model.shown import masked, visible
from tests.intake.making import identity, person, taken, text

NUMBER = identity()
WIDE = NUMBER.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})


@pytest.mark.parametrize(
    "written",
    [
        NUMBER,
        NUMBER[:6] + NUMBER[8:17],
        NUMBER + "42",
        NUMBER + "42B1",
        WIDE,
        f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}",
        f"{NUMBER[:6]}-{NUMBER[6:10]}-{NUMBER[10:12]}-{NUMBER[12:14]}-{NUMBER[14:]}",
        NUMBER[:17],
        NUMBER + "1",
        "1.4113019600102e+17",
    ],
)
def test_what_may_be_an_identity_number_is_masked(written: str) -> None:
    shown = masked(f"“{written}”与第 2 行不同")
    assert written not in shown and written[6:14] not in shown
    assert shown.startswith("“**") and shown.endswith("”与第 2 行不同")


@pytest.mark.parametrize(
    "text",
    ["14113000000001 1411300000000101", "1411300000000101", "23800138000", "2018-12-31", "9,876,543.21", "H0001"],
)
def test_codes_of_the_register_and_amounts_stay(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize("written", ["13800138000", "6222 0212 3456 7890 123", "6222-0212-3456-7890"])
def test_telephones_and_cards_are_masked_too(written: str) -> None:
    shown = masked(f"取第一个，其余为 {written}，请核对")
    assert written not in shown and shown.startswith("取第一个，其余为 **") and shown.endswith("，请核对")


def test_the_json_holds_no_whole_number_and_keeps_its_shape(tmp_path: Path) -> None:
    rows = [
        person(1, 证件号码=NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")),
        person(2)[:-1],
        person(3, 姓名=NUMBER),
    ]
    receipt = taken(text(tmp_path / f"人员_{NUMBER}_2018年.csv", rows))
    plain = receipt_json([receipt])["files"][0]
    said = json.dumps(plain, ensure_ascii=False)
    assert [number for number in (NUMBER, NUMBER[:17], identity(serial=5)) if number in said] == []
    assert set(plain) == {
        "file", "sha256", "bytes", "delivery", "refused", "sheets", "refused_en", "returned", "already",
    }  # fmt: skip
    assert (tmp_path / "store" / plain["returned"]).is_file()


@pytest.mark.parametrize("letter", ["\x1b", "\n", "\r", "\x07", "\u202e", "\x9b"])
def test_a_name_is_shown_with_its_control_characters_written_out(letter: str) -> None:
    shown = shown_path(Path(f"人员{letter}[31m.csv"))
    assert letter not in shown and shown.startswith("人员\\")


def test_other_characters_stay_as_they_are() -> None:
    assert visible("人员 ‧·\u3000甲é𬭼.xlsx") == "人员 ‧·\u3000甲é𬭼.xlsx"
