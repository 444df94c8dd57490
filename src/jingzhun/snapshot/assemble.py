"""Which rows of which deliveries make up a table: the latest delivery of a key counts, different layouts add up.

Within one layout a later row replaces an earlier one of the same key as a whole. Rows of different layouts
(the person export and the household sheet, say) describe the same household side by side: their columns are merged,
the latest known value of each column counting. Every row that did not become a row of its own is listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jingzhun.engine import parquet_rows, quoted
from jingzhun.model import Table


@dataclass(frozen=True, slots=True)
class StagedFile:
    """One Parquet file of typed rows, the number of the delivered file it came from, and its layout."""

    path: Path
    file_no: int
    layout: str
    rows: int


def staged_union(table: Table, files: list[StagedFile]) -> str:
    """All staged rows of a table in order of delivery, with ``layout`` beside the contract's columns."""
    names = [column.name for column in table.all_columns if column.name != "origin_file"]
    columns = ", ".join(names)
    return " UNION ALL ".join(
        f"SELECT {columns}, {file.file_no}::BIGINT AS origin_file, {quoted(file.layout)} AS layout "
        f"FROM {parquet_rows([file.path])}"
        for file in files
    )


def key_of(table: Table) -> str:
    return ", ".join(table.key)


def _row_key(table: Table, rows: str) -> str:
    """The key of each of ``rows`` as one text, as ``superseded`` and ``merged_row`` name it."""
    return " || '|' || ".join(f"CAST({rows}.{name} AS VARCHAR)" for name in table.key)


def ranked(table: Table, source: str) -> str:
    """Each row with its place among the rows of its key and layout (1 is the one that counts) and its content hash."""
    content = ", ".join(name for name in table.column_names if not name.startswith("origin_"))
    return (
        f"SELECT *, hash({content}) AS content, row_number() OVER latest AS place, "
        f"first_value(hash({content})) OVER latest AS winner, "
        f"first_value(origin_file) OVER latest AS winner_file, first_value(origin_row) OVER latest AS winner_row "
        f"FROM {source} WINDOW latest AS (PARTITION BY {key_of(table)}, layout "
        f"ORDER BY origin_file DESC, origin_sheet DESC, origin_row DESC)"
    )


def counting_rows(table: Table, source: str) -> str:
    """The rows that count, one per key: the winners of each layout, merged column by column across layouts."""
    rest = [name for name in table.column_names if name not in table.key]
    newest = "(origin_file, origin_row)"
    merged = ", ".join(
        f"max_by({name}, {newest}) AS {name}"
        if name.startswith("origin_")
        else f"max_by({name}, {newest}) FILTER (WHERE {name} IS NOT NULL) AS {name}"
        for name in rest
    )
    columns = ", ".join(table.column_names)
    return (
        f"SELECT {columns} FROM (SELECT {key_of(table)}, {merged} FROM {source} WHERE place = 1 "
        f"GROUP BY {key_of(table)}) ORDER BY {key_of(table)}"
    )


def parts(table: Table, source: str) -> str:
    """Of every row that several layouts make up: the delivered rows, and the columns whose value each of them gave."""
    place = "origin_file * 4294967296 + origin_row"
    rest = [name for name in table.column_names if name not in table.key and not name.startswith("origin_")]
    winners = ", ".join(f"max({place}) FILTER (WHERE {name} IS NOT NULL) AS {name}" for name in rest)
    gave = ", ".join(f"CASE WHEN m.{name} = r.{place.replace('+ ', '+ r.')} THEN '{name}' END" for name in rest)
    return (
        f"SELECT {quoted(table.name)} AS table_name, {_row_key(table, 'r')} AS row_key, "
        f"r.origin_file, r.origin_sheet, r.origin_row, "
        f"concat_ws(',', {gave}) AS gave FROM {source} r JOIN (SELECT {key_of(table)}, {winners} FROM {source} "
        f"WHERE place = 1 GROUP BY {key_of(table)} HAVING count(*) > 1) m USING ({key_of(table)}) WHERE r.place = 1"
    )


def set_aside(table: Table, source: str) -> str:
    """The rows that lost to a later delivery, and whether they said the same."""
    return (
        f"SELECT {quoted(table.name)} AS table_name, {_row_key(table, source)} AS row_key, "
        f"origin_file, origin_sheet, origin_row, "
        f"winner_file AS by_file, winner_row AS by_row, content = winner AS identical "
        f"FROM {source} WHERE place > 1"
    )
