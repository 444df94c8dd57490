"""Words of the evaluation report in both languages, and how its numbers are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jingzhun.model.evaluation_report import Limit, RateResult, VillagePoint
from jingzhun.model.message import Language, Message

WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("第三方评估报告", "Third-party evaluation"),
    "synthetic": (
        "合成数据：人、户和调查结果都是虚构的，不代表任何真实的人、户、村。",
        "Synthetic data: people, households and answers are invented. They describe nobody real.",
    ),
    "synthetic_short": ("合成数据", "Synthetic data"),
    "other_language": ("English", "中文"),
    "page": ("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
    "as_of": ("时点", "As of"),
    "region": ("行政区划代码", "Division code"),
    "pack": ("政策包", "Policy pack"),
    "snapshot": ("数据快照", "Snapshot"),
    "sample": ("样本", "Sample"),
    "survey": ("调查", "Survey"),
    "seed": ("种子", "Seed"),
    "verdicts": ("判定", "Verdicts"),
    "rate": ("指标", "Rate"),
    "official": ("官方口径", "Official figure"),
    "limit": ("限值", "Limit"),
    "by_point": ("按点估计（官方规则）", "By the point estimate (official rule)"),
    "design": ("按抽样设计估计", "From the design"),
    "interval": ("区间", "Interval"),
    "low": ("区间下限", "Interval, low"),
    "high": ("区间上限", "Interval, high"),
    "bound": ("单侧界", "One-sided bound"),
    "by_bound": ("按单侧界（本系统）", "By the bound (ours)"),
    "if_upheld": ("若未决疑点全部属实", "If all open cases were upheld"),
    "kept": ("达标", "Kept"),
    "not_kept": ("未达标", "Not kept"),
    "not_excluded": ("不能排除越限", "Crossing not excluded"),
    "unknown": ("算不出", "Not computable"),
    "not_judged": ("不判定", "Not judged"),
    "verdict_note": (
        "官方规则只比较点估计。单侧界说明样本是否足够大：点估计达标而单侧界未达标，表示样本不能排除越过限值。",
        "The official rule compares the point estimate only. The bound says whether the sample is large enough: where "
        "the point keeps the limit and the bound does not, the sample does not exclude that the limit is crossed.",
    ),
    "review": ("需要复核", "To be reviewed"),
    "nothing_to_review": ("没有需要复核的事项。", "Nothing needs review."),
    "definitions": ("两种口径", "Both definitions side by side"),
    "reading": ("口径", "Reading"),
    "official_n": ("官方口径（判定用）", "Official (judged)"),
    "official_other": ("官方口径（另一种解释）", "Official (other reading)"),
    "numerator": ("分子", "Numerator"),
    "denominator": ("分母", "Denominator"),
    "numerator_says": ("分子含义", "What the numerator counts"),
    "denominator_says": ("分母含义", "What the denominator counts"),
    "value": ("数值", "Value"),
    "se": ("标准误", "Standard error"),
    "df": ("自由度", "Degrees of freedom"),
    "deff": ("设计效应", "Design effect"),
    "answered_by": ("户 · 人", "Households · persons"),
    "left_out": ("缺回答", "No answer"),
    "source": ("来源", "Source"),
    "counties": ("分县", "By county"),
    "counties_note": (
        "每格第一行是官方口径和按点估计的判定，第二行是按抽样设计的估计、区间和按单侧界的判定。",
        "In each cell the official figure as the rule judges it, then ours with its interval, judged by its bound.",
    ),
    "county": ("县", "County"),
    "sampled": ("抽样与应答", "Drawn and answered"),
    "stratum": ("村层", "Stratum of villages"),
    "subject": ("调查对象", "Who was asked"),
    "villages": ("村", "Villages"),
    "drawn": ("抽中户", "Drawn"),
    "answered": ("完成户", "Answered"),
    "replaced": ("其中替换", "Of them replacements"),
    "gone": ("查无此户或销户", "No such household"),
    "lacking": ("未应答", "No answer"),
    "persons": ("人口", "Persons"),
    "response_rate": ("应答率", "Response rate"),
    "households": ("户", "Households"),
    "cases": ("疑点、申诉与认定", "Doubtful cases, appeals and verdicts"),
    "no_cases": ("没有疑点。", "No doubtful case."),
    "case_no": ("编号", "No."),
    "place": ("村", "Village"),
    "head": ("户主", "Head"),
    "doubt": ("疑点", "Doubt"),
    "raised": ("提出", "Raised"),
    "appealed": ("申诉", "Appealed"),
    "verdict": ("最终认定", "Final verdict"),
    "no_verdict": ("尚未认定", "Open"),
    "reason": ("依据、申诉与理由", "Grounds, appeal, reasons"),
    "appeal": ("申诉举证", "Appeal and evidence"),
    "grounds": ("疑点依据", "Grounds"),
    "why": ("认定理由", "Reasons"),
    "decided": ("认定日期", "Decided on"),
    "upheld": ("属实", "Upheld"),
    "dismissed": ("不属实", "Dismissed"),
    "map": ("问题分布（按村）", "Findings by village"),
    "map_real": (
        "点为村的位置（由报送的行政村信息给出），不是农户的位置；圆的大小随认定的人数。",
        "Points are villages, where the delivered village table puts them, never households; size follows the persons "
        "upheld.",
    ),
    "map_grid": (
        "示意图：有抽中的村没有坐标，按乡镇排列，不表示方位；颜色表示有没有发现问题。",
        "Schematic: not all villages drawn have coordinates, so they stand by township, not where they lie; colour "
        "says whether anything was found.",
    ),
    "map_none": ("没有发现", "Nothing found"),
    "map_found": ("有认定属实的", "Upheld cases"),
    "map_open": ("只有未决疑点", "Open cases only"),
    "findings_of": ("有发现的村", "Villages with findings"),
    "no_findings": ("抽中的村都没有认定属实或未决的疑点。", "No village drawn has an upheld or open case."),
    "number": ("图号", "On the map"),
    "township": ("乡镇", "Township"),
    "wrong": ("错退（人）", "Wrong exits"),
    "omitted": ("漏评（人）", "Left out"),
    "pending": ("未决（人）", "Open"),
    "methods": ("方法", "Methods"),
    "known": ("已知总数", "Known totals"),
    "cells": ("无应答调整格", "Response cells"),
    "asked": ("应访户", "To be asked"),
    "factor": ("调整系数", "Factor"),
    "calibration": ("校准", "Calibration"),
    "margin": ("已知合计", "Known total"),
    "before": ("校准前", "Before"),
    "after": ("校准后", "After"),
    "weights": ("最终权重", "Final weights"),
    "smallest": ("最小", "Smallest"),
    "median": ("中位", "Median"),
    "largest": ("最大", "Largest"),
    "kish": ("Kish 系数", "Kish's factor"),
    "moved": ("校准倍数", "Calibration ratios"),
    "moved_least": ("校准倍数最小", "Calibration ratio, smallest"),
    "moved_most": ("校准倍数最大", "Calibration ratio, largest"),
    "of": ("共", "of"),
    "no_value": ("—", "—"),
    "contents": ("目录", "Contents"),
}

LABELS: Final[dict[str, str]] = {
    "脱贫户": "Exited",
    "未脱贫户": "Still poor",
    "非建档立卡户": "Outside the register",
    "疑似错退": "May have left wrongly",
    "疑似漏评": "May have been left out",
    "疑似错评": "May have been taken in wrongly",
    "属实": "Upheld",
    "不属实": "Dismissed",
}
"""The code labels that the report prints, in English."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A judgement: its tone (passed, flagged, failed, not_computable) and its word."""

    tone: str
    text: str


def word(key: str, language: Language) -> str:
    return WORDS[key][0 if language == "zh" else 1]


def label(text: str, language: Language) -> str:
    return text if language == "zh" else LABELS.get(text, text)


def percent(share: float | None) -> str:
    """A share as a percentage of two decimals; empty where it is not known."""
    return "" if share is None else f"{share:.2%}"


def amount(value: float | None) -> str:
    """A count, with one decimal where it is no whole number."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value - round(value)) < 0.05 else f"{value:,.1f}"


def joined(messages: tuple[Message, ...], language: Language) -> str:
    return (" + ").join(message.say(language) for message in messages)


def findings(village: VillagePoint) -> int:
    return village.wrong + village.omitted


def limit_text(limit: Limit) -> str:
    return f"{limit.sign} {limit.percent}%"


def bound_text(result: RateResult) -> str:
    """The one-sided bound that is held against the limit, and on which side of it the rate lies."""
    if result.bound is None:
        return ""
    return f"{'≥' if result.bound_side == 'above' else '≤'} {percent(result.bound)}"


def point_mark(passed: bool | None, language: Language) -> Mark:
    if passed is None:
        return Mark("not_computable", word("unknown", language))
    return Mark("passed", word("kept", language)) if passed else Mark("failed", word("not_kept", language))


def bound_mark(passed: bool | None, language: Language) -> Mark:
    if passed is None:
        return Mark("not_computable", word("unknown", language))
    return Mark("passed", word("kept", language)) if passed else Mark("flagged", word("not_excluded", language))
