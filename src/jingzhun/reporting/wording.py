"""Words of the answer sheet in both languages, units, and how numbers are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from jingzhun.model.answers import Answer, Outcome, Undelivered
from jingzhun.model.message import Language

WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("脱贫答卷", "Poverty-alleviation answer sheet"),
    "synthetic": (
        "合成数据：本答卷由虚构的人口和行政记录计算得出，不代表任何真实的人、户、村。",
        "Synthetic data: these figures were computed from invented people and records. They describe nobody real.",
    ),
    "synthetic_short": ("合成数据", "Synthetic data"),
    "as_of": ("时点", "As of"),
    "pack": ("政策包", "Policy pack"),
    "snapshot": ("数据快照", "Snapshot"),
    "region": ("行政区划代码", "Division code"),
    "contents": ("目录", "Contents"),
    "key_figures": ("要点", "Key figures"),
    "attention": ("需要复核", "To be reviewed"),
    "without_value": ("没有数据，算不出", "No data to compute from"),
    "rows_lack_data": ("有缺数据的行，未计入", "Some rows lack data and are not counted"),
    "undelivered": ("没有报送的表", "Tables that nobody delivered"),
    "undelivered_what": (
        "{listed}。共 {count} 个数字要用它们，因此没有或不全，不当作 0；补报后再运行",
        "{listed}. {count} figures need them and are missing or incomplete, not zero; deliver them and run again",
    ),
    "undelivered_named": ("{table}（{names}）", "{table} ({names})"),
    "undelivered_one": ("{table}（{count} 个数字）", "{table} ({count})"),
    "waiting": ("等它的数字", "Figures that wait for it"),
    "table": ("表", "Table"),
    "figure_count": ("数字个数", "How many"),
    "not_met": ("未达标或缺事实", "not met, or facts missing"),
    "rows_refused": (
        "行曾待核或拒收，退回工作簿逐行写明原因；改正后重报的已按后来的文件计入，没有重报的未计入",
        "rows were quarantined or rejected; the returned workbooks say why. Those sent again count as sent later, "
        "the others do not count",
    ),
    "files_without_a_row": (
        "没有读到一行的文件（打不开、认不出、缺列或没有数据），其中的数据都未计入；请看接收情况的说明，改正后再报：",
        "no row could be read from these files (unreadable, not recognised, columns missing or no data) and nothing in "
        "them counts; see the notes of the intake, correct them and send them again: ",
    ),
    "nothing_to_review": ("没有需要复核的事项。", "Nothing needs review."),
    "figures": ("数字", "Figures"),
    "checks": ("互检", "Mutual checks"),
    "flows": ("进出平衡", "Stocks and flows"),
    "exits": ("退出检验", "Exit tests"),
    "sources": ("来源文件", "Source files"),
    "others": ("其他指标", "Other figures"),
    "id": ("编号", "No."),
    "name": ("指标", "Figure"),
    "place": ("地区", "Division"),
    "value": ("数值", "Value"),
    "unit": ("单位", "Unit"),
    "qualifier": ("限定", "Qualifier"),
    "printed": ("原文", "Printed"),
    "made_of": ("分子 ÷ 分母", "Numerator ÷ denominator"),
    "numerator": ("分子", "Numerator"),
    "numerator_says": ("分子含义", "What the numerator counts"),
    "denominator": ("分母", "Denominator"),
    "denominator_says": ("分母含义", "What the denominator counts"),
    "vintage": ("数据时点", "Vintage"),
    "period": ("期间起", "Period from"),
    "row": ("行", "row"),
    "rows": ("行", "rows"),
    "row_count": ("行数", "Rows"),
    "rule": ("规则", "Rule"),
    "rule_version": ("规则版本", "Rule version"),
    "behind": ("时点 · 行数 · 规则", "Vintage · rows · rule"),
    "indicator": ("指标标识", "Indicator"),
    "verdict": ("结论", "Verdict"),
    "check": ("检查", "Check"),
    "what": ("核对什么", "What is checked"),
    "says": ("结论说明", "Finding"),
    "about": ("涉及数字", "Figures"),
    "opening": ("期初", "Opening"),
    "closing": ("期末", "Closing"),
    "difference": ("差额", "Difference"),
    "stock": ("存量", "Stock"),
    "counted": ("计数对象", "Counted"),
    "item": ("项目", "Item"),
    "register_households": ("在册户", "Register, households"),
    "register_persons": ("在册人口", "Register, persons"),
    "poor_households": ("贫困户", "Poor, households"),
    "poor_persons": ("贫困人口", "Poor, persons"),
    "register": ("全部在册", "Register"),
    "poor": ("贫困", "Poor"),
    "households": ("户", "Households"),
    "persons": ("人", "Persons"),
    "county": ("县", "County"),
    "village": ("村", "Village"),
    "household": ("户", "Household"),
    "counties_title": ("县：每项标准一票否决", "Counties: every criterion is a veto"),
    "below_title": (
        "村和户：已退出对象中各项标准的达标数",
        "Villages and households: of those that exited, how many pass",
    ),
    "criterion": ("标准", "Criterion"),
    "wanted": ("要求", "Required"),
    "seen": ("实际", "Seen"),
    "passed_of": ("达标 / 检验", "Passed / judged"),
    "vetoed": ("否决", "Vetoes"),
    "lacking_facts": ("缺数据", "Facts missing"),
    "subject": ("对象", "Subject"),
    "all_passed": ("各项达标", "All passed"),
    "yes": ("达标", "passed"),
    "no": ("否决", "veto"),
    "unknown": ("缺事实", "facts missing"),
    "file": ("文件", "File"),
    "sha256": ("哈希（SHA-256）", "SHA-256"),
    "data_rows": ("数据行", "Data rows"),
    "accepted": ("接收", "Accepted"),
    "warned": ("提示", "Warned"),
    "quarantined": ("待核", "Quarantined"),
    "rejected": ("拒收", "Rejected"),
    "ignored": ("忽略", "Ignored"),
    "total": ("合计", "Total"),
    "no_sources": ("本快照没有登记来源文件。", "No source file is recorded in this snapshot."),
    "no_value": ("无数据", "no data"),
    "agree": ("与原文一致", "as printed"),
    "agree_long": ("项与原文一致", "as printed"),
    "differ": ("与原文不符", "differs from print"),
    "closed": ("闭合", "close"),
    "counties_pass": ("县各项达标", "counties pass every test"),
    "passed_count": ("通过", "passed"),
    "rows_accounted": ("行，逐行有交代", "rows, each accounted for"),
    "answered": ("项已回答", "answered"),
    "other_language": ("English", "中文"),
    "page": ("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
    "note": (
        "每个数字都由逐行数据计算：数值 = 分子（÷ 分母），数字后面是口径；"
        "≥、≤ 是原文的“以上”“多”“近”，是界限而不是数值。",
        "Every figure is computed from rows: value = numerator (÷ denominator), with what each counts. "
        "≥ and ≤ stand for 'at least' and 'nearly' in the source: bounds, not values.",
    ),
}

OUTCOMES: Final[dict[Outcome, tuple[str, str]]] = {
    "passed": ("通过", "passed"),
    "flagged": ("提示复核", "review"),
    "failed": ("不符", "failed"),
    "not_computable": ("无法核对", "not computable"),
}

UNITS: Final[dict[str, tuple[str, str]]] = {
    "counties": ("个县", "counties"),
    "villages": ("个村", "villages"),
    "item": ("项", "item"),
    "items": ("项", "items"),
    "levels": ("级", "levels"),
    "groups": ("个组", "groups"),
    "persons": ("人", "persons"),
    "steps": ("环节", "steps"),
    "households": ("户", "households"),
    "person-events": ("人次", "person-events"),
    "records": ("条", "records"),
    "10k yuan": ("万元", "10k yuan"),
    "10k persons": ("万人", "10k persons"),
    "letters": ("份", "letters"),
    "components": ("项", "components"),
    "teams": ("支", "teams"),
    "enterprises": ("家", "enterprises"),
    "100m yuan": ("亿元", "100m yuan"),
    "plan": ("个计划", "plan"),
    "set": ("套", "set"),
    "10k mu": ("万亩", "10k mu"),
    "mu": ("亩", "mu"),
    "cooperatives": ("个", "co-operatives"),
    "yuan": ("元", "yuan"),
    "industries": ("个", "industries"),
    "fairs": ("届", "fairs"),
    "sites": ("个", "sites"),
    "bases": ("个", "bases"),
    "offices": ("个", "offices"),
    "rounds": ("期", "rounds"),
    "MW": ("兆瓦", "MW"),
    "stations": ("座", "stations"),
    "10k households": ("万户", "10k households"),
    "loans": ("笔", "loans"),
    "10k visits": ("万人次", "10k visits"),
    "10k person-times": ("万人次", "10k person-times"),
    "days": ("天", "days"),
    "year": ("年", ""),
    "name": ("", ""),
    "date": ("", ""),
    "month": ("", ""),
}
_NAMES = ("year", "name")
"""Units whose numbers are names: no thousands separators."""
_COUNTED: Final[dict[str, str]] = {
    "counties": "county",
    "industries": "industry",
    "bases": "base",
    "cooperatives": "co-operative",
    **{
        name: name.removesuffix("s")
        for name in (
            "villages", "items", "levels", "groups", "persons", "steps", "households", "person-events", "records",
            "letters", "components", "teams", "enterprises", "fairs", "sites", "offices", "rounds", "stations",
            "loans", "days",
        )
    },
}  # fmt: skip
"""Units that are counted, in the English singular."""
_BOUND = re.compile(r"\s*\((?:at least|more than|nearly)\)$")
_YEAR = re.compile(r"([0-9]{4})年度")
_FEN = (re.compile("（分）$"), re.compile(r" \(fen\)$"))
_LONG = re.compile(r"(?<![0-9.,])[0-9]{4,}(?![0-9,])")
_SEEN = {"是": "yes", "否": "no", " 元": " yuan", " 户": " households"}


def word(key: str, language: Language) -> str:
    zh, en = WORDS[key]
    return zh if language == "zh" else en


def outcome_word(outcome: Outcome, language: Language) -> str:
    zh, en = OUTCOMES[outcome]
    return zh if language == "zh" else en


def unit_word(unit: str, language: Language) -> str:
    """A unit as people write it. The bound that a source put into its unit is shown as the qualifier instead."""
    bare = _BOUND.sub("", unit)
    zh, en = UNITS.get(bare, (bare, bare))
    return zh if language == "zh" else en


def counted_unit(unit: str, value: Decimal | str | None, language: Language) -> str:
    """The unit behind a number: one of it stands in the singular."""
    written = unit_word(unit, language)
    if language == "zh" or value != 1 or bare_unit(unit) not in _COUNTED:
        return written
    return _COUNTED[bare_unit(unit)]


def bare_unit(unit: str) -> str:
    return _BOUND.sub("", unit)


_SMALLER = {"100m yuan": ("10k yuan", 4), "10k yuan": ("yuan", 4)}
"""For an amount that is next to nothing in a unit: the unit to tell it in, and by how many places."""
_NEXT_TO_NOTHING = Decimal("0.1")


def readable(answer: Answer) -> tuple[Decimal | str | None, str, int]:
    """Value, unit and decimals for a reader: 5.00万元 and not 0.000500亿元. What was printed keeps its unit."""
    value, unit, decimals = answer.value, answer.unit, answer.decimals
    if answer.printed is not None or not isinstance(value, Decimal):
        return value, unit, decimals
    while value and abs(value) < _NEXT_TO_NOTHING and unit in _SMALLER:
        unit, places = _SMALLER[unit]
        value, decimals = value.scaleb(places), max(0, decimals - places)
    return value, unit, decimals


def figure_text(value: Decimal | str | None, unit: str, decimals: int) -> str:
    """A value with thousands separators and its decimals; names and years without. Empty when there is none."""
    if value is None or isinstance(value, str):
        return value or ""
    if bare_unit(unit) in _NAMES:
        return f"{value:f}"
    return f"{value:,.{decimals}f}"


def exact_text(value: Decimal | None) -> str:
    """An exact amount: all its digits, no trailing zeros."""
    if value is None:
        return ""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def counted(answer: Answer, part: Literal["numerator", "denominator"]) -> tuple[Decimal | None, str, str]:
    """A part of a figure in the unit people read, and in both languages what it counts and what could not be."""
    numerator = part == "numerator"
    unit = answer.numerator_unit if numerator else answer.denominator_unit
    value = in_yuan(answer.numerator if numerator else answer.denominator, unit)
    says = answer.numerator_says if numerator else answer.denominator_says
    says_en = answer.numerator_says_en if numerator else answer.denominator_says_en
    if unit == "fen":
        says, says_en = _FEN[0].sub("", says) + "（元）", _FEN[1].sub("", says_en) + " (yuan)"
    unknown = answer.unknown if numerator else answer.denominator_unknown
    if not unknown:
        return value, says, says_en
    return (
        value,
        f"{says}；另有 {unknown:,} 行缺数据，未计入",
        f"{says_en}; {unknown:,} more rows lack data, not counted",
    )


def in_yuan(value: Decimal | None, unit: str) -> Decimal | None:
    """Money is stored in fen; people read yuan."""
    return value / 100 if unit == "fen" and value is not None else value


def vintage_text(vintage: str, language: Language) -> str:
    return vintage if language == "zh" else _YEAR.sub(r"data year \1", vintage)


def section_text(section: str, language: Language) -> str:
    """Sections carry both languages as ``中文 / English``; one without a slash is the same in both."""
    zh, _, en = section.partition(" / ")
    if section == WORDS["others"][0]:
        return word("others", language)
    return zh if language == "zh" or not en else en


def seen_text(text: str, language: Language) -> str:
    """What an exit test saw or wanted: thousands separated, its few Chinese words turned for readers of English."""
    text = _LONG.sub(lambda digits: f"{int(digits[0]):,}", text)
    if language == "en":
        for zh, en in _SEEN.items():
            text = text.replace(zh, en)
    return text


NAMED = 3
"""Figures that wait for a table and are named; more are counted, the workbook lists them all."""


def undelivered_text(undelivered: Sequence[Undelivered], language: Language) -> str:
    """The tables that nobody delivered, each with the figures that need it; empty when all came."""
    if not undelivered:
        return ""
    listed = [_gap_text(gap, language) for gap in undelivered]
    figures = {(answer.figure, answer.indicator, answer.region) for gap in undelivered for answer in gap.answers}
    return word("undelivered_what", language).format(listed=joined(listed, language), count=len(figures))


def _gap_text(gap: Undelivered, language: Language) -> str:
    """A table with the figures that wait for it: by name while they are few, else how many."""
    table = gap.table.say(language)
    if len(gap.answers) > NAMED:
        return word("undelivered_one", language).format(table=table, count=len(gap.answers))
    names = joined([answer.name if language == "zh" else answer.name_en for answer in gap.answers], language)
    return word("undelivered_named", language).format(table=table, names=names)


def joined(parts: Sequence[str], language: Language) -> str:
    """Several things in a row, with the stop of the language."""
    return ("、" if language == "zh" else ", ").join(parts)


def date_text(day: date, language: Language) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if language == "zh" else day.isoformat()
