"""The nouns of the house: every table contract, by name, in the order of the chapters."""

from jingzhun.model import comparison, evaluation, funds, plans, programmes, regions, register, responsibility, results
from jingzhun.model.contract import ORIGIN, Column, Kind, Table, mask

CHAPTERS: dict[str, tuple[str, str]] = {
    "regions": ("行政区划", "Divisions"),
    "register": ("建档立卡", "The register"),
    "responsibility": ("责任体系", "Responsibility"),
    "plans": ("目标与计划", "Targets and plans"),
    "funds": ("资金", "Funds"),
    "programmes": ("专项工程", "Programmes"),
    "comparison": ("跨部门比对", "Comparison with other departments"),
    "evaluation": ("第三方评估", "Third-party evaluation"),
    "results": ("结果", "Results"),
}

TABLES: dict[str, Table] = {
    table.name: table
    for room in (regions, register, responsibility, plans, funds, programmes, comparison, evaluation, results)
    for table in room.TABLES
}

__all__ = ["CHAPTERS", "ORIGIN", "TABLES", "Column", "Kind", "Table", "mask"]
