"""Labels of code lists that the core itself reasons with.

The lists belong to the pack; these few national terms carry meaning in procedures that are the same everywhere.
``jingzhun pack check`` makes sure that the pack's lists contain them.
"""

from typing import Final

MEDICAL: Final = "基本医疗保险"
PENSION: Final = "基本养老保险"
INSURANCE: Final = (MEDICAL, PENSION)
NOT_ENROLLED: Final = "未参保"
"""In no list, where a list was delivered; where none was, the scheme stays unknown."""

NEW: Final = "新识别"
FELL_BACK: Final = "返贫"
NATURAL_IN: Final = "自然增加"
NATURAL_OUT: Final = "自然减少"
CLEARED: Final = "清退"
EXITED: Final = "脱贫"
SPLIT: Final = "拆户"
MERGED: Final = "并户"
DISSOLVED: Final = "销户"
ADJUSTMENTS: Final = (NEW, FELL_BACK, NATURAL_IN, NATURAL_OUT, CLEARED, EXITED, SPLIT, MERGED, DISSOLVED)

FLOWS: Final[dict[str, tuple[str, int]]] = {
    "new": (NEW, 1),
    "fell_back": (FELL_BACK, 1),
    "natural_in": (NATURAL_IN, 1),
    "split": (SPLIT, 1),
    "natural_out": (NATURAL_OUT, -1),
    "merged": (MERGED, -1),
    "closed": (DISSOLVED, -1),
    "cleared": (CLEARED, -1),
    "exited": (EXITED, -1),
}
"""Column of the flow table → kind of event and the sign with which it moves a stock."""

STOCK_POOR: Final = "贫困"
STOCK_EXITED: Final = "已脱贫"
STOCK_NONE: Final = "未建档"
STOCKS: Final = (STOCK_POOR, STOCK_EXITED, STOCK_NONE)

POOR: Final = ("未脱贫", "返贫", "预脱贫")
"""Exit statuses that still count as poor."""

CORRECTED: Final = "已整改"
EXEMPT: Final = "已豁免"
LEAD_CORRECTED: Final = "属实-已更正"
"""Verdict on a lead that holds once the lead is gone; while it arises still, nothing was corrected."""
EXEMPT_UNTIL: Final = "豁免"
"""Verdict on a lead that holds for a time only."""

VILLAGE_KIND: Final = "村委会"
POOR_VILLAGE: Final = ("贫困村", "深度贫困村")
AGRICULTURAL: Final = "农业"
COUNTY_TARGET: Final = "贫困县摘帽"
WRONG_EXIT: Final = "错退率"
OMISSION: Final = "漏评率"
APPROVAL: Final = "群众认可度"

ASKED_EXITED: Final = "脱贫户"
ASKED_POOR: Final = "未脱贫户"
ASKED_OUTSIDE: Final = "非建档立卡户"
DRAWN: Final = "样本"
RESERVE: Final = "备用"
COMPLETED: Final = "完成"
NOBODY_THERE: Final = ("查无此户", "已去世销户")
"""Outcomes of a visit that say there is no such household: no refusal, and nobody of the population."""
DOUBT_EXIT: Final = "疑似错退"
DOUBT_OMITTED: Final = "疑似漏评"
DOUBT_MISPLACED: Final = "疑似错评"
UPHELD: Final = "属实"
DISMISSED: Final = "不属实"

EXPECTED: Final[dict[str, tuple[str, ...]]] = {
    "insurance": INSURANCE,
    "adjustment_kind": ADJUSTMENTS,
    "register_stock": STOCKS,
    "exit_status": POOR,
    "problem_state": (CORRECTED, EXEMPT),
    "lead_verdict": (EXEMPT_UNTIL, LEAD_CORRECTED),
    "region_kind": (VILLAGE_KIND,),
    "village_attr": POOR_VILLAGE,
    "hukou": (AGRICULTURAL,),
    "target_kind": (COUNTY_TARGET,),
    "evaluation_measure": (WRONG_EXIT, OMISSION, APPROVAL),
    "evaluation_subject": (ASKED_EXITED, ASKED_POOR, ASKED_OUTSIDE),
    "sample_role": (DRAWN, RESERVE),
    "visit_outcome": (COMPLETED, *NOBODY_THERE),
    "evaluation_doubt": (DOUBT_EXIT, DOUBT_OMITTED, DOUBT_MISPLACED),
    "evaluation_verdict": (UPHELD, DISMISSED),
}
"""Code list → labels that must be in it."""
