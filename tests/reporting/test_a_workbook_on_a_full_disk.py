"""A workbook whose rows find no room on the disk ends as the disk's error, which the commands tell in a sentence."""

from __future__ import annotations

import errno
import subprocess
import sys

WRITING = """
import resource, signal
from datetime import date
from jingzhun.reporting.sheets import book_of

def fill(book):
    sheet = book.add_worksheet("a")
    for row in range(20_000):
        sheet.write_string(row, 0, "text" * 20)

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, resource.RLIM_INFINITY))
try:
    print(len(book_of("t", date(2018, 12, 31), fill, row_by_row=True)) > 0)
except OSError as error:
    print(error.errno)
"""


def written_within(limit: int) -> str:
    code = WRITING.replace("ROOM", str(limit))
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_the_error_is_the_disks() -> None:
    assert written_within(50_000) == str(errno.EFBIG)


def test_with_room_enough_it_is_written() -> None:
    assert written_within(1_000_000_000) == "True"
