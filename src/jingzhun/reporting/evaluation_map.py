"""A map of findings by village, drawn as SVG: where villages lie, or, where that is not known, by township.

It shows villages only. Where a household lives is never read, let alone drawn.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from jingzhun.model.evaluation_report import VillagePoint
from jingzhun.model.message import Language
from jingzhun.reporting.evaluation_words import findings, word

WIDTH = 560.0
MARGIN = 24.0
TALLEST = 480.0
ACROSS = 7
"""Villages side by side in the schematic."""
TILE, ROW, NAMES = 58.0, 34.0, 118.0
RED, AMBER, GREY, INK, SOFT = "#9c1c1c", "#c98a12", "#c4c9d1", "#1d1f23", "#5a606b"
FONT = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif"
SUFFIXES = ("村民委员会", "居民委员会", "村委会", "居委会", "村")


@dataclass(frozen=True, slots=True)
class Map:
    """The drawing, whether villages lie where they are, and the remark that says so."""

    svg: str
    placed: bool
    note: str


def village_map(villages: tuple[VillagePoint, ...], language: Language) -> Map:
    """The map of a sample's villages; villages with findings bear the number of the table beside it."""
    numbers = numbered(villages)
    placed = len(villages) > 1 and all(one.longitude is not None and one.latitude is not None for one in villages)
    drawn = _placed(villages, numbers, language) if placed else _schematic(villages, numbers, language)
    return Map(drawn, placed, word("map_real" if placed else "map_grid", language))


def numbered(villages: tuple[VillagePoint, ...]) -> dict[str, int]:
    """Villages with findings, counted from 1 in the order of their codes."""
    found = [one.region for one in villages if findings(one) or one.pending]
    return {region: number for number, region in enumerate(found, start=1)}


def _placed(villages: tuple[VillagePoint, ...], numbers: dict[str, int], language: Language) -> str:
    east = [one.longitude or 0.0 for one in villages]
    north = [one.latitude or 0.0 for one in villages]
    narrow = math.cos(math.radians(sum(north) / len(north)))
    wide, high = (max(east) - min(east)) * narrow or 1e-6, (max(north) - min(north)) or 1e-6
    scale = min((WIDTH - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN) / high)
    height = max(high * scale + 2 * MARGIN, 160.0)
    left = (WIDTH - wide * scale) / 2
    parts = [
        f'<rect x="0.5" y="0.5" width="{WIDTH - 1:.0f}" height="{height - 1:.0f}" fill="#f6f7f9" stroke="#d9dce1"/>'
    ]
    for one in sorted(villages, key=lambda village: (village.region in numbers, village.region)):
        x = left + ((one.longitude or 0.0) - min(east)) * narrow * scale
        y = MARGIN + (max(north) - (one.latitude or 0.0)) * scale
        parts.append(_point(one, x, y, numbers.get(one.region), language))
    return _svg(parts, height, language)


def _point(village: VillagePoint, x: float, y: float, number: int | None, language: Language) -> str:
    count = findings(village)
    radius = 9 + 3 * math.sqrt(count) if number else 4.5
    parts = [f"<title>{escape(_title(village, language))}</title>"]
    fill, stroke = _tone(village)
    parts.append(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}" stroke="{stroke}" stroke-width="1"/>'
    )
    if number:
        parts.append(_text(f"{number}", x, y + 3.8, 10.5, "#fff", "middle", bold=True))
    return f"<g>{''.join(parts)}</g>"


def _schematic(villages: tuple[VillagePoint, ...], numbers: dict[str, int], language: Language) -> str:
    townships: dict[tuple[str, str], list[VillagePoint]] = {}
    for one in villages:
        townships.setdefault((one.county, one.township), []).append(one)
    several = len({county for county, _ in townships}) > 1
    parts: list[str] = []
    y = MARGIN
    for (county, township), inside in townships.items():
        name = f"{county} {township}" if several else township
        parts.append(_text(name, 4, y + 15, 12, INK, "start", bold=True))
        for at, one in enumerate(inside):
            x = NAMES + at % ACROSS * (TILE + 4)
            parts.append(_tile(one, x, y + at // ACROSS * (ROW + 4), numbers.get(one.region), language))
        y += ((len(inside) - 1) // ACROSS + 1) * (ROW + 4) + 6
    return _svg(parts, y + MARGIN / 2, language)


def _tile(village: VillagePoint, x: float, y: float, number: int | None, language: Language) -> str:
    fill, stroke = _tone(village)
    colour = "#fff" if number else INK
    name = short(village.name)
    parts = [
        f"<title>{escape(_title(village, language))}</title>",
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{TILE:.0f}" height="{ROW:.0f}" rx="2" fill="{fill}" stroke="{stroke}"/>',
        _text(name, x + TILE / 2, y + (14 if number else 21), 11, colour, "middle"),
    ]
    if number:
        parts.append(_text(f"{number}", x + TILE / 2, y + 28, 11, colour, "middle", bold=True))
    return f"<g>{''.join(parts)}</g>"


def short(name: str) -> str:
    """A village's name without what all have, at most four characters."""
    for suffix in SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix) + 1:
            name = name.removesuffix(suffix)
    return name if len(name) <= 5 else f"{name[:4]}…"


def _tone(village: VillagePoint) -> tuple[str, str]:
    if findings(village):
        return RED, RED
    return (AMBER, AMBER) if village.pending else ("#eceef1", GREY)


def _title(village: VillagePoint, language: Language) -> str:
    counts = (("wrong", village.wrong), ("omitted", village.omitted), ("pending", village.pending))
    said = [f"{word(name, language)} {count}" for name, count in counts if count]
    return " · ".join([f"{village.township} {village.name}".strip(), *(said or [word("map_none", language)])])


def _legend(y: float, language: Language) -> Iterator[str]:
    x = 6.0
    for fill, stroke, key in ((RED, RED, "map_found"), (AMBER, AMBER, "map_open"), ("#eceef1", GREY, "map_none")):
        yield f'<circle cx="{x + 6:.1f}" cy="{y:.1f}" r="5.5" fill="{fill}" stroke="{stroke}"/>'
        text = word(key, language)
        yield _text(text, x + 17, y + 4.2, 12, SOFT, "start")
        x += 40 + sum(12.5 if ord(letter) > 255 else 7 for letter in text)


def _text(text: str, x: float, y: float, size: float, fill: str, anchor: str, *, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}" text-anchor="{anchor}"{weight}>'
        f"{escape(text)}</text>"
    )


def _svg(parts: list[str], height: float, language: Language) -> str:
    whole = [*parts, *_legend(height + 14, language)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {height + 28:.0f}" role="img" '
        f'aria-label="{escape(word("map", language))}" font-family="{FONT}">{"".join(whole)}</svg>'
    )
