"""A file that cannot be read is refused by itself, in a sentence; the files after it are read."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from jingzhun.intake import take_in
from jingzhun.model.receipt import FileReceipt
from tests.intake.making import HEADERS, RECEIVED, pack, person, text, workbook


def with_a_good_one(bad: Path) -> list[FileReceipt]:
    """The receipts of the bad file; the good one after it must be taken in."""
    good = text(bad.parent / "好_2018年.csv", [person(9)])
    *receipts, last = take_in([bad, good], bad.parent / "store", pack(), received_on=RECEIVED)
    assert last.refused is None and last.sheets[0].accepted == 1
    return receipts


TABLE = ",".join(HEADERS) + "\n" + ",".join(person(1)) + "\n"
UTF8 = ("\ufeff" + TABLE).encode()
UTF16 = ("\ufeff" + TABLE).encode("utf-16-le")
BROKEN = {
    "UTF-8 cut within a letter": UTF8[: UTF8.rfind("张".encode()) + 2],
    "UTF-8 with a foreign byte": UTF8.replace("张".encode(), b"\xff\xfe", 1),
    "UTF-16 of an odd length": UTF16[:-1],
    "UTF-16 with half a letter": UTF16[:-2] + b"\x00\xd8" + UTF16[-2:],
    "UTF-16 the other way round": ("\ufeff" + TABLE).encode("utf-16-be")[:-1],
}


@pytest.mark.parametrize("how", BROKEN)
def test_16_17_bytes_that_contradict_their_mark_are_refused(tmp_path: Path, how: str) -> None:
    path = tmp_path / "坏_2018年.csv"
    path.write_bytes(BROKEN[how])
    [receipt] = with_a_good_one(path)
    assert receipt.refused is not None and "坏字节" in receipt.refused


def locked(path: Path) -> Path:
    """A zip whose members claim to be locked with a password."""
    content = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(mark)
        while start >= 0:
            content[start + at] |= 1
            start = content.find(mark, start + 4)
    path.write_bytes(content)
    return path


def test_43_a_workbook_zipped_with_a_password_is_refused_with_what_to_do(tmp_path: Path) -> None:
    [receipt] = with_a_good_one(locked(workbook(tmp_path / "坏.xlsx", [person(1)])))
    assert receipt.refused is not None and "加密" in receipt.refused


def damaged_archive(path: Path, method: int) -> Path:
    """An archive of which the first member is damaged and the second whole."""
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("1坏_2018年.csv", TABLE * 50)
        archive.writestr("2好_2018年.csv", TABLE)
        begin = archive.infolist()[0].header_offset + 30 + len("1坏_2018年.csv".encode())
    content = bytearray(path.read_bytes())
    for at in range(begin + 12, begin + 60):
        content[at] ^= 0x5A
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_54_a_damaged_member_is_refused_and_its_neighbours_are_read(tmp_path: Path, method: int) -> None:
    receipts = with_a_good_one(damaged_archive(tmp_path / "报送.zip", method))
    assert [receipt.refused is None for receipt in receipts] == [False, True]
    assert receipts[0].refused is not None and "损坏" in receipts[0].refused


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "坏_2018年.csv"
    path.symlink_to(path)
    [receipt] = with_a_good_one(path)
    assert receipt.refused is not None and "读不了" in receipt.refused
