"""The answer sheet that the reporting tests print: a whole prefecture, and a small one with awkward content."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache

from jingzhun.model.answers import Answer, AnswerSheet, ExitLine, SourceLine
from jingzhun.model.message import Message
from tests.answers import printed

COUNTIES = (
    "离石区",
    "文水县",
    "交城县",
    "兴县",
    "临县",
    "柳林县",
    "石楼县",
    "岚县",
    "方山县",
    "中阳县",
    "交口县",
    "孝义市",
    "汾阳市",
)


@cache
def prefecture() -> AnswerSheet:
    """All 111 figures, 27 verdicts, four stocks, thirteen counties, a folder of files."""
    found = printed.verdicts()
    pack = printed.pack()
    return AnswerSheet(
        region="141100000000",
        region_name="吕梁市",
        as_of=printed.AS_OF,
        pack=pack.version,
        pack_title=Message("pack", pack.meta.zh, pack.meta.en),
        snapshot="9f31c7b2a4d8e6f00112233445566778899aabbccddeeff00112233445566778",
        answers=(*printed.with_verdicts(found), *_others()),
        verdicts=tuple(found.values()),
        flows=printed.flows(),
        exits=tuple(_exits()),
        sources=tuple(_sources()),
        synthetic=True,
    )


def awkward() -> AnswerSheet:
    """Names with markup and formulas, a figure without data, a figure that differs from print, no other tables."""
    answer = printed.answers()["F010"]
    markup = replace(answer, name='<script>alert("x")</script>', name_en='=HYPERLINK("x")', numerator_says="<b>&#x41;")
    missing = replace(printed.answers()["F011"], value=None, numerator=None, denominator=None, row_count=0)
    differs = replace(printed.answers()["F017"], value=Decimal(88), numerator=Decimal(88))
    sheet = prefecture()
    return replace(
        sheet,
        region_name='丙县 #set page("a0") $x$ <i>',
        answers=(markup, missing, differs),
        verdicts=(),
        flows=(),
        exits=(),
        sources=(SourceLine("@SUM(A1)+cmd.xlsx", "ab" * 32, 3, 1, 1, 1, 0, 0),),
        synthetic=False,
    )


def _others() -> list[Answer]:
    """Figures of the pack that no source printed: one count, one rate."""
    base = replace(
        printed.answers()["F017"],
        figure=None,
        region="141100000000",
        region_name="吕梁市",
        printed=None,
        section="其他指标",
        check=(),
    )
    poor = replace(
        base,
        indicator="poor_persons",
        name="未脱贫人口",
        name_en="Persons still poor",
        value=Decimal(74_568),
        numerator=Decimal(74_568),
        row_count=74_568,
        unit="persons",
        numerator_says="脱贫属性为未脱贫、返贫或预脱贫的人口",
        numerator_says_en="persons whose household is poor",
        rule_version="luliang_2018 1.0.0 poor_persons@44556677",
    )
    employed = replace(
        base,
        indicator="employment_rate_this_year",
        name="护工就业率",
        name_en="Employment rate",
        value=Decimal("58.35"),
        decimals=2,
        unit="%",
        numerator=Decimal(7_739),
        denominator=Decimal(13_262),
        row_count=7_739,
        numerator_says="当年各期学员中已就业的",
        numerator_says_en="trainees employed",
        denominator_says="当年各期学员",
        denominator_says_en="trainees of the year",
        rule_version="luliang_2018 1.0.0 employment_rate_this_year@8899aabb",
    )
    return [poor, employed]


CRITERIA = (
    ("approval", "群众认可度高于下限", "Approval above the limit", "> 90%"),
    ("facilities", "全部行政村路、车、网、卫生室齐备", "All villages equipped", ""),
    ("headcount", "综合贫困发生率低于上限", "Headcount rate below the limit", "< 2%"),
    ("omission", "漏评率低于上限", "Omission rate below the limit", "< 2%"),
    ("poor_villages", "贫困村退出比例不低于下限", "Poor villages that have exited", "≥ 90%"),
    ("wrong_exit", "错退率低于上限", "Wrong-exit rate below the limit", "< 2%"),
)
DUE = ("离石区", "交城县", "岚县", "方山县", "交口县")
EVALUATED = {
    "approval": "1152/1180 = 97.63%",
    "omission": "3/1260 = 0.24%",
    "wrong_exit": "2/1180 = 0.17%",
}


def _exits() -> list[ExitLine]:
    """Five counties that pass, one stopped by three criteria, the rest without an evaluation."""
    lines = [line for number, county in enumerate(COUNTIES) for line in _county(number, county)]
    below = (
        ("household", "acknowledged", "户主签字认可", "Acknowledged by the household", "181902/182103", "是"),
        (
            "household",
            "income",
            "人均纯收入稳定超过脱贫收入线",
            "Net income above the line",
            "182100/182103",
            "> 2995 元",
        ),
        ("village", "bus", "通客运班车", "Passenger bus", "848/848", "是"),
        ("village", "water", "没有饮水不安全户", "No household without safe water", "845/848", "0 户"),
    )
    for kind, criterion, zh, en, seen, wanted in below:
        whole = len(set(seen.split("/"))) == 1
        lines.append(ExitLine(kind, "141100000000", "吕梁市", criterion, zh, en, whole, seen, wanted))
    return lines


def _county(number: int, name: str) -> list[ExitLine]:
    stopped = name == "临县"
    poor, rural = (41_600, 520_000) if stopped else (528 + 61 * number, 72_400 + 9_000 * number)
    seen = {
        "facilities": "371/392" if stopped else f"{95 + number}/{95 + number}",
        "headcount": f"{poor}/{rural} = {100 * poor / rural:.2f}%",
        "poor_villages": "176/340 = 51.76%" if stopped else "47/49 = 95.92%",
    } | (EVALUATED if name in DUE else {})
    return [
        ExitLine(
            "county",
            f"1411{number + 1:02d}000000",
            name,
            criterion,
            zh,
            en,
            None if criterion not in seen else not stopped,
            seen.get(criterion, ""),
            wanted or f"= {95 + number}",
        )
        for criterion, zh, en, wanted in CRITERIA
    ]


def _sources() -> list[SourceLine]:
    kinds = (
        "建档立卡人员导出",
        "户信息采集表",
        "居民医保参保名单",
        "养老参保名单",
        "行政村信息",
        "动态调整台账",
        "扶贫贷款台账",
    )
    lines = []
    for number, county in enumerate(COUNTIES):
        for place, kind in enumerate(kinds):
            rows = 1000 * (number + 1) + 37 * place
            quarantined, rejected = place, number % 3
            accepted = rows - quarantined - rejected - 5
            sha = f"{(number * 31 + place + 1) * 2654435761 % 2**32:08x}" * 8
            lines.append(SourceLine(f"{county}/{kind}_20181231.xlsx", sha, rows, accepted, 3, quarantined, rejected, 2))
    return lines
