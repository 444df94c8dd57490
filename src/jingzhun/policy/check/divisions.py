"""Divisions: one entry per code and day, every parent in force as long as its children, every successor real."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import pairwise

from jingzhun.policy.check.case import Case
from jingzhun.policy.divisions import LEVELS
from jingzhun.policy.schema import DivisionRow

FILE = "regions/divisions.csv"
Numbered = tuple[int, DivisionRow]


def check_divisions(case: Case) -> None:
    by_code: dict[str, list[Numbered]] = defaultdict(list)
    for numbered in enumerate(case.pack.divisions.rows):
        by_code[numbered[1].region_code].append(numbered)
    for entries in by_code.values():
        _check_overlap(case, entries)
    for index, row in enumerate(case.pack.divisions.rows):
        _check_row(case, index, row)
        _check_parent(case, index, row, by_code)
        _check_successor(case, index, row, by_code)
    _check_root(case, by_code)


def _until(row: DivisionRow) -> date:
    return row.valid_to or date.max


def _check_overlap(case: Case, entries: list[Numbered]) -> None:
    ordered = sorted(entries, key=lambda entry: entry[1].valid_from)
    for (_, before), (index, row) in pairwise(ordered):
        if row.valid_from < _until(before):
            case.row_fault(
                FILE,
                index,
                f"区划 {row.region_code} 的有效期与另一行重叠（{before.valid_from} 起）；请改 valid_from 或 valid_to。",
                f"the periods of {row.region_code} overlap (the other begins {before.valid_from}); "
                "change valid_from or valid_to.",
            )


def _check_row(case: Case, index: int, row: DivisionRow) -> None:
    if row.level not in range(1, len(LEVELS) + 1):
        case.row_fault(
            FILE,
            index,
            f"层级 {row.level} 不在 1 到 5 之间；1 省、2 市、3 县、4 乡、5 村。",
            f"level {row.level} is not from 1 (province) to 5 (village); correct it.",
        )
    if row.valid_to is not None and row.valid_to <= row.valid_from:
        case.row_fault(
            FILE,
            index,
            f"{row.region_code} 的撤销日期 {row.valid_to} 不晚于启用日期；请改正。",
            f"{row.region_code} ends on {row.valid_to}, not after it begins; correct the dates.",
        )
    kinds = case.pack.codes.get("region_kind")
    if kinds is not None and row.kind not in {item.label for item in kinds.items}:
        case.row_fault(
            FILE,
            index,
            f"类别“{row.kind}”不在代码表 region_kind 中；请改用其中的标签。",
            f"kind {row.kind!r} is not a label of code list region_kind; use one of its labels.",
        )


def _check_parent(case: Case, index: int, row: DivisionRow, by_code: dict[str, list[Numbered]]) -> None:
    if not row.parent_code:
        if row.level > 1:
            case.row_fault(
                FILE,
                index,
                f"{row.name} 没有上级代码，只有省级可以没有；请填写 parent_code。",
                f"{row.region_code} has no parent and is not a province; fill in parent_code.",
            )
        return
    parents = [parent for _, parent in by_code.get(row.parent_code, ())]
    if not parents:
        case.row_fault(
            FILE,
            index,
            f"{row.name} 的上级 {row.parent_code} 不存在；请补上该区划或改正代码。",
            f"the parent {row.parent_code} of {row.region_code} does not exist; add it or correct the code.",
        )
        return
    if any(parent.level >= row.level for parent in parents):
        case.row_fault(
            FILE,
            index,
            f"{row.name} 的上级 {row.parent_code} 层级不比它高；请改正。",
            f"the parent {row.parent_code} is not of a higher level than {row.region_code}; correct one of them.",
        )
    if not _covered(row, parents):
        case.row_fault(
            FILE,
            index,
            f"{row.name} 的有效期超出上级 {row.parent_code} 的有效期；请改正日期。",
            f"{row.region_code} is in force on days when its parent {row.parent_code} is not; correct the dates.",
        )


def _covered(row: DivisionRow, parents: list[DivisionRow]) -> bool:
    reached = row.valid_from
    for parent in sorted(parents, key=lambda parent: parent.valid_from):
        if parent.valid_from <= reached:
            reached = max(reached, _until(parent))
    return reached >= _until(row)


def _check_successor(case: Case, index: int, row: DivisionRow, by_code: dict[str, list[Numbered]]) -> None:
    if not row.successor_code:
        return
    end = row.valid_to
    if end is None:
        case.row_fault(
            FILE,
            index,
            f"{row.name} 有继任代码却没有撤销日期；请填写 valid_to 或删去 successor_code。",
            f"{row.region_code} has a successor but no end; fill in valid_to or remove successor_code.",
        )
        return
    heirs = [heir for _, heir in by_code.get(row.successor_code, ())]
    if not any(heir.valid_from <= end < _until(heir) for heir in heirs):
        case.row_fault(
            FILE,
            index,
            f"{row.name} 的继任 {row.successor_code} 在 {end} 不存在；请改正代码或日期。",
            f"the successor {row.successor_code} of {row.region_code} is not in force on {end}; correct it.",
        )


def _check_root(case: Case, by_code: dict[str, list[Numbered]]) -> None:
    root = case.pack.meta.root_region
    if root not in by_code:
        case.fault(
            "pack.yaml",
            ("root_region",),
            f"区划 {root} 不在 {FILE} 中；请改正代码或补上区划。",
            f"division {root} is not in {FILE}; correct the code or add the division.",
        )
