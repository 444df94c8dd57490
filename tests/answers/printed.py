"""Every printed figure of the pack with the numerator and denominator that rows of the true size give."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from jingzhun.engine import DuckDBEngine
from jingzhun.indicators.answers import QUALIFIERS
from jingzhun.indicators.checks import judge
from jingzhun.model import labels
from jingzhun.model.answers import Answer, FlowLine, Verdict
from jingzhun.policy import Pack, load_pack

AS_OF = date(2018, 12, 31)
PACK = "luliang_2018"
_STORED = Decimal("0.001")
"""Figures are stored with three decimals."""

COUNTS: dict[str, tuple[int | str, ...]] = {
    "F009": (3,), "F010": (528, 72_400), "F011": (47, 49), "F012": (95, 95), "F013": (10_962, 10_962),
    "F014": (20_120, 20_120), "F015": (78_432, 82_300), "F016": (122_661, 123_900), "F017": (95,), "F018": (95, 95),
    "F019": (95, 95), "F020": (95, 95), "F021": (3_214, 3_214), "F022": ("2018-12-11",), "F023": (1,), "F024": (3,),
    "F025": (13,), "F026": (29,), "F027": (1,), "F028": (2,), "F029": (3,), "F030": (2,), "F031": (2,), "F032": (1,),
    "F033": (1,), "F034": (178,), "F035": (421,), "F036": (2_036,), "F037": (5_858,), "F038": (18,), "F039": (53,),
    "F040": (1_753,), "F041": (15_434,), "F046": (108_000_000,), "F048": (3_800_000,), "F049": (5,),
    "F050": (127_000,), "F051": ("3545",), "F052": (3_216,), "F053": (4,), "F054": (5,), "F055": (4,),
    "F056": (1_951,), "F057": (6_091,), "F058": (1_833,), "F059": (1_141, 1_141), "F060": (16,), "F061": (24,),
    "F062": (351,), "F063": (540,), "F064": (61_700_000_000, 123_400_000_000), "F065": (18_000_000_000,),
    "F066": (285_900_000_000,), "F068": (2_376, 2_376), "F069": (215_150, 215_150), "F070": (2,),
    "F071": (1_000_000,), "F072": (1_000_000,), "F073": (1_000_000,), "F074": (938_000,), "F075": (1_010_000,),
    "F076": (1_170_000,), "F077": (1_121,), "F078": (28_000,), "F079": (11_233_600_000, 28_000), "F080": (6,),
    "F081": (5,), "F082": (2,), "F083": (2_236_200_000_000,), "F084": (791_500_000_000,), "F085": (7,), "F086": (87,),
    "F087": (77,), "F088": (72_600,), "F089": (65,), "F090": (64,), "F091": (8_100,), "F092": (3_148,), "F093": (10,),
    "F094": (52,), "F095": (7,), "F096": (13_262,), "F097": (7_739,), "F098": (21,), "F099": (36_376,),
    "F100": (18_961,), "F101": (3_135_842_800, 7_739), "F102": (416_680,), "F103": (285,), "F104": (5,),
    "F105": (1_026,), "F106": (48_000,), "F107": (57,), "F108": (40_500_000_000,), "F109": (1_827_300_000_000,),
    "F110": (632_000_000_000,), "F111": (299_000_000_000,), "F112": (61_000,), "F113": (119_000_000_000,),
    "F114": (23_000,), "F115": ("2020",), "F116": (58_094, 58_240), "F117": (33_260,), "F118": (200_000,), "F119": (5,),
    "F120": ("2018-02",), "F121": ("2018-06",), "F122": ("2018-07",), "F123": ("2018-09",), "F124": (100,),
    "F125": (5,),
}  # fmt: skip


@cache
def pack() -> Pack:
    return load_pack(PACK)


@cache
def answers() -> dict[str, Answer]:
    """One answer per printed figure, as the indicator room would give it."""
    return {figure: _answer(figure, counted) for figure, counted in COUNTS.items()}


def flows(difference: int = 0) -> tuple[FlowLine, ...]:
    """The four stocks of a prefecture; ``difference`` spoils one of them."""
    return tuple(
        FlowLine(
            region="141100000000",
            region_name="吕梁市",
            stock=stock,
            counted=counted,
            opening=opening,
            flows=tuple(
                (label, name.replace("_", " "), sign * amount)
                for (name, (label, sign)), amount in zip(labels.FLOWS.items(), amounts, strict=True)
            ),
            closing=closing + (difference if stock == "poor" else 0),
            difference=difference if stock == "poor" else 0,
        )
        for stock, counted, opening, amounts, closing in (
            ("register", "households", 232_490, (3_915, 0, 0, 665, 0, 518, 1_430, 18_422, 0), 216_700),
            ("register", "persons", 624_000, (9_581, 0, 16_905, 0, 15_908, 0, 0, 52_558, 0), 582_020),
            ("poor", "households", 118_000, (3_915, 716, 0, 420, 0, 300, 800, 2_446, 90_378), 29_127),
            ("poor", "persons", 316_000, (9_581, 2_078, 8_200, 0, 8_000, 0, 0, 6_000, 247_291), 74_568),
        )
    )


def verdicts(changed: dict[str, tuple[int | str, ...]] | None = None, difference: int = 0) -> dict[str, Verdict]:
    """The pack's checks judged on the printed figures, some of them ``changed``."""
    judged = dict(answers()) | {figure: _answer(figure, counted) for figure, counted in (changed or {}).items()}
    with DuckDBEngine() as engine:
        return {verdict.check: verdict for verdict in judge(engine, pack(), AS_OF, judged, flows(difference))}


def with_verdicts(found: dict[str, Verdict]) -> tuple[Answer, ...]:
    return tuple(
        replace(answer, check=tuple(verdict for verdict in found.values() if figure in verdict.figures))
        for figure, answer in answers().items()
    )


def _answer(figure: str, counted: tuple[int | str, ...]) -> Answer:
    printed = pack().figures[figure]
    indicator = pack().indicators[printed.indicator]
    first = counted[0]
    numerator = None if isinstance(first, str) else Decimal(first).quantize(_STORED)
    denominator = Decimal(counted[1]).quantize(_STORED) if len(counted) > 1 else None
    days = indicator.denominator
    return Answer(
        figure=figure,
        indicator=indicator.id,
        name=printed.zh,
        name_en=printed.en,
        value=_value(first, numerator, denominator, indicator.times, indicator.per, printed.decimals),
        unit=printed.unit,
        qualifier=QUALIFIERS[printed.qualifier],
        decimals=printed.decimals,
        numerator=numerator,
        denominator=denominator,
        region=printed.region,
        region_name=pack().divisions.on(AS_OF).get(printed.region).name,
        as_of=AS_OF,
        period_from=date(2018, 1, 1),
        rule_version=f"luliang_2018 1.0.0 {indicator.id}@0a1b2c3d",
        row_count=1 if isinstance(first, str) else min(first, 250_000),
        printed=printed.printed,
        section=printed.section,
        vintage="2018年度" if indicator.numerator.table in ("person", "village", "household") else "2018-12-31",
        numerator_says=indicator.numerator.zh,
        numerator_says_en=indicator.numerator.en,
        numerator_unit="fen" if indicator.numerator.zh.endswith("（分）") else "",
        denominator_says=days.zh if days else "",
        denominator_says_en=days.en if days else "",
    )


def _value(
    first: int | str, numerator: Decimal | None, denominator: Decimal | None, times: int, per: int, decimals: int
) -> Decimal | str | None:
    if numerator is None:
        return Decimal(first) if isinstance(first, str) and first.isdigit() else str(first)
    value = numerator * times / per / (denominator or 1)
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
