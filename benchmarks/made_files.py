"""Files for the intake benchmarks: plausible, mostly clean, every hundredth row with something to put right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from rustpy_xlsxwriter import write_worksheet

from jingzhun.model import TABLES, Kind
from jingzhun.policy import load_pack
from jingzhun.policy.schema import LayoutColumn

PACK = load_pack("luliang_2018")
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECK = np.array(list("10X98765432"))
CHUNK = 200_000


def identity_numbers(first: int, count: int) -> tuple[list[str], list[str], list[str]]:
    """Valid 18-digit numbers from ``first`` on, with the sex and the birth date they contain."""
    index = np.arange(first, first + count)
    days = np.datetime64("1940-01-01") + (index * 7919 % 27000).astype("timedelta64[D]")
    born = np.char.replace(days.astype(str), "-", "")
    serial = np.char.zfill((index // 27000 % 1000).astype(str), 3)
    body = np.char.add(np.char.add("141130", born), serial)
    digits = body.view("U1").reshape(count, 17).astype(np.int64)
    checked = np.char.add(body, CHECK[(digits * WEIGHTS).sum(axis=1) % 11])
    sex = np.where(digits[:, 16] % 2 == 1, "男", "女")
    return checked.tolist(), sex.tolist(), days.astype(str).tolist()


def villages() -> list[tuple[str, str, str, str]]:
    """Prefecture, county, township and village names of one county, and the village's code."""
    tree = PACK.divisions.on(date(2018, 12, 31))
    root = next(code for code in tree.rows if tree.get(code).level == 3)
    found = []
    for code in tree.under(root, 5):
        line = {tree.get(above).level: tree.get(above).name for above in tree.ancestors(code)}
        found.append((line[2], line[3], line[4], line[5]))
    return found


def roster_csv(path: Path, rows: int) -> Path:
    """The whole-population roster as its ledger: 13 columns, UTF-8."""
    layout = PACK.layouts["ledger_resident"]
    headers = [column.header for column in layout.columns]
    with path.open("wb") as handle:
        handle.write((",".join(headers) + "\n").encode())
        for first in range(0, rows, CHUNK):
            table = _residents(headers, first, min(CHUNK, rows - first))
            options = pa.csv.WriteOptions(include_header=False, quoting_style="none")
            pa.csv.write_csv(table, handle, options)
    return path


def _residents(headers: list[str], first: int, count: int) -> pa.Table:
    numbers, sexes, born = identity_numbers(first, count)
    places = villages()
    index = np.arange(first, first + count)
    place = index // 700 % len(places)
    values: dict[str, object] = {
        "市": [places[i][0] for i in place],
        "县(市、区)": [places[i][1] for i in place],
        "乡(镇)": [places[i][2] for i in place],
        "行政村": [places[i][3] for i in place],
        "公民身份号码": numbers,
        "姓名": [f"合成{NAMES[i % len(NAMES)]}" for i in index],
        "性别": sexes,
        "出生日期": born,
        "户口性质": np.where(index % 5 < 3, "农业", "非农业").tolist(),
        "户口簿号": pc.cast(pa.array(index // 3 + 10_000_000), pa.string()),
        "是否在校学生": np.where(index % 100 == 0, "√", np.where(index % 9 == 0, "是", "否")).tolist(),
        "统计日期": ["2018-12-01"] * count,
    }
    empty = pa.array([""] * count, pa.string())
    return pa.table({header: values.get(header, empty) for header in headers})


NAMES = (
    "安",
    "博",
    "晨",
    "德",
    "恩",
    "丰",
    "刚",
    "华",
    "吉",
    "军",
    "凯",
    "兰",
    "明",
    "宁",
    "平",
    "勤",
    "瑞",
    "松",
    "涛",
    "文",
)


def person_workbook(path: Path, rows: int, columns: int = 40) -> Path:
    """Registered persons as their ledger, ``columns`` wide, all cells text as exports write them."""
    layout = PACK.layouts["ledger_person"]
    required = [column for column in layout.columns if column.required or column.region]
    rest = [column for column in layout.columns if column not in required]
    chosen = (required + rest)[:columns]
    write_worksheet(_person_rows(chosen, rows), str(path), sheet_name="人员")
    return path


def _person_rows(columns: list[LayoutColumn], rows: int) -> Iterator[dict[str, str]]:
    places = villages()
    numbers, sexes, born = identity_numbers(0, rows)
    for index in range(rows):
        place = places[index // 700 % len(places)]
        known = {
            "市": place[0],
            "县(市、区)": place[1],
            "乡(镇)": place[2],
            "行政村": place[3],
            "数据年度": "2018",
            "人编号": f"{1_411_300_000_000 + index}",
            "户编号": f"{14_113_000_000 + index // 3}",
            "姓名": f"合成{NAMES[index % len(NAMES)]}",
            "证件号码": numbers[index],
            "性别": sexes[index],
            "出生日期": born[index],
        }
        yield {column.header: known.get(column.header) or _cell(column, index) for column in columns}


def _cell(column: LayoutColumn, index: int) -> str:
    """A value that fits the column's kind; codes by label."""
    if not column.field:
        return ""
    target = TABLES["person"].column(column.field)
    if target.kind is Kind.CODE:
        items = PACK.codes[target.codes].items
        return items[index % len(items)].label
    if target.kind is Kind.FLAG:
        return ("是", "否")[index % 2] if index % 100 else "√"
    samples = {Kind.INTEGER: str(index % 12), Kind.MONTH: "2014-05", Kind.NUMBER_TEXT: "13800000000"}
    return samples.get(target.kind, "合成文字")
