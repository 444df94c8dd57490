"""How much a delivered file may be: one place, one argument, measured while reading, never believed from a header."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one delivered file. CSV files stream and have no limit of size."""

    workbook_bytes: int = 50 * 2**20
    unpacked_bytes: int = 512 * 2**20
    """A workbook of 100,000 × 40 cells unpacks to 150–300 MB, so 200 MB would refuse honest files; the ratio below
    is what stops a bomb, and both are counted while unpacking."""
    ratio: int = 200
    columns: int = 500
    rows: int = 1_048_576
    cells: int = 30_000_000
    """Rows times columns of a workbook's sheet: readers hold the whole rectangle, filled or not, in memory."""
    members: int = 5_000
    """Files in one archive."""
    cell_characters: int = 32 * 1024
    listed_problems: int = 1000
    """Problems listed in a receipt per sheet; the workbook that goes back holds every refused row."""


LIMITS = Limits()
