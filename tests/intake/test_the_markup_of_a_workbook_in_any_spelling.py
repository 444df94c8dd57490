"""What a workbook says beside its values is found however its XML is spelled, and a bomb is one in any spelling."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from jingzhun.intake.facts import SheetFacts
from jingzhun.intake.inspection import inspect
from jingzhun.intake.limits import LIMITS
from jingzhun.intake.sheet_xml import SheetWalk, note, usual
from tests.intake.making import HEADERS, counts, only, person, sheet_of, taken, workbook

SPELLINGS: dict[str, Callable[[str], str]] = {
    "as written": lambda xml: xml,
    "single quotes": lambda xml: re.sub(r'="([^"]*)"', r"='\1'", xml),
    "spaces around the sign": lambda xml: re.sub(r'(\w)="', r'\1 = "', xml),
    "a line end before an attribute": lambda xml: re.sub(r' (\w+)="', r'\n\1="', xml),
    "a tab before an attribute": lambda xml: re.sub(r' (t|hidden|s)="', '\t\\1="', xml),
    "attributes turned round": lambda xml: re.sub(
        r"<(row|c) ([^>]*?)(/?)>", lambda m: f"<{m[1]} {' '.join(reversed(m[2].split()))}{m[3]}>", xml
    ),
    "references for letters": lambda xml: re.sub(r'r="([A-Z])', lambda m: f'r="&#{ord(m[1])};', xml),
    "a prefix": lambda xml: re.sub(r"<(/?)(\w+)", r"<\1x:\2", xml.split("?>")[-1]).replace("xmlns=", "xmlns:x="),
    "a bracket in an attribute": lambda xml: re.sub(r"<row ", '<row x="&lt;" y=">" ', xml),
    "comments between": lambda xml: xml.replace("<row", "<!-- <c> --><row"),
    "another encoding": lambda xml: xml,
    "no places": lambda xml: re.sub(r'<(row|c) r="\w+"', r"<\1", xml),
}
EVERY = pytest.mark.parametrize("how", SPELLINGS)


def respelled(path: Path, how: str, change: Callable[[str], str] = lambda xml: xml) -> Path:
    """The workbook with the XML of its sheets written in another way."""
    with zipfile.ZipFile(path) as old:
        parts = {info.filename: old.read(info) for info in old.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            if "worksheets/sheet" in name:
                xml = SPELLINGS[how](change(content.decode()))
                content = ("\ufeff" + xml).encode("utf-16-le") if how == "another encoding" else xml.encode()
            new.writestr(name, content)
    return path


def odd_workbook(path: Path) -> Path:
    """Row 3 hidden, 民族 hidden, row 4 with a formula that nobody calculated and row 5 with an error."""
    workbook(path, [person(number) for number in (1, 2, 3, 4)])
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["K"].hidden = True
    sheet["K4"] = '=CONCATENATE("汉","族")'
    sheet["K5"] = "#N/A"
    book.save(path)
    return path


@EVERY
def test_28_30_31_hidden_rows_and_columns_formulas_and_errors_are_found(tmp_path: Path, how: str) -> None:
    if how == "another encoding":
        facts = SheetFacts()
        walk = SheetWalk(facts, {}, LIMITS)
        with zipfile.ZipFile(odd_workbook(tmp_path / "人员.xlsx")) as archive:
            xml = archive.read("xl/worksheets/sheet1.xml").decode()
        walk.feed(("\ufeff" + xml).encode("utf-16-le"))
        walk.close()
    else:
        facts = inspect(respelled(odd_workbook(tmp_path / "人员.xlsx"), how), LIMITS).sheets[0]
    assert (facts.hidden_rows, facts.hidden_columns) == ({3}, {10})
    assert facts.errors == {(4, 10): "公式未计算", (5, 10): "#N/A"}
    assert facts.last_row == 5


@pytest.mark.parametrize("how", ["as written", "single quotes", "attributes turned round", "a prefix"])
def test_the_account_is_the_same_in_any_spelling(tmp_path: Path, how: str) -> None:
    sheet = sheet_of(respelled(odd_workbook(tmp_path / "人员.xlsx"), how))
    assert counts(sheet) == (1, 0, 3, 0, 0)
    assert "隐藏的列" in sheet.attention


@pytest.mark.parametrize("how", [how for how in SPELLINGS if how != "no places"])
def test_46_a_cell_in_the_far_corner_is_refused_in_any_spelling(tmp_path: Path, how: str) -> None:
    path = workbook(tmp_path / "人员.xlsx", [person()])
    book = openpyxl.load_workbook(path)
    book.worksheets[0].cell(1_048_576, 16_384, "x")
    book.save(path)
    receipt = taken(respelled(path, how))
    assert receipt.refused is not None and "右下角" in receipt.refused


def test_46_a_corner_named_in_small_letters_is_one_too(tmp_path: Path) -> None:
    path = workbook(tmp_path / "人员.xlsx", [person()])
    receipt = taken(respelled(path, "as written", lambda xml: xml.replace('r="B2"', 'r="xfd1048576"')))
    assert receipt.refused is not None and "右下角" in receipt.refused


@pytest.mark.parametrize("place", [r"r='XFD1048576' x:r='A2'", r"x:r='A2' r='XFD1048576'"])
def test_46_an_attribute_of_another_kind_does_not_hide_the_corner(tmp_path: Path, place: str) -> None:
    def put(xml: str) -> str:
        return xml.replace("<worksheet ", '<worksheet xmlns:x="urn:other" ').replace('r="B2"', place)

    receipt = taken(respelled(workbook(tmp_path / "人员.xlsx", [person()]), "as written", put))
    assert receipt.refused is not None and "右下角" in receipt.refused


def test_both_ways_note_the_same(tmp_path: Path) -> None:
    with zipfile.ZipFile(odd_workbook(tmp_path / "人员.xlsx")) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    quick, careful = SheetFacts(), SheetFacts()
    seen = usual(xml)
    assert seen is not None and note(xml, seen, quick, {}, LIMITS)
    walk = SheetWalk(careful, {}, LIMITS)
    walk.feed(xml)
    walk.close()
    assert (quick.hidden_rows, quick.hidden_columns, quick.errors, quick.last_row) == (
        careful.hidden_rows,
        careful.hidden_columns,
        careful.errors,
        careful.last_row,
    )


BOTH_WAYS_KNOW = ("as written", "another encoding", "a tab before an attribute")


@pytest.mark.parametrize("how", [how for how in SPELLINGS if how not in BOTH_WAYS_KNOW])
def test_the_quick_way_leaves_any_other_spelling_to_the_parser(tmp_path: Path, how: str) -> None:
    with zipfile.ZipFile(odd_workbook(tmp_path / "人员.xlsx")) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert usual(xml.encode()) is not None
    assert usual(SPELLINGS[how](xml).encode()) is None


@pytest.mark.parametrize(
    ("cell", "is_blank"),
    [
        ('<c r="K2" t="str"><f>IF(1,"","")</f><v></v></c>', True),
        ('<c r="K2" t="str"><f>IF(1,"","")</f><v/></c>', True),
        ('<c t="str" r="K2"><f>IF(1,"","")</f><v></v></c>', True),
        ('<c r="K2"><f>IF(1,"","")</f><v></v></c>', False),
        ('<c r="K2"><f>IF(A1="x","","")</f></c>', False),
        ('<c t="n" r="K2"><f>IF(1,"","")</f><v/></c>', False),
    ],
)
def test_30_an_empty_text_is_a_result_and_no_result_is_none(tmp_path: Path, cell: str, is_blank: bool) -> None:
    def put(xml: str) -> str:
        changed = re.sub(r'<c r="K2".*?</c>', cell, xml)
        assert changed != xml
        return changed

    path = respelled(workbook(tmp_path / "人员.xlsx", [person(1)]), "as written", put)
    assert counts(sheet_of(path)) == ((1, 0, 0, 0, 0) if is_blank else (0, 0, 1, 0, 0))


def test_45_a_declaration_in_the_list_of_sheets_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "人员.xlsx", [person()])
    with zipfile.ZipFile(path) as old:
        parts = {info.filename: old.read(info) for info in old.infolist()}
    with zipfile.ZipFile(path, "w") as new:
        for name, content in parts.items():
            declared = b'<!DOCTYPE a [<!ENTITY b "c">]>' if name == "xl/workbook.xml" else b""
            new.writestr(name, declared + content)
    receipt = taken(path)
    assert receipt.refused is not None and "DOCTYPE" in receipt.refused


def test_a_sheet_that_could_not_be_looked_into_is_not_opened(tmp_path: Path) -> None:
    path = workbook(tmp_path / "人员.xlsx", [person()])
    with zipfile.ZipFile(path) as old:
        parts = {info.filename: old.read(info) for info in old.infolist()}
    with zipfile.ZipFile(path, "w") as new:
        for name, content in parts.items():
            if name == "xl/_rels/workbook.xml.rels":
                content = content.replace(b"sheet1.xml", b"sheet1.xml?")
            new.writestr(name, content)
    assert taken(path).refused is not None


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/worksheets/SHEET1.xml"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_sheets_of_one_name_in_the_package_are_refused(tmp_path: Path, name: str) -> None:
    path = workbook(tmp_path / "人员.xlsx", [person()])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, "<worksheet><sheetData/></worksheet>")
    receipt = taken(path)
    assert receipt.refused is not None and "损坏" in receipt.refused


# --- OpenDocument ------------------------------------------------------------------------------------------------

ODS = """<?xml version="1.0" encoding="UTF-8"?><office:document-content
xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet>
<table:table table:name="人员">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"""
MANIFEST = """<?xml version="1.0"?><manifest:manifest
xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/"
manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>"""
EMPTY_END = (
    '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/>'
    "</table:table-row>"
)


def ods(path: Path, rows: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", ODS.format(rows=rows))
    return path


def ods_row(cells: list[str], attributes: str = "") -> str:
    inside = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in cells
    )
    return f"<table:table-row{attributes}>{inside}</table:table-row>"


def ods_repeated(rows: int, columns: int) -> str:
    return (
        f'<table:table-row table:number-rows-repeated="{rows}"><table:table-cell table:number-columns-repeated='
        f'"{columns}" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
    )


@pytest.mark.parametrize(("rows", "columns"), [(1_048_576, 16_384), (1000, 16_384), (1_048_576, 400)])
def test_44_cells_repeated_beyond_the_limits_are_refused_before_they_are_read(
    tmp_path: Path, rows: int, columns: int
) -> None:
    receipt = taken(ods(tmp_path / "人员.ods", ods_repeated(rows, columns)))
    assert receipt.refused is not None and "右下角" in receipt.refused


def test_44_nor_does_an_attribute_of_another_kind_hide_a_repetition(tmp_path: Path) -> None:
    rows = ods_repeated(1_048_576, 400).replace("<table:table-row", '<table:table-row x:number-rows-repeated="1"')
    receipt = taken(ods(tmp_path / "人员.ods", rows))
    assert receipt.refused is not None and "右下角" in receipt.refused


def test_an_honest_ods_with_its_million_empty_rows_is_read(tmp_path: Path) -> None:
    sheet = sheet_of(ods(tmp_path / "人员.ods", ods_row(HEADERS) + ods_row(person(1)) + EMPTY_END))
    assert counts(sheet) == (1, 0, 0, 0, 0)


def test_28_a_hidden_row_of_an_ods_is_quarantined(tmp_path: Path) -> None:
    hidden = ods_row(person(2), ' table:visibility="collapse"')
    sheet = sheet_of(ods(tmp_path / "人员.ods", ods_row(HEADERS) + ods_row(person(1)) + hidden + EMPTY_END))
    assert counts(sheet) == (1, 0, 1, 0, 0)
    assert "隐藏" in only(sheet, "quarantined").message
