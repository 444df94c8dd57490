"""Single cells as departments send them: numbered after the list of known bad inputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.intake.making import counts, identity, one_cell, only, pack, person, sheet_of, taken, text, workbook

GOOD = identity(serial=3)
ACCEPTED, WARNED, QUARANTINED, REJECTED = (1, 0, 0, 0, 0), (0, 1, 0, 0, 0), (0, 0, 1, 0, 0), (0, 0, 0, 1, 0)


def stored(tmp_path: Path, column: str) -> Any:
    path = next((tmp_path / "store" / "staged" / "person").glob("*.parquet"))
    return pq.read_table(path)[column].to_pylist()[0]


def test_a_clean_row_is_accepted_without_a_word(tmp_path: Path) -> None:
    sheet = sheet_of(workbook(tmp_path / "人员.xlsx", [person()]))
    assert counts(sheet) == ACCEPTED
    assert sheet.problems == ()


def test_03_an_identity_number_stored_as_a_number_is_quarantined(tmp_path: Path) -> None:
    sheet = one_cell(tmp_path, "证件号码", 110101199003071234)
    assert counts(sheet) == QUARANTINED
    problem = only(sheet, "quarantined")
    assert "按数字保存" in problem.message and "文本" in problem.message
    assert problem.cell == "H2"


def test_04_even_when_the_damaged_number_would_pass_the_check_digit(tmp_path: Path) -> None:
    assert counts(one_cell(tmp_path, "证件号码", float(int(GOOD[:17]) * 10))) == QUARANTINED


def test_05_a_column_of_text_and_numbers_takes_only_the_text(tmp_path: Path) -> None:
    rows = [person(1), person(2, 证件号码=141130196001020015.0)]
    assert counts(sheet_of(workbook(tmp_path / "人员.xlsx", rows))) == (1, 0, 1, 0, 0)


def test_06_an_old_15_digit_number_is_kept_as_written_with_a_warning(tmp_path: Path) -> None:
    sheet = one_cell(tmp_path, "证件号码", "141130600102003")
    assert counts(sheet) == WARNED
    assert "19" in only(sheet, "warned").message
    assert stored(tmp_path, "id_number") == "141130600102003"


@pytest.mark.parametrize("mark", ["x", "Ｘ", "ｘ", "Х", "×"])
def test_07_other_letters_for_x_are_folded_with_a_warning(tmp_path: Path, mark: str) -> None:
    number = next(n for n in (identity(serial=s) for s in range(1, 999, 2)) if n.endswith("X"))
    assert counts(one_cell(tmp_path, "证件号码", number[:17] + mark)) == WARNED
    assert stored(tmp_path, "id_number") == number


def test_08_full_width_digits_are_folded_in_numbers(tmp_path: Path) -> None:
    wide = GOOD.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
    assert counts(one_cell(tmp_path, "证件号码", wide)) == WARNED
    assert stored(tmp_path, "id_number") == GOOD


@pytest.mark.parametrize("digit", ["²", "٣", "③"])
def test_08_other_digits_are_not_taken_for_digits(tmp_path: Path, digit: str) -> None:
    sheet = one_cell(tmp_path, "证件号码", GOOD[:16] + digit + "吗")
    assert counts(sheet) == QUARANTINED


@pytest.mark.parametrize("written", ["5²", "①", "⑴2", "½"])
@pytest.mark.parametrize("header", ["证件号码", "户编号", "出生日期", "是否参加大病保险"])
def test_08_raised_and_circled_digits_are_quarantined_and_never_folded(
    tmp_path: Path, header: str, written: str
) -> None:
    sheet = one_cell(tmp_path, header, written)
    assert counts(sheet) == QUARANTINED
    assert "不是普通数字" in only(sheet, "quarantined").message


def damaged_as_text(serial: int) -> str:
    """An identity number of which a spreadsheet program kept fifteen digits."""
    return f"14113019600102{serial:03d}"[:15] + "000"


def test_03_damage_pasted_as_text_is_quarantined(tmp_path: Path) -> None:
    rows = [person(at, 证件号码=damaged_as_text(100 * at)) for at in (1, 2)]
    sheet = sheet_of(workbook(tmp_path / "人员.xlsx", [*rows, person(3)]))
    assert counts(sheet) == (1, 0, 2, 0, 0)
    assert "000" in only(sheet, "quarantined").message and "丢失" in only(sheet, "quarantined").message


def test_03_a_single_wrong_number_that_ends_in_000_is_only_warned_of(tmp_path: Path) -> None:
    lost = next(number for s in range(100, 999, 100) if (number := damaged_as_text(s)) != identity(serial=s))
    assert counts(one_cell(tmp_path, "证件号码", lost))[1:] == WARNED[1:]


def test_03_a_true_number_that_ends_in_000_is_kept_where_it_stands_alone(tmp_path: Path) -> None:
    assert counts(one_cell(tmp_path, "证件号码", true_number_ending_in_000())) in (ACCEPTED, WARNED)


def true_number_ending_in_000() -> str:
    days = (f"19{year:02d}010{day}" for year in range(50, 90) for day in range(1, 9))
    return next(number for born in days for s in (100, 300, 500, 700) if (number := identity(born, s)).endswith("000"))


def test_04_but_not_in_a_column_where_others_have_lost_their_end(tmp_path: Path) -> None:
    lost = [number for s in range(0, 999, 100) if (number := damaged_as_text(s)) != identity(serial=s)][:3]
    numbers = [*lost, true_number_ending_in_000()]
    rows = [person(at, 证件号码=number) for at, number in enumerate([*numbers, identity(serial=3)], 1)]
    sheet = sheet_of(workbook(tmp_path / "人员.xlsx", rows))
    assert sheet.quarantined == 4


def test_09_names_are_never_normalised(tmp_path: Path) -> None:
    name = "李\uf9dc\ufa1d"  # compatibility ideographs that NFC would change
    sheet = one_cell(tmp_path, "姓名", name)
    assert counts(sheet) == ACCEPTED
    assert stored(tmp_path, "name") == name


@pytest.mark.parametrize("written", [" 张合成", "张合成\u3000", "\u00a0张合成", "张合成\t"])
def test_10_spaces_at_the_ends_go_with_a_warning(tmp_path: Path, written: str) -> None:
    assert counts(one_cell(tmp_path, "姓名", written)) == WARNED
    assert stored(tmp_path, "name") == "张合成"


def test_10_a_space_inside_a_name_is_kept(tmp_path: Path) -> None:
    one_cell(tmp_path, "姓名", "张 三")
    assert stored(tmp_path, "name") == "张 三"


@pytest.mark.parametrize("hidden", ["\ufeff", "\u200b", "\u00ad"])
def test_11_invisible_characters_go_from_numbers_and_names(tmp_path: Path, hidden: str) -> None:
    assert counts(one_cell(tmp_path, "证件号码", hidden + GOOD)) == WARNED
    assert stored(tmp_path, "id_number") == GOOD


def test_11_characters_that_turn_the_direction_of_a_name_are_rejected(tmp_path: Path) -> None:
    assert counts(one_cell(tmp_path, "姓名", "张\u202e三")) == REJECTED


@pytest.mark.parametrize("written", ["'{}", '="{}"'])
def test_12_what_keeps_digits_text_is_unwrapped(tmp_path: Path, written: str) -> None:
    path = workbook(tmp_path / "人员.xlsx", [person(证件号码="@")])
    import openpyxl

    book = openpyxl.load_workbook(path)
    cell = book["人员"]["H2"]
    cell.value, cell.data_type = written.format(GOOD), "s"
    book.save(path)
    assert counts(sheet_of(path)) == WARNED
    assert stored(tmp_path, "id_number") == GOOD


@pytest.mark.parametrize("name", ["张䶮", "李㛃", "王𬭼", "赵𣍐"])
def test_13_rare_characters_are_kept(tmp_path: Path, name: str) -> None:
    assert counts(one_cell(tmp_path, "姓名", name)) == ACCEPTED
    assert stored(tmp_path, "name") == name


@pytest.mark.parametrize("name", ["张?", "李□", "王\ue863", "yan", "赵⿱龙天"])
def test_14_substitutes_for_rare_characters_are_kept_and_flagged(tmp_path: Path, name: str) -> None:
    sheet = one_cell(tmp_path, "姓名", name)
    assert counts(sheet) == WARNED
    assert "生僻字" in only(sheet, "warned").message


@pytest.mark.parametrize(
    ("written", "stored_as"),
    [
        ("1960/1/2", "1960-01-02"),
        ("1960年1月2日", "1960-01-02"),
        ("19600102", "1960-01-02"),
        ("一九六〇年一月二日", "1960-01-02"),
    ],
)
def test_25_days_in_other_notations_are_read_with_a_warning(tmp_path: Path, written: str, stored_as: str) -> None:
    assert counts(one_cell(tmp_path, "出生日期", written)) == WARNED
    assert str(stored(tmp_path, "birth_date")) == stored_as


@pytest.mark.parametrize("written", ["1960.01", "1960年1月", "1960.1"])
def test_22_a_month_is_not_given_a_day(tmp_path: Path, written: str) -> None:
    sheet = one_cell(tmp_path, "出生日期", written)
    assert counts(sheet) == QUARANTINED
    assert "日" in only(sheet, "quarantined").message


def test_23_a_date_typed_as_a_decimal_is_quarantined(tmp_path: Path) -> None:
    sheet = one_cell(tmp_path, "出生日期", 1958.1)
    assert counts(sheet) == QUARANTINED
    assert "10 月" in only(sheet, "quarantined").message


def test_24_a_real_date_cell_is_a_date(tmp_path: Path) -> None:
    from datetime import date

    assert counts(one_cell(tmp_path, "出生日期", date(1960, 1, 2))) == ACCEPTED


def test_24_a_serial_number_without_a_date_format_is_quarantined(tmp_path: Path) -> None:
    assert counts(one_cell(tmp_path, "出生日期", 21917)) == QUARANTINED


@pytest.mark.parametrize("written", ["农历1960年正月初二", "民国49年1月2日"])
def test_25_other_calendars_are_quarantined(tmp_path: Path, written: str) -> None:
    assert counts(one_cell(tmp_path, "出生日期", written)) == QUARANTINED


def test_26_a_birth_date_that_differs_from_the_number_is_kept_and_flagged(tmp_path: Path) -> None:
    sheet = one_cell(tmp_path, "出生日期", "1961-01-02")
    assert counts(sheet) == WARNED
    assert str(stored(tmp_path, "birth_date")) == "1961-01-02"
    assert stored(tmp_path, "id_number") == GOOD


def test_26_so_is_the_sex(tmp_path: Path) -> None:
    assert counts(one_cell(tmp_path, "性别", "女")) == WARNED


@pytest.mark.parametrize("written", ["2018-02-30", "0000-00-00", "1900-01-00", "9999-12-31", "2018-13-05"])
def test_27_days_that_never_were_are_rejected(tmp_path: Path, written: str) -> None:
    sheet = one_cell(tmp_path, "出生日期", written)
    assert counts(sheet) == REJECTED
    assert written in only(sheet, "rejected").message


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!"])
def test_31_error_values_are_quarantined(tmp_path: Path, error: str) -> None:
    sheet = one_cell(tmp_path, "民族", error)
    assert counts(sheet) == QUARANTINED
    assert error in only(sheet, "quarantined").message


def test_30_a_formula_that_was_never_calculated_is_quarantined_not_zero(tmp_path: Path) -> None:
    sheet = one_cell(tmp_path, "民族", '=CONCATENATE("汉","族")')
    assert counts(sheet) == QUARANTINED
    assert "选择性粘贴" in only(sheet, "quarantined").message


def test_35_several_people_in_a_cell_are_quarantined_with_a_proposal(tmp_path: Path) -> None:
    sheet = one_cell(tmp_path, "姓名", "张三、李四")
    assert counts(sheet) == QUARANTINED
    assert "每人一行" in only(sheet, "quarantined").message


@pytest.mark.parametrize(
    ("written", "value"),
    [("√", True), ("有", True), ("Y", True), ("1", True), ("×", False), ("无", False), ("0", False)],
)
def test_38_yes_and_no_in_other_spellings(tmp_path: Path, written: str, value: bool) -> None:
    assert counts(one_cell(tmp_path, "是否参加大病保险", written)) == WARNED
    assert stored(tmp_path, "serious_illness_insured") is value


def test_38_an_unclear_yes_or_no_is_quarantined(tmp_path: Path) -> None:
    assert counts(one_cell(tmp_path, "是否参加大病保险", "也许")) == QUARANTINED


@pytest.mark.parametrize("written", ["01", "1", "汉", "01-汉族"])
def test_39_codes_and_labels_with_codes_are_read_as_the_label(tmp_path: Path, written: str) -> None:
    if pack().codes["ethnic_gb3304"].canonical(written) is None:
        pytest.skip("not a spelling of the list")
    assert counts(one_cell(tmp_path, "民族", written)) == WARNED
    assert stored(tmp_path, "ethnicity") == "汉族"


def test_39_an_unknown_code_is_quarantined_with_the_choices(tmp_path: Path) -> None:
    sheet = one_cell(tmp_path, "民族", "火星族")
    assert counts(sheet) == QUARANTINED
    assert "汉族" in only(sheet, "quarantined").message


def test_48_a_cell_of_200_000_characters_is_named_and_rejected(tmp_path: Path) -> None:
    from tests.intake.making import text

    assert counts(sheet_of(text(tmp_path / "人员.csv", [person(姓名="长" * 200_000)]))) == REJECTED


@pytest.mark.parametrize("formula", ["=cmd|'/c calc'!A0", "+1+1", "@SUM(A1)"])
def test_49_text_that_could_act_as_a_formula_is_kept_and_goes_back_as_text(tmp_path: Path, formula: str) -> None:
    import openpyxl

    from tests.intake.making import text

    receipt = taken(text(tmp_path / "人员.csv", [person(姓名=formula, 证件号码="12")]))
    assert receipt.returned is not None
    back = openpyxl.load_workbook(tmp_path / "store" / receipt.returned)
    cells = [cell for row in back.worksheets[0].iter_rows() for cell in row]
    assert formula in [cell.value for cell in cells]
    assert all(cell.data_type != "f" for cell in cells)


def test_a_missing_required_value_is_quarantined_and_said_by_name(tmp_path: Path) -> None:
    sheet = one_cell(tmp_path, "人编号", None)
    assert counts(sheet) == QUARANTINED
    assert "人编号" in only(sheet, "quarantined").message


def test_the_returned_workbook_holds_the_row_its_number_and_the_reason(tmp_path: Path) -> None:
    import openpyxl

    receipt = taken(workbook(tmp_path / "人员.xlsx", [person(1), person(2, 姓名="甲、乙")]))
    assert receipt.returned is not None
    rows = list(openpyxl.load_workbook(tmp_path / "store" / receipt.returned).worksheets[0].values)
    assert rows[0][:2] == ("原行号", "退回原因")
    assert len(rows) == 2
    assert rows[1][0] == "3" and "每人一行" in str(rows[1][1]) and "甲、乙" in rows[1]


@pytest.mark.parametrize("written", ["141125205208000.0", "141125205208000.00", "１４１１２５２０５２０８０００.0"])
def test_a_number_written_out_with_decimals_is_the_number_without_them(tmp_path: Path, written: str) -> None:
    rows = [person(1, 户编号="141125205208000"), person(2, 户编号=written)]
    sheet = sheet_of(text(tmp_path / "人员.csv", rows))
    assert counts(sheet) == (1, 1, 0, 0, 0)
    assert "按数字保存过" in only(sheet, "warned").message
    path = next((tmp_path / "store" / "staged" / "person").glob("*.parquet"))
    assert pq.read_table(path)["household_code"].to_pylist() == ["141125205208000"] * 2


def test_a_number_with_decimals_too_long_for_a_spreadsheet_goes_back(tmp_path: Path) -> None:
    rows = [person(1, 户编号="1411252052080000"), person(2, 户编号="1411252052080000.0")]
    sheet = sheet_of(text(tmp_path / "人员.csv", rows))
    assert counts(sheet) == (1, 0, 1, 0, 0)
    assert "超过 15 位" in only(sheet, "quarantined").message


@pytest.mark.parametrize("written", ["3.5", "1.2.0", "0.10"])
def test_a_number_with_other_points_stays_as_written(tmp_path: Path, written: str) -> None:
    one_cell(tmp_path, "户编号", written)
    assert stored(tmp_path, "household_code") == written


@pytest.mark.parametrize(("header", "written"), [("出生日期", "43221"), ("出生日期", "43221.0"), ("出生日期", 43221)])
def test_a_serial_number_for_a_day_goes_back_with_the_day_it_probably_means(
    tmp_path: Path, header: str, written: object
) -> None:
    sheet = one_cell(tmp_path, header, written)
    assert counts(sheet) == QUARANTINED
    message = only(sheet, "quarantined").message
    assert "日期序号" in message and "2018-05-01" in message


@pytest.mark.parametrize("written", ["99999", "1234", "123456789"])
def test_another_number_is_not_taken_for_a_serial(tmp_path: Path, written: str) -> None:
    sheet = one_cell(tmp_path, "出生日期", written)
    assert not [problem for problem in sheet.problems if "日期序号" in problem.message]
