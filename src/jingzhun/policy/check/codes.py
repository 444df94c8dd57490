"""Code lists: every spelling means one value, and the lists that contracts and core need are there."""

from __future__ import annotations

from collections import Counter

from jingzhun.model import TABLES, labels
from jingzhun.policy.check.case import Case
from jingzhun.policy.schema import CodeList
from jingzhun.policy.spelling import search_key, spellings


def check_code_lists(case: Case) -> None:
    """Unique labels, codes and aliases; lists named by contracts; labels that the core reasons with."""
    for codes in case.pack.codes.values():
        _check_unique(case, codes)
    _check_contracts(case)
    _check_core(case)


def _check_unique(case: Case, codes: CodeList) -> None:
    owners: dict[str, str] = {}
    for index, item in enumerate(codes.items):
        for key in dict.fromkeys(spellings(item)):
            other = owners.setdefault(key, item.label)
            if other == item.label:
                continue
            case.fault(
                f"code_list:{codes.id}",
                ("items", index),
                f"写法“{key}”既指“{other}”又指“{item.label}”；一种写法只能指一个值，请删去一处。",
                f"the spelling {key!r} means both {other!r} and {item.label!r}; remove one of them.",
            )
    for label, count in Counter(search_key(item.label) for item in codes.items).items():
        if count > 1:
            place = next(i for i, item in reversed(list(enumerate(codes.items))) if search_key(item.label) == label)
            case.fault(
                f"code_list:{codes.id}",
                ("items", place),
                f"标签“{codes.items[place].label}”出现 {count} 次，请合并。",
                f"the label {codes.items[place].label!r} stands {count} times; merge them.",
            )


def _check_contracts(case: Case) -> None:
    needed: dict[str, str] = {}
    for table in TABLES.values():
        for column in table.all_columns:
            if column.codes:
                needed.setdefault(column.codes, f"{table.name}.{column.name}")
    for name, user in needed.items():
        if name not in case.pack.codes:
            case.file_fault(
                f"catalogue/codes/{name}.yaml",
                f"缺少代码表“{name}”，表字段 {user} 要用它；请新建此文件。",
                f"code list {name!r} is missing and {user} needs it; add this file.",
            )


def _check_core(case: Case) -> None:
    for name, expected in labels.EXPECTED.items():
        codes = case.pack.codes.get(name)
        if codes is None:
            continue
        missing = [label for label in expected if label not in {item.label for item in codes.items}]
        for label in missing:
            case.fault(
                f"code_list:{name}",
                ("items",),
                f"代码表“{name}”缺少标签“{label}”，计算要用它；请补上（写法可以放进 aliases）。",
                f"code list {name!r} lacks the label {label!r} that the core computes with; add it.",
            )
